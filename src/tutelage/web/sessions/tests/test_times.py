"""What is said of a time while it is typed."""

from datetime import datetime

import pytest
import time_machine

from tutelage.domain.people.models import User
from tutelage.domain.sessions.inputs import Plan
from tutelage.web.sessions.times import Proposal, read_proposal, weigh

AROHA = User(pk=1, name="Aroha Ngata-Williams", zone="Pacific/Auckland")
SAMUEL = User(pk=2, name="Dr. Samuel Oyelaran", zone="America/New_York")


def plan(local: str, zone: str = "Pacific/Auckland", minutes: int = 60) -> Plan:
    start = datetime.fromisoformat(local)
    return Plan(local_start=start, zone=zone, duration_minutes=minutes)


def seen(wanted: Plan) -> Proposal:
    with time_machine.travel("2026-03-20T00:00:00Z", tick=False):
        return weigh(wanted, reader=AROHA, people=[SAMUEL, AROHA])


def test_the_readers_clock_comes_first_then_the_others() -> None:
    clocks = seen(plan("2026-04-07T07:00")).clocks

    assert [(clock.zone, clock.whose) for clock in clocks] == [
        ("Pacific/Auckland", "you"),
        ("America/New_York", "Samuel"),
    ]


def test_a_third_zone_that_was_chosen_is_shown_as_well() -> None:
    clocks = seen(plan("2026-04-07T07:00", "Europe/Oslo")).clocks

    assert [clock.zone for clock in clocks][1] == "Europe/Oslo"


@pytest.mark.parametrize(
    ("local", "said"),
    [
        ("2026-03-28T09:00", False),  # 16:00 of the day before
        ("2026-03-28T20:00", True),  # 03:00
        ("2026-03-28T15:00", True),  # from 22:00
        ("2026-03-28T14:00", False),  # until 22:00
        ("2026-03-28T16:00", True),  # until 00:00
    ],
)
def test_it_warns_of_the_others_night(local: str, said: bool) -> None:
    cautions = seen(plan(local)).cautions

    assert any("outside 07:00 to 22:00" in caution for caution in cautions) is said


def test_an_hour_that_a_clock_change_skips_is_explained() -> None:
    [*_, caution] = seen(plan("2026-09-27T02:30")).cautions[:1]

    assert caution == (
        "02:30 does not exist that day: the clocks of Auckland go forward. 03:30 is meant."
    )


def test_an_hour_that_comes_twice_is_explained() -> None:
    caution = seen(plan("2026-04-05T02:30")).cautions[0]

    assert caution == (
        "02:30 happens twice that day: the clocks of Auckland go back. The first one is meant."
    )


def test_a_distance_that_changes_before_then_is_told() -> None:
    assert "New York will be 16 h from Auckland, not 17 h as now" in "".join(
        seen(plan("2026-04-07T07:00")).cautions
    )


def test_what_is_not_a_time_yet_shows_no_clocks() -> None:
    typed = {"day": "2026-04-07", "hour": "", "zone": "UTC", "duration_minutes": "60"}

    assert read_proposal(typed, reader=AROHA, people=[SAMUEL]) is None
