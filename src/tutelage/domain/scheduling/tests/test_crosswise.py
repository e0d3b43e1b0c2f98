"""Two who take one hour of the same two people, each in the other's order, never interlock."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest

from tutelage.core import transactions
from tutelage.core.times import Slot, to_local
from tutelage.domain.people.models import User
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.inputs import CounterTime, RescheduleSession
from tutelage.domain.scheduling.services import answering, cancelling, offering, reinstating
from tutelage.domain.scheduling.services.rezoning import follow_zone_rules
from tutelage.domain.scheduling.tests.builders import make_agreed, make_request, whole_hour, wish
from tutelage.domain.scheduling.tests.racing import at_once, met, no_locks, slowly
from tutelage.domain.scheduling.tests.zone_data import NewRules, new_rules
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import make_admin

__all__ = ["new_rules", "no_locks"]
Attempt = Callable[[], object]
Way = Callable[[Mentorship, datetime], Attempt]
WANTED = whole_hour(days=3)


def asking(pair: Mentorship, _own: datetime) -> Attempt:
    return partial(offering.ask_for_time, actor=pair.mentee, given=wish(pair, WANTED))


def setting(pair: Mentorship, _own: datetime) -> Attempt:
    return partial(offering.ask_for_time, actor=make_admin(), given=wish(pair, WANTED))


def importing(pair: Mentorship, _own: datetime) -> Attempt:
    slot = Slot(to_local(WANTED, "UTC"), "UTC", timedelta(hours=1))
    return partial(offering.schedule_session, actor=make_admin(), mentorship=pair, slot=slot)


def offering_to_move(pair: Mentorship, own: datetime) -> Attempt:
    return _moving(make_agreed(pair, own), by=pair.mentee)


def moving_outright(pair: Mentorship, own: datetime) -> Attempt:
    return _moving(make_agreed(pair, own), by=make_admin())


def _moving(session: Session, by: User) -> Attempt:
    start = to_local(WANTED, "UTC")
    given = RescheduleSession(action="reschedule", local_start=start, zone="UTC")
    return partial(offering.reschedule_session, actor=by, session_id=session.pk, given=given)


def countering(pair: Mentorship, own: datetime) -> Attempt:
    session = make_request(pair, own)
    start = to_local(WANTED, "UTC")
    given = CounterTime(action="counter", local_start=start, zone="UTC")
    return partial(offering.counter_time, actor=pair.mentor, session_id=session.pk, given=given)


def reinstating_both(pair: Mentorship, _own: datetime) -> Attempt:
    session = make_agreed(pair, WANTED)
    cancelling.cancel_session(actor=pair.mentee, session_id=session.pk, reason="Ill")
    return partial(reinstating.reinstate_session, actor=pair.mentee, session_id=session.pk)


WAYS = (
    asking,
    setting,
    importing,
    offering_to_move,
    moving_outright,
    countering,
    reinstating_both,
)


def crosswise(way: Way) -> Counter[str]:
    """Two pairs of the same two people, each the other's mentor, take both rows in turn."""
    pair = make_pair()
    other_way = make_pair(mentor=pair.mentee, mentee=pair.mentor)
    attempts = [way(pair, whole_hour(days=4)), way(other_way, whole_hour(days=5))]
    with slowly(0.4):
        return at_once(attempts)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", WAYS)
def test_of_two_crosswise_one_wins_and_nothing_is_done_again(
    monkeypatch: pytest.MonkeyPatch, way: Way
) -> None:
    monkeypatch.setattr(transactions, "RETRIES", 0)

    assert crosswise(way) == {"done": 1, "SlotTaken": 1}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("no_locks")
@pytest.mark.parametrize("way", WAYS)
def test_without_the_locks_two_crosswise_wait_for_each_other(
    monkeypatch: pytest.MonkeyPatch, way: Way
) -> None:
    monkeypatch.setattr(transactions, "RETRIES", 0)

    assert met({"done": 1, "OperationalError": 1}, lambda: crosswise(way))


def zone_rules_against_asking(new_rules: NewRules) -> Counter[str]:
    """What lies two hours later is put to the hour that the other pair asks for."""
    new_rules("Africa/Lagos", "Africa/Lagos")
    pair = make_pair()
    given = wish(pair, WANTED + timedelta(hours=2), zone="Africa/Lagos")
    session = offering.ask_for_time(actor=pair.mentee, given=given)
    answering.accept_time(actor=pair.mentor, session_id=session.pk)
    new_rules("Africa/Lagos", "Africa/Nairobi")
    other_way = make_pair(mentor=pair.mentee, mentee=pair.mentor)
    with slowly(0.4):
        return at_once([follow_zone_rules, asking(other_way, WANTED)])


@pytest.mark.django_db(transaction=True)
def test_what_new_rules_for_the_clocks_move_waits_for_who_takes_its_hour(
    monkeypatch: pytest.MonkeyPatch, new_rules: NewRules
) -> None:
    monkeypatch.setattr(transactions, "RETRIES", 0)

    outcome = zone_rules_against_asking(new_rules)

    assert outcome in ({"done": 2}, {"done": 1, "SlotTaken": 1})


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("no_locks")
def test_without_the_locks_new_rules_and_who_takes_the_hour_wait_for_each_other(
    monkeypatch: pytest.MonkeyPatch, new_rules: NewRules
) -> None:
    monkeypatch.setattr(transactions, "RETRIES", 0)

    assert met({"done": 1, "OperationalError": 1}, lambda: zone_rules_against_asking(new_rules))
