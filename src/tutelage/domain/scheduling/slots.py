"""Which times of a host are free, and why others are not: arithmetic alone, without rows.

In seconds since 1970. Hours are as a wall clock shows them, so an instant is within them if the
host's clock shows it so: a change of the clocks lengthens a stretch, shortens it, or tears it in
two. A start that the clocks skip does not exist; of one that comes twice, the first is meant.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from tutelage.domain.scheduling.lifecycle import Why

Hours = tuple[time, time]  # an end at 00:00 is the end of the day
Stretch = tuple[int, int]
_DAY: Final = 86_400
_EPOCH: Final = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a host has said of their time."""

    zone: str
    weekly: Mapping[int, Sequence[Hours]]  # Monday is 0
    horizon: timedelta
    step: timedelta
    exceptions: Mapping[date, Sequence[Hours]] = field(default_factory=dict)  # none: closed
    buffer: timedelta = timedelta()  # kept free between any two sessions
    min_notice: timedelta = timedelta()
    daily_limit: int | None = None

    def usual(self, day: date) -> Sequence[Hours]:
        return self.weekly.get(day.weekday(), ())

    def hours(self, day: date) -> Sequence[Hours]:
        """Those of the week, unless the day has its own."""
        return self.exceptions.get(day, self.usual(day))


@dataclass(frozen=True, slots=True)
class Taken:
    """What stands in both calendars: held is what an open offer holds of the host's time."""

    host: Sequence[Stretch] = ()
    held: Sequence[Stretch] = ()
    guest: Sequence[Stretch] = ()
    starts: Sequence[int] = ()  # of the host's sessions, for the daily limit


class Piece(NamedTuple):
    """A stretch in which the clocks of a zone run on undisturbed."""

    start: int
    end: int
    offset: int


@lru_cache(maxsize=256)
def pieces(zone: str, start: int, end: int) -> tuple[Piece, ...]:
    """What the clock changes of a zone cut a stretch of time into."""
    there = ZoneInfo(zone)

    def offset(at: int) -> int:
        between = datetime.fromtimestamp(at, there).utcoffset() or timedelta()
        return int(between.total_seconds())

    cuts = [start]
    # No zone changes its clocks twice within a day.
    for before, after in pairwise([*range(start, end, _DAY), end]):
        old, low, high = offset(before), before, after
        if offset(after) == old:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset(middle) == old else (low, middle)
        cuts.append(high)
    return tuple(Piece(a, b, offset(a)) for a, b in pairwise([*cuts, end]))


class Stretches:
    """Stretches of time, joined where they touch."""

    def __init__(self, given: Iterable[Stretch]) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        for start, end in sorted(given):
            if self.ends and start <= self.ends[-1]:
                self.ends[-1] = max(self.ends[-1], end)
            else:
                self.starts.append(start)
                self.ends.append(end)

    def covers(self, start: int, end: int) -> bool:
        """Whether all of a stretch lies in one of these."""
        place = bisect_right(self.starts, start) - 1
        return place >= 0 and end <= self.ends[place]

    def meets(self, start: int, end: int) -> bool:
        """Whether any of a stretch lies in one of these."""
        place = bisect_left(self.starts, end) - 1
        return place >= 0 and start < self.ends[place]


