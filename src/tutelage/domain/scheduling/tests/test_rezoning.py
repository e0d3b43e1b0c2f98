"""A country changes the rules of its clocks: what was agreed keeps its local time."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine

from tutelage.core.times import to_instant
from tutelage.domain.journal.models import Entry
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.inputs import AskForTime, RescheduleSession
from tutelage.domain.scheduling.models import Reservation, TimeOffer
from tutelage.domain.scheduling.queries import find_doubled
from tutelage.domain.scheduling.services.answering import accept_time, expire_offers
from tutelage.domain.scheduling.services.cancelling import cancel_session
from tutelage.domain.scheduling.services.offering import ask_for_time, reschedule_session
from tutelage.domain.scheduling.services.reserving import SlotTaken
from tutelage.domain.scheduling.services.rezoning import follow_zone_rules
from tutelage.domain.scheduling.tests.zone_data import NewRules, new_rules
from tutelage.domain.sessions.lifecycle import Status
from tutelage.domain.sessions.models import Session

__all__ = ["new_rules"]
pytestmark = pytest.mark.django_db
TEN = datetime(2026, 7, 6, 10)  # noqa: DTZ001  # on the clocks of a zone
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel("2026-06-01T12:00:00Z", tick=False):
        yield


@pytest.fixture
def pair() -> Mentorship:
    return make_pair()


def asked(pair: Mentorship, at: datetime, zone: str = "Europe/Berlin") -> Session:
    given = AskForTime(mentorship=pair.program.uid, local_start=at, zone=zone)
    return ask_for_time(actor=pair.mentee, given=given)


def agreed(pair: Mentorship, at: datetime, zone: str = "Europe/Berlin") -> Session:
    return accept_time(actor=pair.mentor, session_id=asked(pair, at, zone).pk).session


def moved(session: Session) -> timedelta:
    """How far the instant is from where it was; the session is to be well otherwise."""
    before = session.starts_at
    session.refresh_from_db()
    assert session.starts_at == to_instant(session.local_start, session.zone)
    assert session.ends_at - session.starts_at == HOUR
    return session.starts_at - before


def held(session: Session) -> set[tuple[datetime, datetime, bool]]:
    rows = Reservation.objects.filter(session=session)
    return {(row.during.lower, row.during.upper, row.exclusive) for row in rows}


def told(session: Session) -> list[str]:
    rows = Entry.objects.filter(subject_id=session.pk).order_by("id")
    return [row.type for row in rows if row.type == "session.rezoned"]


@pytest.mark.django_db(transaction=True)  # as the worker runs it: no transaction is open
def test_with_the_same_rules_nothing_moves(pair: Mentorship) -> None:
    session = agreed(pair, TEN)
    version = session.version

    assert follow_zone_rules() == 0
    assert moved(session) == timedelta()
    assert (session.version, told(session)) == (version, [])


def test_an_agreed_session_keeps_its_local_time_and_its_hold(
    pair: Mentorship, new_rules: NewRules
) -> None:
    session = agreed(pair, TEN)
    new_rules("Europe/Berlin", "Africa/Lagos")  # no more summer time

    assert follow_zone_rules() == 1
    assert moved(session) == HOUR
    assert session.local_start == TEN
    assert held(session) == {(session.starts_at, session.ends_at, True)}
    assert Reservation.objects.count() == 2
    [entry] = Entry.objects.filter(type="session.rezoned")
    assert entry.actor_id is None
    assert datetime.fromisoformat(entry.payload["starts_at"]) == session.starts_at

    assert follow_zone_rules() == 0
    assert len(told(session)) == 1


@pytest.mark.parametrize(
    ("like", "by"), [("Africa/Lagos", HOUR), ("Africa/Nairobi", -HOUR)], ids=["later", "earlier"]
)
def test_sessions_back_to_back_move_together(
    pair: Mentorship, new_rules: NewRules, like: str, by: timedelta
) -> None:
    sessions = [agreed(pair, TEN + number * HOUR) for number in (1, 0, 3, 2)]
    new_rules("Europe/Berlin", like)

    assert follow_zone_rules() == 4
    assert [moved(session) for session in sessions] == [by] * 4
    assert all(held(each) == {(each.starts_at, each.ends_at, True)} for each in sessions)


def test_two_that_change_places_have_their_times_to_themselves(
    pair: Mentorship, new_rules: NewRules
) -> None:
    first = agreed(pair, TEN)
    second = agreed(pair, TEN + HOUR, "Europe/Paris")
    new_rules("Europe/Berlin", "Africa/Lagos")
    new_rules("Europe/Paris", "Africa/Nairobi")

    follow_zone_rules()

    assert (moved(first), moved(second)) == (HOUR, -HOUR)
    assert not Reservation.objects.filter(exclusive=False).exists()


def test_an_offer_waits_for_as_many_others_as_have_to_move_first(
    pair: Mentorship, new_rules: NewRules
) -> None:
    """It goes to where one stands that goes to where another stands, which has yet to move."""
    offered = asked(pair, TEN)  # 8:00 UTC, and soon 9:00
    agreed(pair, TEN + HOUR, "Europe/Madrid")  # 9:00, and soon 6:00
    agreed(pair, TEN - 2 * HOUR)  # 6:00, and soon 7:00
    agreed(pair, TEN - HOUR, "Europe/Paris")  # 7:00, and soon 5:00
    new_rules("Europe/Berlin", "Africa/Lagos")
    new_rules("Europe/Madrid", "Asia/Karachi")
    new_rules("Europe/Paris", "Asia/Dubai")

    assert follow_zone_rules() == 4

    assert moved(offered) == HOUR
    assert expire_offers() == 0
    assert not Reservation.objects.filter(exclusive=False).exists()


def test_what_meets_another_session_stands_beside_it_until_there_is_room(
    pair: Mentorship, new_rules: NewRules
) -> None:
    session = agreed(pair, TEN)  # 8:00 UTC, and soon 9:00
    other = agreed(make_pair(mentor=pair.mentor), datetime(2026, 7, 6, 9, 30), "UTC")  # noqa: DTZ001
    new_rules("Europe/Berlin", "Africa/Lagos")

    assert follow_zone_rules() == 1
    assert (moved(session), moved(other)) == (HOUR, timedelta())
    half = session.starts_at + HOUR / 2
    assert held(session) == {
        (session.starts_at, session.ends_at, True),  # the mentee's
        (session.starts_at, half, True),  # what is left of the mentor's
        (session.starts_at, session.ends_at, False),
    }
    assert find_doubled(session.pk) == [pair.mentor.name]
    with pytest.raises(SlotTaken):
        asked(make_pair(mentor=pair.mentor), datetime(2026, 7, 6, 9), "UTC")  # noqa: DTZ001

    assert follow_zone_rules() == 0
    assert len(told(session)) == 1
    cancel_session(actor=pair.mentor, session_id=other.pk, reason="Two at once")
    follow_zone_rules()
    assert held(session) == {(session.starts_at, session.ends_at, True)}


def test_a_time_that_waits_for_an_answer_moves_and_can_be_accepted(
    pair: Mentorship, new_rules: NewRules
) -> None:
    session = asked(pair, TEN)
    new_rules("Europe/Berlin", "Africa/Lagos")

    follow_zone_rules()

    assert moved(session) == HOUR
    assert held(session) == {(session.starts_at, session.ends_at, True)}
    accept_time(actor=pair.mentor, session_id=session.pk)
    assert moved(session) == timedelta()


def test_an_offer_to_move_moves_with_its_session(pair: Mentorship, new_rules: NewRules) -> None:
    session = agreed(pair, TEN)
    half_past = TEN + HOUR / 2
    given = RescheduleSession(action="reschedule", local_start=half_past, zone="Europe/Berlin")
    reschedule_session(actor=pair.mentee, session_id=session.pk, given=given)
    new_rules("Europe/Berlin", "Africa/Lagos")

    follow_zone_rules()

    assert moved(session) == HOUR
    offer = TimeOffer.objects.get(state="open")
    assert offer.starts_at == to_instant(half_past, "Europe/Berlin")
    assert held(session) == {
        (session.starts_at, session.ends_at, True),
        (session.ends_at, offer.ends_at, True),
    }
    assert len(told(session)) == 1


def test_an_offered_time_that_is_taken_by_then_runs_out(
    pair: Mentorship, new_rules: NewRules
) -> None:
    session = asked(pair, TEN)
    agreed(make_pair(mentor=pair.mentor), datetime(2026, 7, 6, 9), "UTC")  # noqa: DTZ001
    new_rules("Europe/Berlin", "Africa/Lagos")

    follow_zone_rules()

    assert expire_offers() == 1
    session.refresh_from_db()
    assert session.status == Status.DECLINED


def test_what_is_over_or_called_off_stays_as_it_was(pair: Mentorship, new_rules: NewRules) -> None:
    over, off = agreed(pair, TEN), agreed(pair, TEN + 48 * HOUR)
    cancel_session(actor=pair.mentor, session_id=off.pk, reason="On leave")
    new_rules("Europe/Berlin", "Africa/Lagos")

    with time_machine.travel(over.ends_at + HOUR, tick=False):
        assert follow_zone_rules() == 0
