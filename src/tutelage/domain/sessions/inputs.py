"""What may be said about sessions from outside; the same for API and pages."""

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field

from tutelage.core.inputs import Count, Input, Line, OptionalText, Text
from tutelage.core.paging import Paged
from tutelage.core.times import Day, Instant, LocalTime, Slot, Zone
from tutelage.domain.sessions.lifecycle import OTHER_WORDS, Kind, Status

StatusWord = Annotated[Status, BeforeValidator(lambda word: OTHER_WORDS.get(word, word))]
Minutes = Annotated[Count, Field(ge=5, le=720)]
StepText = Annotated[Line, Field(max_length=500)]


class SessionFilters(Paged):
    """Narrow a list of sessions; dates are the reader's days, both inclusive."""

    kind: Kind | None = None
    status: StatusWord | None = None
    mentorship: UUID | None = None
    q: Annotated[OptionalText, Field(max_length=200)] = Field(
        default="", description="Words in the outcomes."
    )
    from_: Day | Instant | None = Field(default=None, alias="from")
    to: Day | Instant | None = None
    unresolved: bool = False
    archived: bool = False


class Plan(Input):
    """A start is chosen on a clock in a zone; the instant follows from it."""

    local_start: LocalTime
    zone: Zone
    duration_minutes: Minutes = 60

    @property
    def slot(self) -> Slot:
        return Slot(self.local_start, self.zone, timedelta(minutes=self.duration_minutes))


class RenameSession(Input):
    title: Line


def _plain_lines(value: object) -> object:
    """A page sends its next steps as one text, a line each."""
    if isinstance(value, str):
        return [line for line in value.splitlines() if line.strip()]
    return value


NextSteps = Annotated[list[StepText], BeforeValidator(_plain_lines), Field(max_length=50)]


class LogFields(Input):
    """What came of a session. Only the outcomes are needed."""

    duration_minutes: Minutes | None = None
    objectives: OptionalText = ""
    outcomes: Text
    next_steps: NextSteps = Field(default_factory=list)


class LogPast(LogFields, Plan):
    """A session that was never planned here, logged after the fact."""

    duration_minutes: Minutes = 60


class StartSession(Input):
    action: Literal["start"]
