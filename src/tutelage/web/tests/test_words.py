"""Times, lengths, people and browsers in words."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from tutelage.web import words

AT = datetime(2026, 4, 1, 20, tzinfo=UTC)


def test_an_hour_is_shown_in_the_zone_of_the_reader_or_in_one_that_is_named() -> None:
    with timezone.override("Pacific/Auckland"):
        assert words.clock(AT) == "09:00"
        assert words.day(AT) == "Thu 2 April"
        assert words.moment(AT, "America/New_York") == "Wed 1 April, 16:00"


@pytest.mark.parametrize(
    ("at", "zone", "said"),
    [
        ("2026-11-01T05:30Z", "America/New_York", "01:30 (UTC−4)"),
        ("2026-11-01T06:30Z", "America/New_York", "01:30 (UTC−5)"),
        ("2026-11-01T07:00Z", "America/New_York", "02:00"),
        ("2026-03-08T07:00Z", "America/New_York", "03:00"),
        ("2026-04-04T15:00Z", "Australia/Lord_Howe", "01:30 (UTC+10:30)"),
    ],
)
def test_of_two_like_hours_it_is_said_which(at: str, zone: str, said: str) -> None:
    assert words.clock(datetime.fromisoformat(at), zone) == said


def test_a_span_crosses_midnight_without_a_word_about_it() -> None:
    assert words.span(AT, AT + timedelta(hours=5), "UTC") == "20:00 – 01:00"


@pytest.mark.parametrize(
    ("hours", "said"), [(0, "Today"), (24, "Tomorrow"), (-24, "Yesterday"), (48, "Fri 3 Apr")]
)
def test_a_near_day_has_a_name(hours: int, said: str) -> None:
    with time_machine.travel(AT, tick=False):
        assert words.near_day(AT + timedelta(hours=hours), "UTC") == said


def test_a_day_of_another_year_says_which_by_the_clock_of_the_reader() -> None:
    new_year = datetime(2025, 12, 31, 20, tzinfo=UTC)
    with time_machine.travel(AT, tick=False):
        assert words.brief_day(new_year, "UTC") == "31 Dec 2025"
        assert words.brief_day(new_year, "Pacific/Auckland") == "Thu 1 Jan"


def test_today_is_the_day_of_the_reader() -> None:
    with time_machine.travel(AT, tick=False):
        late = AT + timedelta(hours=3, minutes=30)
        assert words.near_day(late, "UTC") == "Today"
        assert words.near_day(late, "Europe/Oslo") == "Tomorrow"


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 min"), (58, "58 min"), (60, "1 h"), (65, "1 h 05"), (110, "1 h 50")]
)
def test_a_length_is_said_in_hours_and_minutes(count: int, said: str) -> None:
    assert words.minutes(count) == said


@pytest.mark.parametrize(
    ("between", "said"),
    [
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(hours=-3), "3 hours"),
        (timedelta(days=2, hours=5), "2 days"),
    ],
)
def test_a_distance_is_said_in_its_largest_unit(between: timedelta, said: str) -> None:
    assert words.distance(between) == said


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Aroha Ngata-Williams", "AN"),
        ("Dr. Samuel Oyelaran", "SO"),
        ("Plato", "P"),
        ("Ana Maria de Souza", "AS"),
        ("علي حسن", "عح"),
        ("Dr", "D"),
        ("  ", "?"),
    ],
)
def test_initials_stand_for_any_name(name: str, letters: str) -> None:
    assert words.initials(name) == letters


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Pacific/Auckland", "Auckland"),
        ("America/New_York", "New York"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_is_called_by_its_city(zone: str, said: str) -> None:
    assert words.place(zone) == said


def test_zones_to_choose_from_have_the_city_first_and_leave_offsets_out() -> None:
    groups = dict(words.zone_groups())

    assert ("America/Argentina/Buenos_Aires", "Buenos Aires, Argentina") in groups["America"]
    assert ("UTC", "UTC") in groups["UTC"]
    assert "Etc" not in groups


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1", "Safari, iPhone"),
        ("curl/8.5.0", "Another program"),
    ],
)
def test_a_browser_is_recognised(agent: str, said: str) -> None:
    assert words.browser(agent) == said
