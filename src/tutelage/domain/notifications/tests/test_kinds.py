"""What the other side is told of each turn that a session can take; both, if time takes it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

from tutelage.core.clock import now
from tutelage.core.times import to_local
from tutelage.domain.notifications.models import Notice
from tutelage.domain.notifications.tests.test_telling import tell_all
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.inputs import CounterTime, RescheduleSession
from tutelage.domain.scheduling.services.answering import (
    accept_time,
    decline_time,
    expire_offers,
    withdraw_time,
)
from tutelage.domain.scheduling.services.cancelling import cancel_session
from tutelage.domain.scheduling.services.offering import counter_time, reschedule_session
from tutelage.domain.scheduling.services.reinstating import reinstate_session
from tutelage.domain.scheduling.tests.builders import make_agreed, make_request, whole_hour
from tutelage.domain.sessions.inputs import CorrectSession, MarkNoShow
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.services.correcting import correct_session
from tutelage.domain.sessions.services.missed import mark_no_show
from tutelage.domain.sessions.tests.builders import make_session

Told = Callable[[], list[tuple[str, str]]]
pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> Mentorship:
    return make_pair()


@pytest.fixture
def told(pair: Mentorship) -> Told:
    """Who is told since this was last asked, and of what."""
    sides = {pair.mentor_id: "mentor", pair.mentee_id: "mentee"}
    seen: set[int] = set()

    def told_since() -> list[tuple[str, str]]:
        tell_all()
        rows = list(Notice.objects.exclude(pk__in=seen))
        seen.update(row.pk for row in rows)
        return sorted((sides[row.person_id], row.kind) for row in rows)

    return told_since


def later(session: Session, action: str) -> dict[str, Any]:
    start = to_local(session.starts_at + timedelta(hours=3), "UTC")
    return {"action": action, "local_start": start, "zone": "UTC"}


def move(pair: Mentorship, session: Session) -> None:
    given = RescheduleSession(**later(session, "reschedule"))
    reschedule_session(actor=pair.mentee, session_id=session.pk, given=given)


def in_two_days() -> time_machine.travel:
    return time_machine.travel(now() + timedelta(hours=49), tick=False)


def far_ahead() -> datetime:
    return whole_hour(days=9)


def test_a_time_that_is_answered_with_another_one(pair: Mentorship, told: Told) -> None:
    session = make_request(pair)
    assert told() == [("mentor", "asked")]

    given = CounterTime(**later(session, "counter"))
    counter_time(actor=pair.mentor, session_id=session.pk, given=given)
    assert told() == [("mentee", "asked")]

    accept_time(actor=pair.mentee, session_id=session.pk)
    assert told() == [("mentor", "accepted")]


def test_a_time_that_nobody_answers_or_that_is_taken_back(pair: Mentorship, told: Told) -> None:
    session = make_request(pair)
    withdraw_time(actor=pair.mentee, session_id=session.pk, reason="")
    assert told() == [("mentor", "asked"), ("mentor", "cancelled")]

    make_request(pair, far_ahead())
    with in_two_days():
        expire_offers()
    assert told() == [("mentee", "declined"), ("mentor", "asked"), ("mentor", "declined")]


def test_a_move_that_is_declined_forgotten_and_accepted(pair: Mentorship, told: Told) -> None:
    session = make_agreed(pair, far_ahead())
    told()

    move(pair, session)
    assert told() == [("mentor", "asked")]
    decline_time(actor=pair.mentor, session_id=session.pk, reason="On leave")
    assert told() == [("mentee", "declined")]

    move(pair, session)
    with in_two_days():
        expire_offers()
    assert told() == [("mentee", "declined"), ("mentor", "asked"), ("mentor", "declined")]

    move(pair, session)
    accept_time(actor=pair.mentor, session_id=session.pk)
    assert told() == [("mentee", "moved"), ("mentor", "asked")]


def test_a_session_that_is_called_off_and_stands_again(pair: Mentorship, told: Told) -> None:
    session = make_agreed(pair, far_ahead())
    told()

    cancel_session(actor=pair.mentee, session_id=session.pk, reason="Ill")
    assert told() == [("mentor", "cancelled")]

    reinstate_session(actor=pair.mentee, session_id=session.pk)
    assert told() == [("mentor", "accepted")]


def test_what_became_of_a_session_that_is_over(pair: Mentorship, told: Told) -> None:
    session = make_session(pair, starts_at=now() - timedelta(hours=3))
    missed = MarkNoShow(action="mark_no_show", party="participant", reason="")
    mark_no_show(actor=pair.mentor, session_id=session.pk, given=missed)
    assert told() == [("mentee", "settled")]

    other = {"action": "correct", "to": "cancelled", "reason": "We had called it off"}
    given = CorrectSession.model_validate(other)
    correct_session(actor=pair.mentor, session_id=session.pk, given=given)
    assert told() == [("mentee", "settled")]
