"""From which instant on a session can be begun, waits for its log, and is logged late."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from tutelage.domain.sessions.inputs import LogFields
from tutelage.domain.sessions.lifecycle import Status
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.services.completion import NotYet, complete_session, start_session
from tutelage.domain.sessions.tests.builders import make_session

START = datetime(2026, 3, 5, 12, tzinfo=UTC)
END = START + timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("length", "taken"),
    [
        (timedelta(minutes=5, microseconds=-1), False),
        (timedelta(minutes=5), True),
        (timedelta(hours=12), True),
        (timedelta(hours=12, microseconds=1), False),
    ],
)
def test_it_lasts_five_minutes_to_twelve_hours(length: timedelta, taken: bool) -> None:
    session = make_session(starts_at=START)
    session.ends_at = START + length

    with nullcontext() if taken else pytest.raises(ValidationError):
        session.validate_constraints()


def test_it_begins_a_quarter_of_an_hour_before_its_time_at_the_earliest() -> None:
    session = make_session(starts_at=START)

    with time_machine.travel(START - timedelta(minutes=15, seconds=1), tick=False):
        assert not session.is_door_open(START - timedelta(minutes=15, seconds=1))
        with pytest.raises(NotYet):
            start_session(actor=session.host, session_id=session.pk)
    with time_machine.travel(START - timedelta(minutes=15), tick=False):
        assert session.is_door_open(START - timedelta(minutes=15))
        assert start_session(actor=session.host, session_id=session.pk).status == Status.LIVE


def test_it_waits_for_its_log_once_it_is_over_for_a_quarter_of_an_hour() -> None:
    session = make_session(starts_at=START)
    at = END + timedelta(minutes=15)

    for moment, waits in ((at, False), (at + timedelta(seconds=1), True)):
        with time_machine.travel(moment, tick=False):
            assert session.is_unresolved(moment) is waits
            assert Session.objects.unresolved().exists() is waits


@pytest.mark.parametrize(
    ("after", "late"), [(timedelta(hours=24), False), (timedelta(hours=24, seconds=1), True)]
)
def test_it_is_logged_late_from_a_day_after_its_end(after: timedelta, late: bool) -> None:
    session = make_session(starts_at=START)

    with time_machine.travel(END + after, tick=False):
        done = complete_session(
            actor=session.host, session_id=session.pk, given=LogFields(outcomes="Done")
        )

    assert Session.objects.get(pk=done.pk).log.logged_late is late
