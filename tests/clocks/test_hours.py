"""Hours of the week over two years of clock changes, day by day, against another library.

Weekly hours are what recurs so far; a series of sessions does not exist yet.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

import pytest
from tests.clocks.changes import changes, read_pinned_data
from whenever import PlainDateTime, RepeatedTime, SkippedTime, ZonedDateTime

from tutelage.domain.scheduling.slots import Diary, Hours, Rules, Taken

FIRST: Final = date(2026, 1, 1)
DAYS: Final = 730
STEP: Final = 30
LENGTH: Final = 60
# The hours in which clocks change, and an afternoon in which they hardly ever do.
HOURS: Final[list[Hours]] = [(time(0), time(5)), (time(13), time(18))]
ZONES: Final = (
    "Africa/Cairo", "Africa/Casablanca", "Africa/Johannesburg", "Africa/Lagos",
    "America/Adak", "America/Anchorage", "America/Asuncion", "America/Bogota",
    "America/Chicago", "America/Havana", "America/Los_Angeles", "America/Mexico_City",
    "America/New_York", "America/Nuuk", "America/Phoenix", "America/Santiago",
    "America/Sao_Paulo", "America/Scoresbysund", "America/St_Johns", "Antarctica/Troll",
    "Asia/Beirut", "Asia/Gaza", "Asia/Jerusalem", "Asia/Kathmandu", "Asia/Kolkata",
    "Asia/Shanghai", "Asia/Tehran", "Asia/Tokyo", "Atlantic/Azores", "Australia/Adelaide",
    "Australia/Lord_Howe", "Australia/Sydney", "Europe/Berlin", "Europe/Chisinau",
    "Europe/Dublin", "Europe/London", "Pacific/Apia", "Pacific/Auckland", "Pacific/Chatham",
    "Pacific/Kiritimati",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _on_our_zone_data() -> None:
    read_pinned_data()


def offered(zone: str) -> set[int]:
    last = FIRST + timedelta(days=DAYS - 1)
    weekly = dict.fromkeys(range(7), HOURS)
    rules = Rules(zone, weekly, horizon=timedelta.max, step=timedelta(minutes=STEP))
    diary = Diary(rules, Taken(), 0, FIRST, last)
    return {at for at in diary.starts() if diary.is_offered(at, LENGTH * 60)}


def expected(zone: str) -> Iterator[int]:
    """Each start that the clocks show, the first time they do, if they stay within the hours."""
    for day in (FIRST + timedelta(days=number) for number in range(DAYS)):
        for opens, closes in HOURS:
            for minute in range(opens.hour * 60, closes.hour * 60, STEP):
                start = shown(datetime.combine(day, time(minute // 60, minute % 60)), zone)
                if start and is_within(start, opens, closes):
                    yield start.timestamp()


def shown(wall: datetime, zone: str) -> ZonedDateTime | None:
    said = PlainDateTime(wall)
    try:
        return said.assume_tz(zone, disambiguation="raise")
    except SkippedTime:
        return None
    except RepeatedTime:
        return said.assume_tz(zone, disambiguation="earlier")


def is_within(start: ZonedDateTime, opens: time, closes: time) -> bool:
    """Whether the clocks show no time outside the hours until the session ends."""
    marks = [start.add(minutes=passed) for passed in range(0, LENGTH, 15)]
    return all(opens <= each.time().to_stdlib() < closes for each in marks)


@pytest.mark.parametrize("zone", ZONES)
def test_hours_stay_on_the_clocks_of_their_zone_and_none_is_missing(zone: str) -> None:
    assert offered(zone) ^ set(expected(zone)) == set()


def test_these_two_years_have_changes_of_every_kind() -> None:
    """By an hour, by half of one, and by two; without them the test would look at nothing."""
    years = (FIRST.year, FIRST.year + 1)
    moves = [
        change.forward for change in changes() if change.zone in ZONES and change.wall.year in years
    ]

    assert {abs(by) for by in moves} == {timedelta(minutes=minutes) for minutes in (30, 60, 120)}
    assert len(moves) > len(ZONES)


def test_hours_by_the_clocks_of_another_zone_would_be_found() -> None:
    """Berlin and Johannesburg agree for half of each year."""
    wrong = offered("Africa/Johannesburg") ^ set(expected("Europe/Berlin"))

    assert 0 < len(wrong) < len(offered("Europe/Berlin")) * 2
