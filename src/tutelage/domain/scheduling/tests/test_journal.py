"""What the journal says of a session's time, step by step, and that each step makes a version."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tutelage.domain.journal.models import Entry
from tutelage.domain.people.models import User
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.inputs import (
    CounterTime,
    RescheduleSession,
    SetAvailability,
    SetOverride,
)
from tutelage.domain.scheduling.services.answering import (
    accept_time,
    decline_time,
    expire_offers,
    withdraw_time,
)
from tutelage.domain.scheduling.services.availability import set_availability, set_override
from tutelage.domain.scheduling.services.cancelling import cancel_session
from tutelage.domain.scheduling.services.offering import (
    ask_for_time,
    counter_time,
    reschedule_session,
)
from tutelage.domain.scheduling.services.reinstating import reinstate_session
from tutelage.domain.scheduling.tests.builders import make_agreed, make_request, wish
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import make_admin, make_user

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
FIRST, SECOND = NOW + timedelta(days=3), NOW + timedelta(days=4)
CLOCK = {"local_start": SECOND.replace(tzinfo=None), "zone": "UTC"}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def pair() -> Mentorship:
    return make_pair()


def told(session: Session) -> list[tuple[str, int | None]]:
    """What, and whose doing it was."""
    rows = Entry.objects.filter(subject_id=session.pk).order_by("id")
    return [(row.type.removeprefix("session."), row.actor_id) for row in rows]


def says(session: Session) -> dict[str, str]:
    """What the last entry says beside that."""
    last = Entry.objects.filter(subject_id=session.pk).order_by("id").last()
    assert last
    return {name: str(value) for name, value in last.payload.items()}


def offer_move(session: Session, by: User) -> None:
    given = RescheduleSession(action="reschedule", **CLOCK)
    reschedule_session(actor=by, session_id=session.pk, given=given)


def test_a_time_that_is_answered_with_another_one(pair: Mentorship) -> None:
    session = make_request(pair, FIRST)
    given = CounterTime(action="counter", **CLOCK)
    counter_time(actor=pair.mentor, session_id=session.pk, given=given)
    assert says(session)["starts_at"].startswith("2026-03-09T12:00")
    accept_time(actor=pair.mentee, session_id=session.pk)

    mentor, mentee = pair.mentor.pk, pair.mentee.pk
    assert told(session) == [("requested", mentee), ("countered", mentor), ("scheduled", mentee)]
    assert says(session)["starts_at"].startswith("2026-03-09T12:00")
    assert Session.objects.get().version == 3


def test_a_session_that_is_moved(pair: Mentorship) -> None:
    session = make_agreed(pair, FIRST)
    offer_move(session, pair.mentee)
    assert says(session)["starts_at"].startswith("2026-03-09T12:00")
    accept_time(actor=pair.mentor, session_id=session.pk)

    mentor, mentee = pair.mentor.pk, pair.mentee.pk
    assert told(session)[2:] == [("move_offered", mentee), ("rescheduled", mentor)]
    assert says(session)["from_starts_at"].startswith("2026-03-08T12:00")
    assert says(session)["starts_at"].startswith("2026-03-09T12:00")
    assert Session.objects.get().version == 4


def test_a_move_that_comes_to_nothing(pair: Mentorship) -> None:
    session = make_agreed(pair, FIRST)
    offer_move(session, pair.mentee)
    decline_time(actor=pair.mentor, session_id=session.pk, reason="")
    offer_move(session, pair.mentee)
    withdraw_time(actor=pair.mentee, session_id=session.pk, reason="")
    offer_move(session, pair.mentor)
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        assert expire_offers() == 1

    moves = [what for what in told(session) if what[0] != "move_offered"][2:]
    assert moves == [
        ("move_declined", pair.mentor.pk),
        ("move_withdrawn", pair.mentee.pk),
        ("move_expired", None),
    ]


def test_a_request_that_comes_to_nothing(pair: Mentorship) -> None:
    declined, withdrawn, expired = (
        make_request(pair, FIRST + timedelta(hours=n)) for n in range(3)
    )
    decline_time(actor=pair.mentor, session_id=declined.pk, reason="")
    withdraw_time(actor=pair.mentee, session_id=withdrawn.pk, reason="")
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        assert expire_offers() == 1

    assert told(declined)[1:] == [("declined", pair.mentor.pk)]
    assert told(withdrawn)[1:] == [("withdrawn", pair.mentee.pk)]
    assert told(expired)[1:] == [("expired", None)]


def test_what_an_administrator_sets_and_moves(pair: Mentorship) -> None:
    admin = make_admin()
    session = ask_for_time(actor=admin, given=wish(pair, FIRST))
    offer_move(session, admin)

    assert told(session) == [("scheduled", admin.pk), ("rescheduled", admin.pk)]
    assert says(session)["from_starts_at"].startswith("2026-03-08T12:00")


def test_a_session_that_is_called_off_and_stands_again(pair: Mentorship) -> None:
    session = make_agreed(pair, FIRST)
    cancel_session(actor=pair.mentee, session_id=session.pk, reason="Train strike")
    assert (says(session)["from_status"], says(session)["late"]) == ("scheduled", "False")
    reinstate_session(actor=pair.mentee, session_id=session.pk)

    mentee = pair.mentee.pk
    assert told(session)[2:] == [("cancelled", mentee), ("reinstated", mentee)]
    assert says(session)["starts_at"].startswith("2026-03-08T12:00")


def test_hours_of_a_mentor_and_of_a_day() -> None:
    mentor = make_user()
    set_availability(actor=mentor, given=SetAvailability(zone="UTC", hours=[]))
    set_override(actor=mentor, day=SECOND.date(), given=SetOverride(hours=None))

    rows = Entry.objects.filter(subject_id=mentor.uid).values_list("type", "actor_id")
    assert list(rows) == [("availability.changed", mentor.pk)] * 2
