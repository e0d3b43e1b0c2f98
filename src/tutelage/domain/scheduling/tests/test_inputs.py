"""What can be said about times and hours: on both sides of each limit."""

from typing import Any
from uuid import uuid4

import pytest

from tutelage.core.inputs import Input
from tutelage.core.tests.limits import takes, takes_from, takes_signs
from tutelage.domain.scheduling.inputs import (
    AskForTime,
    BookTime,
    CancelSession,
    CounterTime,
    DeclineTime,
    SetAvailability,
    SetOverride,
    Stretch,
    WeeklyHours,
)
from tutelage.domain.scheduling.lifecycle import Audience

START = {"local_start": "2026-07-01T09:30", "zone": "UTC"}
ASKED: dict[str, Any] = {**START, "mentorship": uuid4()}
WEEK: dict[str, Any] = {"zone": "UTC", "hours": []}


@pytest.mark.parametrize(
    ("model", "given", "field", "most"),
    [
        (AskForTime, ASKED, "title", 200),
        (AskForTime, ASKED, "note", 2_000),
        (CounterTime, {**START, "action": "counter"}, "note", 2_000),
        (DeclineTime, {"action": "decline"}, "reason", 2_000),
        (CancelSession, {"action": "cancel"}, "reason", 500),
        (BookTime, START, "note", 2_000),
        (SetAvailability, WEEK, "note", 2_000),
    ],
)
def test_texts_are_so_long_and_not_longer(
    model: type[Input], given: dict[str, Any], field: str, most: int
) -> None:
    assert takes_signs(model, given, field, most)


@pytest.mark.parametrize(
    ("field", "least", "most", "unsaid"),
    [
        ("slot_minutes", 5, 720, 60),
        ("step_minutes", 5, 240, 30),
        ("buffer_before_minutes", 0, 240, 0),
        ("buffer_after_minutes", 0, 240, 0),
        ("min_notice_hours", 0, 720, 12),
        ("horizon_days", 1, 365, 60),
        ("daily_limit", 1, 50, None),
        ("cancellation_hours", 0, 720, 24),
    ],
)
def test_rules_of_a_mentor_have_these_limits_and_what_is_usual(
    field: str, least: int, most: int, unsaid: int | None
) -> None:
    assert takes_from(SetAvailability, WEEK, field, least, most)
    assert getattr(SetAvailability.model_validate(WEEK), field) == unsaid


def test_unsaid_times_are_asked_for_by_those_who_were_invited() -> None:
    usual = SetAvailability.model_validate(WEEK)

    assert (usual.outright, usual.audience) == (False, Audience.INVITED)


def stretches(count: int) -> list[dict[str, str]]:
    """As many as asked for, apart from one another, of one day."""
    return [{"starts": f"{at:02}:00", "ends": f"{at:02}:20"} for at in range(count)]


def test_a_week_has_at_most_42_stretches_and_a_day_six() -> None:
    hours = [{"weekday": day, **each} for day in range(7) for each in stretches(7)]

    weeks = [takes(SetAvailability, {**WEEK, "hours": hours[:count]}) for count in (42, 43)]
    days = [takes(SetOverride, {"hours": stretches(count)}) for count in (6, 7)]
    assert (weeks, days) == ([True, False], [True, False])


def test_the_days_of_a_week_are_0_to_6() -> None:
    assert takes_from(WeeklyHours, stretches(1)[0], "weekday", 0, 6)


@pytest.mark.parametrize(
    ("starts", "ends", "taken"),
    [
        ("09:00", "09:01", True),
        ("09:00", "09:00", False),
        ("09:00", "08:59", False),
        ("09:00", "00:00", True),
        ("00:00", "00:00", True),
        ("09:00:01", "10:00", False),
        ("09:00", "10:00:00.5", False),
        ("09:00Z", "10:00", False),
    ],
)
def test_a_stretch_ends_later_than_it_starts_to_the_minute(
    starts: str, ends: str, taken: bool
) -> None:
    assert takes(Stretch, {"starts": starts, "ends": ends}) is taken


def test_a_stretch_until_midnight_goes_on_to_the_end_of_the_day() -> None:
    late = Stretch.model_validate({"starts": "22:30", "ends": "00:00"})

    assert late.minutes == (22 * 60 + 30, 1_440)


@pytest.mark.parametrize(("second", "taken"), [("10:00", True), ("09:59", False)])
def test_stretches_of_a_day_may_touch_and_not_overlap(second: str, taken: bool) -> None:
    hours = [{"starts": second, "ends": "11:00"}, {"starts": "09:00", "ends": "10:00"}]

    assert takes(SetOverride, {"hours": hours}) is taken
    assert takes(SetAvailability, {**WEEK, "hours": [{"weekday": 0, **h} for h in hours]}) is taken
    apart = [{"weekday": day, **each} for day, each in enumerate(hours)]
    assert takes(SetAvailability, {**WEEK, "hours": apart})
