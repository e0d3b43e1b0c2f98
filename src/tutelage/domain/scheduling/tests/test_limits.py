"""How long a time is held, how far ahead it may lie, and who cancels late."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tutelage.core.errors import InvalidInput
from tutelage.core.times import to_local
from tutelage.domain.people.tests.builders import make_admin, make_user
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.inputs import CounterTime, RescheduleSession, SetOverride
from tutelage.domain.scheduling.models import AvailabilityOverride, Reservation, TimeOffer
from tutelage.domain.scheduling.services.answering import OfferExpired, accept_time, expire_offers
from tutelage.domain.scheduling.services.availability import set_override
from tutelage.domain.scheduling.services.cancelling import cancel_session
from tutelage.domain.scheduling.services.offering import counter_time, reschedule_session
from tutelage.domain.scheduling.services.reinstating import NotReinstatable, reinstate_session
from tutelage.domain.scheduling.tests.builders import make_agreed, make_request
from tutelage.domain.sessions.inputs import CorrectSession, LogFields
from tutelage.domain.sessions.lifecycle import Status
from tutelage.domain.sessions.models import SessionEnding
from tutelage.domain.sessions.services.completion import complete_session, start_session
from tutelage.domain.sessions.services.correcting import correct_session

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("ahead", "held_for"),
    [
        (timedelta(hours=47), timedelta(hours=47)),
        (timedelta(hours=49), timedelta(hours=48)),
        (timedelta(days=9), timedelta(hours=48)),
    ],
)
def test_a_time_is_held_for_two_days_and_at_most_until_it_comes(
    ahead: timedelta, held_for: timedelta
) -> None:
    with time_machine.travel(NOW, tick=False):
        make_request(make_pair(), NOW + ahead)

    assert TimeOffer.objects.get().expires_at == NOW + held_for
    assert {each.expires_at for each in Reservation.objects.all()} == {NOW + held_for}


def asking(pair: Mentorship, start: datetime) -> None:
    make_request(pair, start)


def setting(pair: Mentorship, start: datetime) -> None:
    make_request(pair, start, by=make_admin())


def countering(pair: Mentorship, start: datetime) -> None:
    session = make_request(pair, NOW + timedelta(days=2))
    given = CounterTime(action="counter", local_start=to_local(start, "UTC"), zone="UTC")
    counter_time(actor=pair.mentor, session_id=session.pk, given=given)


def moving(pair: Mentorship, start: datetime) -> None:
    session = make_agreed(pair, NOW + timedelta(days=2))
    given = RescheduleSession(action="reschedule", local_start=to_local(start, "UTC"), zone="UTC")
    reschedule_session(actor=pair.mentee, session_id=session.pk, given=given)


ways = pytest.mark.parametrize("way", [asking, setting, countering, moving])
Way = Callable[[Mentorship, datetime], None]


@ways
def test_a_time_is_taken_until_a_year_ahead(way: Way) -> None:
    with time_machine.travel(NOW, tick=False):
        way(make_pair(), NOW + timedelta(days=366))
        with pytest.raises(InvalidInput, match="more than a year ahead"):
            way(make_pair(), NOW + timedelta(days=366, minutes=1))


@ways
def test_a_time_that_comes_this_moment_is_past(way: Way) -> None:
    with time_machine.travel(NOW, tick=False):
        way(make_pair(), NOW + timedelta(minutes=1))
        with pytest.raises(InvalidInput, match="is past"):
            way(make_pair(), NOW)


def test_an_offer_is_accepted_until_it_runs_out() -> None:
    with time_machine.travel(NOW, tick=False):
        pair = make_pair()
        first, second = (make_request(pair, NOW + timedelta(days=days)) for days in (8, 9))

    with time_machine.travel(NOW + timedelta(hours=48) - SECOND, tick=False):
        accept_time(actor=pair.mentor, session_id=first.pk)
        assert expire_offers() == 0
    with time_machine.travel(NOW + timedelta(hours=48), tick=False):
        with pytest.raises(OfferExpired):
            accept_time(actor=pair.mentor, session_id=second.pk)
        assert expire_offers() == 1


def test_what_was_called_off_stands_again_until_its_time_has_come() -> None:
    start = NOW + timedelta(days=9)
    with time_machine.travel(NOW, tick=False):
        session = make_agreed(make_pair(), start)
        cancel_session(actor=session.host, session_id=session.pk, reason="Train strike")

    with time_machine.travel(start, tick=False), pytest.raises(NotReinstatable):
        reinstate_session(actor=session.host, session_id=session.pk)
    with time_machine.travel(start - SECOND, tick=False):
        reinstate_session(actor=session.host, session_id=session.pk)


def test_what_was_logged_and_then_called_off_is_corrected_and_not_reinstated() -> None:
    start = NOW + timedelta(days=1)
    log = LogFields(outcomes="We began early", duration_minutes=10)
    off = CorrectSession(action="correct", to=Status.CANCELLED, reason="It was another one")
    back = CorrectSession(action="correct", to=Status.COMPLETED, reason="It was this one after all")
    with time_machine.travel(NOW, tick=False):
        session = make_agreed(make_pair(), start)
    host, key = session.host, session.pk
    with time_machine.travel(start - timedelta(minutes=10), tick=False):
        start_session(actor=host, session_id=key)
    with time_machine.travel(start - timedelta(minutes=1), tick=False):
        complete_session(actor=host, session_id=key, given=log)
        correct_session(actor=host, session_id=key, given=off)

        with pytest.raises(NotReinstatable, match="Correct what became of it"):
            reinstate_session(actor=make_admin(), session_id=key)
    with time_machine.travel(start + timedelta(hours=2), tick=False):
        corrected = correct_session(actor=host, session_id=key, given=back)
    assert corrected.status == Status.COMPLETED


@pytest.mark.parametrize(("days", "taken"), [(-1, False), (0, True), (731, True), (732, False)])
def test_days_of_their_own_hours_are_set_from_today_on_for_two_years(
    days: int, taken: bool
) -> None:
    mentor = make_user()
    with time_machine.travel(NOW, tick=False):
        day = NOW.date() + timedelta(days=days)
        refused = nullcontext() if taken else pytest.raises(InvalidInput, match="two years ahead")
        with refused:
            set_override(actor=mentor, day=day, given=SetOverride(hours=[]))

    assert AvailabilityOverride.objects.exists() is taken


@pytest.mark.parametrize(
    ("before", "late"), [(timedelta(hours=24), False), (timedelta(hours=24, seconds=-1), True)]
)
def test_who_cancels_within_a_day_is_late_where_the_mentor_said_nothing(
    before: timedelta, late: bool
) -> None:
    start = NOW + timedelta(days=9)
    with time_machine.travel(NOW, tick=False):
        session = make_agreed(make_pair(), start)

    with time_machine.travel(start - before, tick=False):
        cancel_session(actor=session.host, session_id=session.pk, reason="Train strike")

    assert SessionEnding.objects.get().late is late