@dataclass(frozen=True)
class Diary:
    """A host's time over some days, weighed as of one moment."""

    rules: Rules
    taken: Taken
    at: float
    first: date
    last: date

    def starts(self) -> list[int]:
        """Every start that the hours offer, also those of usual hours that an exception takes."""
        found: set[int] = set()
        step = int(self.rules.step.total_seconds())
        for day in self._days:
            for hours in {*self.rules.hours(day), *self.rules.usual(day)}:
                found.update(self._existing(range(*_wall(day, hours), step)))
        return sorted(found)

    def why(self, start: int, length: int) -> tuple[Why, ...]:
        """All reasons for which a time is not free; none if it is."""
        return (*self._when(start), *self._hours(start, start + length), *self._busy(start, length))

    def is_offered(self, start: int, length: int) -> bool:
        """Whether it lies within the usual hours, or within those of the day."""
        return self._open.covers(start, start + length) or self._usual.covers(start, start + length)

    def day_of(self, start: int) -> date:
        """The host's own day."""
        place = bisect_right(self._pieces, start, key=lambda piece: piece.start) - 1
        local = start + self._pieces[max(place, 0)].offset
        return _EPOCH + timedelta(days=local // _DAY)

    def _when(self, start: int) -> Iterator[Why]:
        soon, far = self._near
        if start <= self.at:
            yield Why.PAST
        elif start < soon:
            yield Why.TOO_SOON
        if start > far:
            yield Why.TOO_FAR

    def _hours(self, start: int, end: int) -> Iterator[Why]:
        if not self._open.covers(start, end):
            is_usual = self._usual.covers(start, end)
            yield Why.EXCEPTION if is_usual else Why.OUTSIDE_HOURS

    def _busy(self, start: int, length: int) -> Iterator[Why]:
        end, buffer = start + length, self._buffer
        is_near = self._own.meets(start - buffer, end + buffer)
        is_held = is_near and self._held.meets(start, end)
        is_busy = is_near and self._host.meets(start, end)
        if is_held:
            yield Why.HELD
        if is_busy:
            yield Why.HOST_BUSY
        if self._guest.meets(start, end):
            yield Why.PARTICIPANT_BUSY
        if is_near and not (is_held or is_busy):
            yield Why.BUFFER
        limit = self.rules.daily_limit
        if limit is not None and self._count.get(self.day_of(start), 0) >= limit:
            yield Why.DAILY_LIMIT

    def _existing(self, walls: Iterable[int]) -> Iterator[int]:
        for wall in walls:
            for piece in self._pieces:
                if piece.start <= wall - piece.offset < piece.end:
                    yield wall - piece.offset
                    break

    def _instants(self, wall: Stretch) -> Iterator[Stretch]:
        for piece in self._pieces:
            start = max(wall[0] - piece.offset, piece.start)
            end = min(wall[1] - piece.offset, piece.end)
            if start < end:
                yield start, end

    @cached_property
    def _days(self) -> list[date]:
        count = (self.last - self.first).days + 1
        return [self.first + timedelta(days=number) for number in range(count)]

    @cached_property
    def _pieces(self) -> tuple[Piece, ...]:
        start, end = (int(_as_wall(day)) for day in (self.first, self.last))
        return pieces(self.rules.zone, start - 2 * _DAY, end + 3 * _DAY)

    @cached_property
    def _open(self) -> Stretches:
        walls = [_wall(day, hours) for day in self._days for hours in self.rules.hours(day)]
        return Stretches(each for wall in walls for each in self._instants(wall))

    @cached_property
    def _usual(self) -> Stretches:
        walls = [_wall(day, hours) for day in self._days for hours in self.rules.usual(day)]
        return Stretches(each for wall in walls for each in self._instants(wall))

    @cached_property
    def _buffer(self) -> int:
        return int(self.rules.buffer.total_seconds())

    @cached_property
    def _near(self) -> tuple[float, float]:
        """From when on a time is not too soon, and until when not too far."""
        notice, horizon = self.rules.min_notice, self.rules.horizon
        return self.at + notice.total_seconds(), self.at + horizon.total_seconds()

    @cached_property
    def _own(self) -> Stretches:
        """All that is the host's, held or taken."""
        return Stretches([*self.taken.host, *self.taken.held])

    @cached_property
    def _host(self) -> Stretches:
        return Stretches(self.taken.host)

    @cached_property
    def _held(self) -> Stretches:
        return Stretches(self.taken.held)

    @cached_property
    def _guest(self) -> Stretches:
        return Stretches(self.taken.guest)

    @cached_property
    def _count(self) -> dict[date, int]:
        found: dict[date, int] = {}
        for start in self.taken.starts:
            day = self.day_of(start)
            found[day] = found.get(day, 0) + 1
        return found


def _as_wall(day: date) -> int:
    return (day - _EPOCH).days * _DAY


def _wall(day: date, hours: Hours) -> Stretch:
    """Hours of a day as seconds of a clock that nobody ever changes."""
    starts, ends = (each.hour * 3_600 + each.minute * 60 for each in hours)
    return _as_wall(day) + starts, _as_wall(day) + (ends or _DAY)
