"""Free times against a slow look at every five minutes, around clock changes of many zones."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from tutelage.core.times import to_instant
from tutelage.domain.scheduling.lifecycle import Why
from tutelage.domain.scheduling.slots import Diary, Hours, Rules, Stretch, Stretches, Taken, pieces

EXAMPLES: Final = 10_000 if os.environ.get("DEEP") else 300
SEED: Final = int(os.environ.get("SLOT_SEED", "0"))
TICK: Final = 300
CHANGES: Final = (  # a zone, and a day about which its clocks change, or nothing does
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # by half an hour
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Africa/Casablanca", date(2026, 2, 15)),  # for Ramadan
    ("Africa/Casablanca", date(2026, 3, 22)),
    ("Pacific/Apia", date(2011, 12, 30)),  # a day that never was
    ("Asia/Kathmandu", date(2026, 3, 29)),  # 5 h 45, and no changes
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/Santiago", date(2026, 9, 6)),  # at midnight
    ("Africa/Cairo", date(2026, 10, 29)),  # back over midnight, to the day before
    ("Pacific/Chatham", date(2026, 9, 27)),  # at 02:45
    ("UTC", date(2026, 6, 1)),
)


def some_hours(chance: Random) -> list[Hours]:
    """Up to three stretches of a day; they may touch, and the last may end at midnight."""
    marks = sorted(chance.sample(range(289), 2 * chance.randint(0, 3)))
    return [(_clock(a), _clock(b)) for a, b in zip(marks[::2], marks[1::2], strict=True)]


def _clock(ticks: int) -> time:
    hour, fives = divmod(ticks % 288, 12)
    return time(hour, fives * 5)


def some_stretches(chance: Random, start: int, count: int) -> list[Stretch]:
    begun = [start + chance.randrange(0, 5 * 86_400, 60) for _ in range(chance.randint(0, count))]
    return [(at, at + 60 * chance.randint(5, 200)) for at in begun]


def example(seed: int) -> tuple[Diary, int, Random]:
    chance = Random(seed)  # noqa: S311  # not a secret
    zone, around = chance.choice(CHANGES)
    first, last = around - timedelta(days=2), around + timedelta(days=2)
    start = int(to_instant(datetime.combine(first, time()), zone).timestamp())
    minutes = chance.choice([5, 15, 30, 45, 60, 90, 180, 720])
    rules = Rules(
        zone=zone,
        weekly={weekday: some_hours(chance) for weekday in range(7) if chance.random() < 0.8},
        exceptions={
            first + timedelta(days=number): some_hours(chance)
            for number in range(5)
            if chance.random() < 0.25
        },
        buffer=timedelta(minutes=chance.choice([0, 0, 10, 15, 60, 240])),
        min_notice=timedelta(hours=chance.choice([0, 1, 12, 24])),
        horizon=timedelta(days=chance.choice([1, 2, 60])),
        daily_limit=chance.choice([None, None, 1, 2]),
        step=timedelta(minutes=chance.choice([5, 15, 25, 30, 60])),
    )
    taken = Taken(
        host=some_stretches(chance, start, 4),
        held=some_stretches(chance, start, 2),
        guest=some_stretches(chance, start, 3),
        starts=[start for start, _end in some_stretches(chance, start, 5)],
    )
    at = start + chance.randint(-2 * 86_400, 3 * 86_400)
    return Diary(rules, taken, at, first, last), 60 * minutes, chance


class Slow:
    """The same, by looking at the host's clock at each instant; it knows of no clock changes."""

    def __init__(self, diary: Diary, length: int) -> None:
        self.rules, self.taken, self.at = diary.rules, diary.taken, diary.at
        self.days = (diary.first, diary.last)
        self.length = length
        self.there = ZoneInfo(diary.rules.zone)

    def local(self, at: int) -> datetime:
        return datetime.fromtimestamp(at, UTC).astimezone(self.there)

    def is_open(self, at: int, *, usual: bool) -> bool:
        local = self.local(at)
        day = local.date()
        if not self.days[0] <= day <= self.days[1]:
            return False
        hours = self.rules.weekly.get(day.weekday(), [])
        if not usual and day in self.rules.exceptions:
            hours = self.rules.exceptions[day]
        clock = local.strftime("%H:%M")
        ends = ((a.strftime("%H:%M"), b.strftime("%H:%M")) for a, b in hours)
        return any(a <= clock < ("24:00" if b == "00:00" else b) for a, b in ends)

    def is_all_open(self, at: int, *, usual: bool) -> bool:
        ticks = range(at, at + self.length, TICK)
        return all(self.is_open(tick, usual=usual) for tick in ticks)

    def starts(self) -> list[int]:
        found: set[int] = set()
        step = int(self.rules.step.total_seconds()) // 60
        count = (self.days[1] - self.days[0]).days + 1
        for day in (self.days[0] + timedelta(days=number) for number in range(count)):
            week = self.rules.weekly.get(day.weekday(), [])
            for a, b in [*week, *self.rules.exceptions.get(day, [])]:
                begin = a.hour * 60 + a.minute
                for minute in range(begin, b.hour * 60 + b.minute or 1_440, step):
                    found.update(self.shown_at(day, minute))
        return sorted(found)

    def shown_at(self, day: date, minute: int) -> Iterator[int]:
        """When the clock first shows this, if ever: tried with every offset that zones have."""
        wall = datetime.combine(day, time(minute // 60, minute % 60))
        guess = int(wall.replace(tzinfo=UTC).timestamp())
        for at in range(guess - 15 * 3_600, guess + 15 * 3_600, 900):
            if self.local(at).replace(tzinfo=None, fold=0) == wall:
                yield at
                return

    def why(self, at: int) -> set[str]:
        taken, rules, length = self.taken, self.rules, self.length
        buffer = rules.buffer.total_seconds()
        busy = [*taken.host, *taken.held]
        is_taken = any(_overlap(at, at + length, *each) for each in busy)
        day = self.local(at).date()
        that_day = sum(self.local(start).date() == day for start in taken.starts)
        said = {
            "past": at <= self.at,
            "too_soon": self.at < at < self.at + rules.min_notice.total_seconds(),
            "too_far": at - self.at > rules.horizon.total_seconds(),
            "held": any(_overlap(at, at + length, *each) for each in taken.held),
            "host_busy": any(_overlap(at, at + length, *each) for each in taken.host),
            "participant_busy": any(_overlap(at, at + length, *each) for each in taken.guest),
            "buffer": not is_taken and any(_gap(at, at + length, *each) < buffer for each in busy),
            "daily_limit": rules.daily_limit is not None and that_day >= rules.daily_limit,
        }
        if not self.is_all_open(at, usual=False):
            said["exception" if self.is_all_open(at, usual=True) else "outside_hours"] = True
        return {code for code, is_so in said.items() if is_so}


def _overlap(start: int, end: int, other_start: int, other_end: int) -> bool:
    return min(end, other_end) > max(start, other_start)


def _gap(start: int, end: int, other_start: int, other_end: int) -> int:
    return max(start - other_end, other_start - end)


def test_every_time_and_every_reason_is_what_a_slow_look_finds() -> None:
    """DEEP=1 for the long run; SLOT_SEED begins elsewhere."""
    different: list[tuple[int, object]] = []
    free, refused = 0, set[Why]()
    for seed in range(SEED, SEED + EXAMPLES):
        diary, length, chance = example(seed)
        slow = Slow(diary, length)
        starts = diary.starts()
        if starts != slow.starts():
            different.append((seed, "starts"))
        begin = min(starts, default=0)
        others = [begin + TICK * chance.randrange(0, 1_000) for _ in range(5)]
        for at in [*chance.sample(starts, min(len(starts), 15)), *others]:
            found = diary.why(at, length)
            free += not found
            refused.update(found)
            if set(found) != slow.why(at) or len(set(found)) != len(found):
                different.append((seed, at))

    assert different == []
    assert free > 0
    assert refused == set(Why)


def diary(zone: str, day: date, hours: Hours) -> Diary:
    said = rules(zone, {weekday: [hours] for weekday in range(7)})
    return Diary(said, Taken(), 0, day, day)


def rules(zone: str, weekly: dict[int, list[Hours]], daily_limit: int | None = None) -> Rules:
    """Starts every half hour, as far ahead as one looks."""
    half = timedelta(minutes=30)
    return Rules(zone, weekly, horizon=timedelta.max, step=half, daily_limit=daily_limit)


def clocks(diary: Diary, length: int = 3_600) -> list[str]:
    there = ZoneInfo(diary.rules.zone)
    offered = [at for at in diary.starts() if diary.is_offered(at, length)]
    return [datetime.fromtimestamp(at, there).strftime("%H:%M %z") for at in offered]


def test_a_start_that_the_clocks_skip_does_not_exist() -> None:
    forward = diary("Europe/Berlin", date(2026, 3, 29), (time(1), time(5)))

    assert clocks(forward)[:4] == ["01:00 +0100", "01:30 +0100", "03:00 +0200", "03:30 +0200"]


def test_of_a_start_that_comes_twice_the_first_is_meant() -> None:
    back = diary("Europe/Berlin", date(2026, 10, 25), (time(2), time(4)))

    assert clocks(back) == ["02:00 +0200", "02:30 +0200", "03:00 +0100"]


def test_how_long_hours_are_is_measured_in_truth_not_by_the_clocks() -> None:
    """From 01:00 to 04:00 there are but two hours that night."""
    forward = diary("Europe/Berlin", date(2026, 3, 29), (time(1), time(4)))

    assert clocks(forward, 2 * 3_600) == ["01:00 +0100"]
    assert clocks(forward, 3 * 3_600) == []


def test_hours_go_on_over_midnight_where_both_days_have_them() -> None:
    said = rules("UTC", {0: [(time(23), time())], 1: [(time(), time(1))]})
    over = Diary(said, Taken(), 0, date(2026, 6, 1), date(2026, 6, 2))

    assert clocks(over) == ["23:00 +0000", "23:30 +0000", "00:00 +0000"]


def test_stretches_that_touch_are_one() -> None:
    joined = Stretches([(5, 8), (0, 5), (9, 10)])

    assert joined.covers(2, 7)
    assert not joined.covers(7, 10)
    assert joined.meets(7, 9)
    assert not joined.meets(8, 9)


@pytest.mark.parametrize("daily_limit", [1, 2])
def test_the_daily_limit_counts_days_of_the_host(daily_limit: int) -> None:
    all_day = {weekday: [(time(0), time())] for weekday in range(7)}
    said = rules("Pacific/Auckland", all_day, daily_limit)
    late = int(datetime(2026, 6, 1, 11, 0, tzinfo=UTC).timestamp())  # 23:00 in Auckland
    full = Diary(said, Taken(starts=[late]), 0, date(2026, 6, 1), date(2026, 6, 2))

    assert (Why.DAILY_LIMIT in full.why(late - 7_200, 3_600)) is (daily_limit == 1)
    assert full.why(late + 7_200, 3_600) == ()


@pytest.mark.parametrize("later", range(7))
def test_a_change_of_the_clocks_is_found_to_the_second(later: int) -> None:
    change = int(datetime(2026, 3, 29, 1, tzinfo=UTC).timestamp())
    start = change - 86_400 + later

    cut = pieces("Europe/Berlin", start, start + 2 * 86_400)

    assert [(each.start, each.offset) for each in cut] == [(start, 3_600), (change, 7_200)]
