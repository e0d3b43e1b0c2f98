"""What may be said about times from outside; the same for API and pages."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from tutelage.core.inputs import Input, Line, OptionalText
from tutelage.domain.sessions.inputs import Plan

Note = Annotated[OptionalText, Field(max_length=2_000)]


class AskForTime(Plan):
    """Propose a time for a session of a pair; an administrator's stands at once."""

    mentorship: UUID
    title: Annotated[OptionalText, Field(max_length=200)] = ""
    note: Note = ""


class AcceptTime(Input):
    action: Literal["accept"]


class CounterTime(Plan):
    action: Literal["counter"]
    note: Note = ""


class DeclineTime(Input):
    action: Literal["decline"]
    reason: Note = ""


class WithdrawTime(Input):
    action: Literal["withdraw"]
    reason: Note = ""


class RescheduleSession(Plan):
    action: Literal["reschedule"]
    note: Note = ""


class CancelSession(Input):
    action: Literal["cancel"]
    reason: Annotated[Line, Field(max_length=500)]
