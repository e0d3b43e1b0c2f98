"""Every change of the clocks of every zone, as somebody else's library reads our zone data."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import tzdata  # type: ignore[import-untyped]  # it ships no types
import whenever
from whenever import Instant, ZonedDateTime

from tutelage.core.times import zones

PINNED: Final = Path(tzdata.__file__).parent / "zoneinfo"
FIRST, LAST = Instant.from_utc(2024, 1, 1), Instant.from_utc(2039, 1, 1)
# In minutes from the time at which the clocks change, as they showed it before.
AROUND: Final = (-121, -60, -59, -31, -30, -1, 0, 1, 29, 30, 59, 60)


class Change(NamedTuple):
    """What the clocks of a zone would have shown, had they not been changed just then."""

    zone: str
    wall: datetime
    forward: timedelta


def read_pinned_data() -> None:
    """It would read the machine's own, which may be another year's."""
    whenever.reset_tzpath([str(PINNED)])
    whenever.clear_tzcache()


@cache
def changes() -> tuple[Change, ...]:
    """All there are from 2024 to 2038."""
    read_pinned_data()
    return tuple(change for zone in zones() for change in _changes_of(zone))


def _changes_of(zone: str) -> Iterator[Change]:
    before = FIRST.to_tz(zone)
    while (after := before.next_transition()) is not None and after.to_instant() < LAST:
        if forward := _offset(after) - _offset(before):
            yield Change(zone, after.to_plain().to_stdlib() - forward, forward)
        before = after


def _offset(at: ZonedDateTime) -> timedelta:
    return timedelta(seconds=at.offset.total("seconds"))


def around(change: Change) -> list[datetime]:
    """Twelve wall-clock times before, in and after what the change skips or repeats."""
    return [change.wall + timedelta(minutes=minutes) for minutes in AROUND]
