"""Asking for a time, answering it, and moving what was agreed upon."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from tutelage.core.clock import now
from tutelage.core.errors import InvalidInput, NotFound, NotPermitted, Stale
from tutelage.core.times import to_local
from tutelage.domain.people.models import User
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.inputs import CounterTime, RescheduleSession
from tutelage.domain.scheduling.models import Reservation, TimeOffer
from tutelage.domain.scheduling.services.answering import (
    OfferExpired,
    accept_time,
    decline_time,
    expire_offers,
    withdraw_time,
)
from tutelage.domain.scheduling.services.cancelling import AlreadyOver, cancel_session
from tutelage.domain.scheduling.services.offering import (
    NoOpenOffer,
    OfferPending,
    ask_for_time,
    counter_time,
    reschedule_session,
)
from tutelage.domain.scheduling.services.reserving import SlotTaken
from tutelage.domain.scheduling.tests.builders import make_agreed, make_request, whole_hour, wish
from tutelage.domain.sessions.inputs import LogFields
from tutelage.domain.sessions.lifecycle import Status, TransitionRefused
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.services.completion import complete_session
from tutelage.domain.sessions.tests.builders import make_admin, make_user

pytestmark = pytest.mark.django_db


def held(session: Session) -> list[tuple[int, str]]:
    rows = Reservation.objects.filter(session=session).order_by("person_id", "during")
    return [(r.person_id, r.during.lower.strftime("%d %H:%M")) for r in rows]


def another(session: Session, hours: float, action: str) -> dict[str, Any]:
    start = session.starts_at + timedelta(hours=hours)
    return {"action": action, "local_start": to_local(start, "UTC"), "zone": "UTC"}


def reload(session: Session) -> Session:
    return Session.objects.get(pk=session.pk)


def test_a_request_holds_the_time_of_both_until_it_is_answered() -> None:
    pair = make_pair()

    session = make_request(pair)

    assert session.status == Status.REQUESTED
    assert {person for person, _ in held(session)} == {pair.mentor_id, pair.mentee_id}
    with pytest.raises(SlotTaken):
        make_request(make_pair(mentor=pair.mentor), session.starts_at + timedelta(minutes=59))
    make_request(make_pair(mentor=pair.mentor), session.starts_at + timedelta(minutes=60))


def test_the_other_side_accepts_and_it_stands() -> None:
    pair = make_pair()
    session = make_request(pair)

    with pytest.raises(NotPermitted):
        accept_time(actor=pair.mentee, session_id=session.pk)
    with pytest.raises(NotFound):
        accept_time(actor=make_user(), session_id=session.pk)
    accept_time(actor=pair.mentor, session_id=session.pk)

    assert reload(session).status == Status.SCHEDULED
    assert not Reservation.objects.filter(session=session, expires_at__isnull=False).exists()
    with pytest.raises(NoOpenOffer):
        accept_time(actor=pair.mentor, session_id=session.pk)


def test_another_time_is_offered_in_answer_and_the_first_is_free_again() -> None:
    pair = make_pair()
    session = make_request(pair)
    first = session.starts_at

    offered = CounterTime(**another(session, 3, "counter"))
    counter_time(actor=pair.mentor, session_id=session.pk, given=offered)

    make_request(make_pair(mentor=pair.mentor), first)
    with pytest.raises(NotPermitted):
        accept_time(actor=pair.mentor, session_id=session.pk)
    accept_time(actor=pair.mentee, session_id=session.pk)
    assert reload(session).starts_at == first + timedelta(hours=3)


def test_a_declined_or_withdrawn_request_frees_its_time() -> None:
    pair = make_pair()
    declined = make_request(pair)
    decline_time(actor=pair.mentor, session_id=declined.pk, reason="On leave")
    withdrawn = make_request(pair)
    with pytest.raises(NotPermitted):
        withdraw_time(actor=pair.mentor, session_id=withdrawn.pk, reason="")
    withdraw_time(actor=pair.mentee, session_id=withdrawn.pk, reason="")

    assert reload(declined).status == Status.DECLINED
    assert reload(declined).ending.reason == "On leave"
    assert reload(withdrawn).status == Status.CANCELLED
    assert not Reservation.objects.exists()


def test_an_offer_to_move_holds_both_times_until_it_is_accepted() -> None:
    pair = make_pair()
    session = make_agreed(pair)
    first = session.starts_at
    move = RescheduleSession(**another(session, 0.5, "reschedule"))

    reschedule_session(actor=pair.mentee, session_id=session.pk, given=move)

    assert reload(session).starts_at == first
    for start in (first, first + timedelta(minutes=60)):
        with pytest.raises(SlotTaken):
            make_request(make_pair(mentor=pair.mentor), start)
    accept_time(actor=pair.mentor, session_id=session.pk)
    assert reload(session).starts_at == first + timedelta(minutes=30)
    assert len(held(session)) == 2


def test_a_declined_move_leaves_the_session_where_it_is() -> None:
    pair = make_pair()
    session = make_agreed(pair)
    move = RescheduleSession(**another(session, 5, "reschedule"))
    reschedule_session(actor=pair.mentor, session_id=session.pk, given=move)

    decline_time(actor=pair.mentee, session_id=session.pk, reason="")

    assert (reload(session).status, reload(session).starts_at) == (
        Status.SCHEDULED,
        session.starts_at,
    )
    assert len(held(session)) == 2


def test_a_new_offer_takes_the_place_of_ones_own_but_not_of_the_other_sides() -> None:
    pair = make_pair()
    session = make_agreed(pair)

    def offer_move(hours: int, by: User) -> None:
        move = RescheduleSession(**another(session, hours, "reschedule"))
        reschedule_session(actor=by, session_id=session.pk, given=move)

    offer_move(4, pair.mentee)
    offer_move(6, pair.mentee)
    with pytest.raises(OfferPending):
        offer_move(6, pair.mentor)
    offers = TimeOffer.objects.filter(session=session).order_by("id")
    assert [offer.state for offer in offers] == ["accepted", "withdrawn", "open"]
    assert len(held(session)) == 4


def test_an_administrators_time_stands_at_once_and_so_does_their_move() -> None:
    pair, admin = make_pair(), make_admin()
    session = ask_for_time(actor=admin, given=wish(pair))
    assert session.status == Status.SCHEDULED

    move = RescheduleSession(**another(session, 2, "reschedule"))
    reschedule_session(actor=admin, session_id=session.pk, given=move)

    assert reload(session).starts_at == session.starts_at + timedelta(hours=2)
    assert held(reload(session))[0][1] == reload(session).starts_at.strftime("%d %H:%M")


def test_cancelling_needs_no_answer_and_knows_whether_it_was_late() -> None:
    pair = make_pair()
    soon, later = make_agreed(pair, whole_hour(hours=5)), make_agreed(pair, whole_hour(days=4))

    for session in (soon, later):
        cancel_session(actor=pair.mentee, session_id=session.pk, reason="Train strike")

    assert [reload(each).ending.late for each in (soon, later)] == [True, False]
    assert not Reservation.objects.exists()
    with pytest.raises(TransitionRefused):
        cancel_session(actor=pair.mentee, session_id=soon.pk, reason="Again")


def test_a_session_that_was_held_holds_no_time_any_more() -> None:
    session = make_agreed(make_pair())
    with time_machine.travel(session.starts_at + timedelta(minutes=10)):
        log = LogFields(outcomes="Short and good")
        complete_session(actor=session.host, session_id=session.pk, given=log)
        assert not Reservation.objects.exists()


def test_what_nobody_answers_runs_out_and_its_time_is_free() -> None:
    pair = make_pair()
    request = make_request(pair, whole_hour(days=10))
    standing = make_agreed(pair, whole_hour(days=12))
    move = RescheduleSession(**another(standing, 3, "reschedule"))
    reschedule_session(actor=pair.mentee, session_id=standing.pk, given=move)

    with time_machine.travel(now() + timedelta(hours=49), tick=False):
        with pytest.raises(OfferExpired):
            accept_time(actor=pair.mentor, session_id=request.pk)
        make_request(make_pair(mentor=pair.mentor), request.starts_at)  # before any sweep
        assert expire_offers() == 2
        assert expire_offers() == 0

    assert reload(request).status == Status.DECLINED
    assert reload(standing).status == Status.SCHEDULED
    assert len(held(standing)) == 2


@pytest.mark.parametrize("ahead", [timedelta(hours=-1), timedelta(days=400)])
def test_a_time_that_is_past_or_too_far_is_refused_at_its_field(ahead: timedelta) -> None:
    pair = make_pair()

    with pytest.raises(InvalidInput) as refused:
        make_request(pair, now() + ahead)

    assert [each.field for each in refused.value.errors] == ["local_start"]
    assert not Session.objects.exists()


def test_the_time_is_the_wall_clocks_in_the_zone_it_was_chosen_in() -> None:
    pair = make_pair()
    start = whole_hour(days=30)

    session = ask_for_time(actor=pair.mentee, given=wish(pair, start, zone="Pacific/Auckland"))

    assert session.starts_at == start
    assert session.local_start == to_local(start, "Pacific/Auckland")


def test_an_answer_to_what_somebody_else_changed_meanwhile_is_refused() -> None:
    pair = make_pair()
    session = make_request(pair)
    seen = reload(session).version
    offered = CounterTime(**another(session, 3, "counter"))
    counter_time(actor=pair.mentor, session_id=session.pk, given=offered)

    with pytest.raises(Stale):
        accept_time(actor=pair.mentee, session_id=session.pk, seen_version=seen)


def test_a_pair_that_has_ended_plans_nothing() -> None:
    pair = make_pair()
    type(pair).objects.update(status="ended", ended_at=now())

    for person in (pair.mentee, pair.mentor, make_admin()):
        with pytest.raises(NotPermitted):
            make_request(pair, by=person)
    with pytest.raises(NotFound):
        make_request(pair, by=make_user())


def test_one_side_alone_does_not_call_off_what_is_over() -> None:
    """Only both together can, or the host; nothing is guessed."""
    pair = make_pair()
    session = make_agreed(pair)

    with time_machine.travel(session.ends_at + timedelta(hours=1)):
        with pytest.raises(AlreadyOver):
            cancel_session(actor=pair.mentee, session_id=session.pk, reason="It was never held")
        cancelled = cancel_session(actor=pair.mentor, session_id=session.pk, reason="Ill")
    assert (cancelled.status, cancelled.ending.late) == ("cancelled", True)
