"""What may be said about times and hours from outside; the same for API and pages."""

from collections.abc import Sequence
from datetime import time
from itertools import groupby, pairwise
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from tutelage.core.inputs import Count, Flag, Input, LongLine, OptionalText
from tutelage.core.times import DayOrInstant, LocalTime, Zone
from tutelage.domain.scheduling.lifecycle import Audience
from tutelage.domain.sessions.inputs import Minutes, Plan

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
    reason: LongLine


class ReinstateSession(Input):
    action: Literal["reinstate"]


def _to_the_minute(given: time) -> time:
    if given.tzinfo or given.second or given.microsecond:
        raise PydanticCustomError("clock_time", _("This is not a time of day, as in 09:30."))
    return given


ClockTime = Annotated[time, AfterValidator(_to_the_minute)]


class Stretch(Input):
    """From one hour to another of the same day; an end at 00:00 is midnight."""

    starts: ClockTime
    ends: ClockTime

    @field_validator("ends")
    @classmethod
    def _ends_later(cls, ends: time, other: ValidationInfo) -> time:
        starts = other.data.get("starts")
        if starts is not None and ends != time() and ends <= starts:
            raise PydanticCustomError(
                "hours_backwards",
                _("This has to be later than the start. Hours over midnight are two stretches."),
            )
        return ends

    @property
    def minutes(self) -> tuple[int, int]:
        start, end = (each.hour * 60 + each.minute for each in (self.starts, self.ends))
        return start, end or 24 * 60


class WeeklyHours(Stretch):
    weekday: Annotated[Count, Field(ge=0, le=6)] = Field(description="Monday is 0.")


def _apart(hours: Sequence[Stretch]) -> None:
    ordered = sorted(hours, key=lambda each: each.minutes)
    if any(later.minutes[0] < earlier.minutes[1] for earlier, later in pairwise(ordered)):
        raise PydanticCustomError("hours_overlap", _("Two stretches of one day overlap."))


def _apart_by_day(week: list[WeeklyHours]) -> list[WeeklyHours]:
    ordered = sorted(week, key=lambda each: (each.weekday, each.minutes))
    for _weekday, hours in groupby(ordered, key=lambda each: each.weekday):
        _apart(list(hours))
    return ordered


def _apart_that_day(hours: list[Stretch]) -> list[Stretch]:
    _apart(hours)
    return sorted(hours, key=lambda each: each.minutes)


class SetAvailability(Input):
    """When a mentor can be booked, whole: what is left out goes back to what is usual."""

    zone: Zone
    hours: Annotated[list[WeeklyHours], Field(max_length=42), AfterValidator(_apart_by_day)]
    slot_minutes: Minutes = 60
    step_minutes: Annotated[Count, Field(ge=5, le=240)] = Field(
        default=30, description="How far apart the starts are that are offered."
    )
    buffer_before_minutes: Annotated[Count, Field(ge=0, le=240)] = 0
    buffer_after_minutes: Annotated[Count, Field(ge=0, le=240)] = 0
    min_notice_hours: Annotated[Count, Field(ge=0, le=720)] = 12
    horizon_days: Annotated[Count, Field(ge=1, le=365)] = 60
    daily_limit: Annotated[Count, Field(ge=1, le=50)] | None = None
    cancellation_hours: Annotated[Count, Field(ge=0, le=720)] = Field(
        default=24, description="Who cancels with less is late."
    )
    outright: Flag = Field(default=False, description="A free time is booked, not asked for.")
    audience: Audience = Audience.INVITED
    note: Note = ""


class SetOverride(Input):
    """Own hours of one day; none at all closes it, and null gives back the week's."""

    hours: Annotated[list[Stretch], Field(max_length=6), AfterValidator(_apart_that_day)] | None


class FindSlots(Input):
    """Free times from one day to another, both inclusive and of the zone; six weeks at most."""

    from_: DayOrInstant | None = Field(default=None, alias="from", description="Today, if unsaid.")
    to: DayOrInstant | None = Field(default=None, description="30 days from today, if unsaid.")
    duration_minutes: Minutes | None = None
    zone: Zone | None = None


class AskWhy(Input):
    local_start: LocalTime
    zone: Zone
    duration_minutes: Minutes | None = None


class BookTime(Input):
    """One of a mentor's free times, for the pair that the caller has with them."""

    local_start: LocalTime
    zone: Zone
    duration_minutes: Minutes | None = None
    note: Note = ""
