"""A session takes place and is logged, when planned and when never planned."""

from datetime import datetime, timedelta

import pytest
import time_machine

from tutelage.core.clock import now
from tutelage.core.errors import InvalidInput, NotFound, NotPermitted
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.sessions.inputs import LogFields, LogPast
from tutelage.domain.sessions.lifecycle import Status, TransitionRefused
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.services.completion import (
    NotYet,
    complete_session,
    log_past_session,
    start_session,
)
from tutelage.domain.sessions.tests.builders import make_admin, make_session, make_user

pytestmark = pytest.mark.django_db
LOG = LogFields(outcomes="Eight questions", objectives="Which lead?", next_steps="a\n\n b ")


def ago(**given: float) -> datetime:
    return now() - timedelta(**given)


def test_a_planned_session_is_logged_with_the_time_it_was_planned_for() -> None:
    pair = make_pair()
    session = make_session(pair, starts_at=ago(hours=3), minutes=45)

    complete_session(actor=pair.mentee, session_id=session.pk, given=LOG)

    done = Session.objects.get(pk=session.pk)
    assert (done.status, done.started_at, done.duration_minutes) == (
        Status.COMPLETED,
        session.starts_at,
        45,
    )
    assert (done.log.outcomes, done.log.logged_late) == ("Eight questions", False)
    assert [step.text for step in done.next_steps.order_by("position")] == ["a", "b"]


def test_one_that_was_started_lasted_as_long_as_it_did() -> None:
    session = make_session(starts_at=now() + timedelta(minutes=10))
    with time_machine.travel(session.starts_at + timedelta(minutes=5), tick=False):
        start_session(actor=session.host, session_id=session.pk)
    with time_machine.travel(session.starts_at + timedelta(minutes=40), tick=False):
        complete_session(actor=session.host, session_id=session.pk, given=LOG)

    assert Session.objects.get(pk=session.pk).duration_minutes == 35


def test_what_is_said_of_its_length_counts_but_not_beyond_this_minute() -> None:
    session = make_session(starts_at=ago(minutes=40))

    with pytest.raises(InvalidInput) as refused:
        complete_session(
            actor=session.host,
            session_id=session.pk,
            given=LogFields(outcomes="x", duration_minutes=60),
        )
    assert [each.field for each in refused.value.errors] == ["duration_minutes"]
    assert Session.objects.get(pk=session.pk).status == Status.SCHEDULED
    shorter = LogFields(outcomes="x", duration_minutes=30)
    complete_session(actor=session.host, session_id=session.pk, given=shorter)
    assert Session.objects.get(pk=session.pk).duration_minutes == 30


def test_a_log_long_after_the_end_is_marked_as_late() -> None:
    session = make_session(starts_at=ago(days=2))
    complete_session(actor=session.host, session_id=session.pk, given=LOG)
    assert Session.objects.get(pk=session.pk).log.logged_late


def test_nothing_is_logged_before_it_began_nor_started_before_the_door_opens() -> None:
    session = make_session(starts_at=now() + timedelta(minutes=20))

    with pytest.raises(NotYet):
        complete_session(actor=session.host, session_id=session.pk, given=LOG)
    with pytest.raises(NotYet):
        start_session(actor=session.host, session_id=session.pk)


def test_a_session_is_completed_once() -> None:
    session = make_session(starts_at=ago(hours=3))
    complete_session(actor=session.host, session_id=session.pk, given=LOG)
    with pytest.raises(TransitionRefused):
        complete_session(actor=session.host, session_id=session.pk, given=LOG)


def test_only_the_two_sides_write_the_log() -> None:
    session = make_session(starts_at=ago(hours=3))

    with pytest.raises(NotFound):
        complete_session(actor=make_user(), session_id=session.pk, given=LOG)
    with pytest.raises(NotPermitted):
        complete_session(actor=make_admin(), session_id=session.pk, given=LOG)


def test_one_that_was_never_planned_is_completed_in_one_step_and_marked() -> None:
    pair = make_pair(mentee=make_user(zone="Pacific/Auckland"))
    given = LogPast(outcomes="Met by chance", duration_minutes=25)

    with time_machine.travel("2026-03-05T08:00:30Z", tick=False):
        session = log_past_session(actor=pair.mentee, mentorship=pair, given=given)

    assert (session.status, session.log.logged_late) == (Status.COMPLETED, True)
    assert session.local_start.isoformat() == "2026-03-05T20:35:00"
    assert {each.user for each in session.participants.all()} == {pair.mentor, pair.mentee}


def test_what_is_yet_to_come_is_not_logged_as_past() -> None:
    pair = make_pair()
    ahead = (now() + timedelta(hours=1)).replace(tzinfo=None)

    with pytest.raises(InvalidInput) as refused:
        log_past_session(
            actor=pair.mentor,
            mentorship=pair,
            given=LogPast(outcomes="x", local_start=ahead, zone="UTC"),
        )
    assert [each.field for each in refused.value.errors] == ["local_start"]
