"""When the door stands open, for whom, and what they are told where it does not."""

from datetime import UTC, datetime, timedelta

import pytest

from tutelage.domain.meetings.policies import can_join, can_set_link
from tutelage.domain.people.lifecycle import Role
from tutelage.domain.people.models import User
from tutelage.domain.sessions.lifecycle import Status
from tutelage.domain.sessions.models import Session

ROLES = ("host", "co_host", "guest", "observer", None)
START = datetime(2026, 3, 5, 12, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
EARLY, OVER = "The door opens 15 minutes before the start.", "This session is over."
CLOSED = "This session is not open for joining."


def session(status: Status = Status.SCHEDULED) -> Session:
    return Session(status=status, starts_at=START, ends_at=START + timedelta(hours=1))


def test_whoever_takes_part_can_join_and_nobody_else() -> None:
    assert [bool(can_join(session(), role, START)) for role in ROLES] == [True] * 4 + [False]


@pytest.mark.parametrize(
    ("at", "reason"),
    [
        (START - timedelta(minutes=15) - INSTANT, EARLY),
        (START - timedelta(minutes=15), ""),
        (START + timedelta(hours=1) - INSTANT, ""),
        (START + timedelta(hours=1), OVER),
    ],
)
def test_the_door_opens_a_quarter_before_the_start_and_closes_at_the_end(
    at: datetime, reason: str
) -> None:
    assert can_join(session(), "guest", at).reason == reason


@pytest.mark.parametrize("status", Status)
def test_the_door_belongs_to_what_was_agreed_or_runs(status: Status) -> None:
    agreed = status in {Status.SCHEDULED, Status.LIVE, Status.PAUSED}

    assert can_join(session(status), "host", START).reason == ("" if agreed else CLOSED)
    early = can_join(session(status), "host", START - timedelta(days=1)).reason
    assert early == (EARLY if agreed else CLOSED)


def test_hosts_and_administrators_say_where_it_leads() -> None:
    assert [bool(can_set_link(User(), role)) for role in ROLES] == [True, True, False, False, False]
    assert all(can_set_link(User(role=Role.ADMIN), role) for role in ROLES)
