"""Instants, and the wall-clock times people choose them by.

Zone data is the pinned `tzdata` package's, whatever the machine has: a machine's own may be a
year old, and then a session stands an hour off.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo, available_timezones, reset_tzpath

import tzdata  # type: ignore[import-untyped]  # it ships no types
from django.db import models
from django.utils.translation import gettext as _
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    NaiveDatetime,
    TypeAdapter,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

reset_tzpath(())
ZoneInfo.clear_cache()

_YEARS = (2000, 2100)
FIRST, LAST = (datetime(year, 1, 1, tzinfo=UTC) for year in _YEARS)
FIRST_LOCAL, LAST_LOCAL = FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None)


def zone_data() -> str:
    """The version of the zone data that is used, as IANA names it: 2026a."""
    return str(tzdata.IANA_VERSION)


@cache
def zones() -> tuple[str, ...]:
    """All IANA zones, in the order of their names, without the aliases of the `posix` kind."""
    return tuple(sorted(name for name in available_timezones() if name != "localtime"))


def _known_zone(name: str) -> str:
    if name not in zones():
        raise PydanticCustomError("unknown_zone", _("This is not a time zone that exists."))
    return name


Zone = Annotated[str, Field(max_length=64), AfterValidator(_known_zone)]


def _not_a_number(given: object) -> object:
    """Pydantic would take it for seconds since 1970."""
    if isinstance(given, int | float) or (isinstance(given, str) and _NUMBER.fullmatch(given)):
        raise PydanticCustomError("date_parsing", "")
    return given


_NUMBER: Final = re.compile(r"\s*[-+]?[\d_]*\.?\d+\s*")
_AsText = BeforeValidator(_not_a_number)
WallClock = Annotated[
    NaiveDatetime,
    _AsText,
    # `date-time` alone, which pydantic would say, stands for an instant with its offset.
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time-local",
            "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?$",
            "examples": ["2026-07-01T09:30"],
        }
    ),
]
LocalTime = Annotated[WallClock, Field(ge=FIRST_LOCAL, lt=LAST_LOCAL)]
Instant = Annotated[AwareDatetime, Field(ge=FIRST, lt=LAST), _AsText]
Day = Annotated[date, Field(ge=FIRST.date(), lt=LAST.date()), _AsText]


def _day_or_instant(given: object) -> object:
    """A union's own errors would name its members, not the field."""
    if given is None or isinstance(given, date):
        return given
    for kind in (_DAY, _INSTANT):
        with suppress(ValueError):
            return kind.validate_python(given)
    raise PydanticCustomError("day_or_instant", _("This is not a day, nor an instant with zone."))


_DAY: Final[TypeAdapter[date]] = TypeAdapter(Day)
_INSTANT: Final[TypeAdapter[datetime]] = TypeAdapter(Instant)
DayOrInstant = Annotated[
    Any,
    BeforeValidator(_day_or_instant),
    WithJsonSchema({"type": "string", "description": "2026-03-05, or 2026-03-05T12:00:00Z."}),
]


def to_instant(local: datetime, zone: str) -> datetime:
    """Say when a wall-clock time comes to pass.

    A time that a clock change skips is moved forward by the gap (RFC 5545 section 3.3.5);
    of one that comes twice, the first is meant.
    """
    return local.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def to_local(at: datetime, zone: str) -> datetime:
    """The wall-clock time of an instant, without its zone."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def is_skipped(local: datetime, zone: str) -> bool:
    """Whether no clock of the zone ever shows this time, because a change skips it."""
    return to_local(to_instant(local, zone), zone) != local


def is_repeated(local: datetime, zone: str) -> bool:
    """Whether the clocks of the zone show this time twice."""
    first, second = _both_offsets(local.replace(tzinfo=ZoneInfo(zone)))
    return first != second and not is_skipped(local, zone)


def offset_if_repeated(there: datetime) -> str:
    """Which of the two is meant, as in UTC+1, if the clocks there show this time twice; else ""."""
    first, second = _both_offsets(there)
    offset = second if there.fold else first
    if offset is None or first == second:
        return ""
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    sign = "−" if offset < timedelta() else "+"
    return f"UTC{sign}{hours}:{minutes:02}" if minutes else f"UTC{sign}{hours}"


def _both_offsets(there: datetime) -> tuple[timedelta | None, timedelta | None]:
    """From UTC, before and after a change of the clocks that it stands in; else the same twice."""
    return there.replace(fold=0).utcoffset(), there.replace(fold=1).utcoffset()


ClockChange = Literal["skipped", "repeated"]


def clock_change(local: datetime, zone: str) -> ClockChange | None:
    """What a change of the clocks does to a wall-clock time, if anything."""
    if is_skipped(local, zone):
        return "skipped"
    return "repeated" if is_repeated(local, zone) else None


@dataclass(frozen=True, slots=True)
class Span:
    """From an instant until, and without, another; an open side is None."""

    start: datetime | None
    end: datetime | None


def span_of(first: date | datetime | None, last: date | datetime | None, zone: str) -> Span:
    """Read the ends of a filter: days are the reader's and inclusive, instants half-open."""
    return Span(
        _edge(first, zone, days=0) if first else None, _edge(last, zone, days=1) if last else None
    )


def _edge(given: date | datetime, zone: str, *, days: int) -> datetime:
    if isinstance(given, datetime):
        return given
    return to_instant(datetime.combine(given + timedelta(days=days), time()), zone)


@dataclass(frozen=True)
class Slot:
    """A stretch of time as it was chosen: the instants follow from the wall clock and its zone."""

    local_start: datetime
    zone: str
    duration: timedelta

    @cached_property
    def starts_at(self) -> datetime:
        return to_instant(self.local_start, self.zone)

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + self.duration


class LocalTimeField(models.DateTimeField):  # type: ignore[type-arg]  # not at run time
    """What the wall clock says, kept as said; Django alone would make an instant of it."""

    def db_type(self, connection: "BaseDatabaseWrapper") -> str:
        return "timestamp"

    def get_prep_value(self, value: datetime | None) -> datetime | None:
        return value
