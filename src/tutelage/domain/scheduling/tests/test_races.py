"""Many at once for one slot. Each guard is also taken away, and its race must then be lost."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.db import connection

from tutelage.core import transactions
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.inputs import BookTime, RescheduleSession
from tutelage.domain.scheduling.models import Reservation
from tutelage.domain.scheduling.services import (
    answering,
    booking,
    cancelling,
    offering,
    reinstating,
    reserving,
)
from tutelage.domain.scheduling.tests.builders import (
    make_agreed,
    make_bookable,
    make_request,
    open_hours,
    whole_hour,
    wish,
)
from tutelage.domain.scheduling.tests.racing import at_once, met, no_locks, slowly
from tutelage.domain.sessions.lifecycle import Status
from tutelage.domain.sessions.models import Session

__all__ = ["no_locks"]
WANTED = whole_hour(days=3)
OVERLAPS = """
    SELECT count(*) FROM reservation a JOIN reservation b
    ON a.person_id = b.person_id AND a.id < b.id AND a.during && b.during
"""


def overlaps() -> int:
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS)
        return int(cursor.fetchone()[0])


def pairs_of_three() -> list[Mentorship]:
    """Three people, each the mentor of both others: every two of them share somebody."""
    first = make_pair()
    third = make_pair(mentor=first.mentor)
    return [
        first,
        third,
        make_pair(mentor=first.mentee, mentee=third.mentee),
        make_pair(mentor=third.mentee, mentee=first.mentor),
    ]


def asking(pair: Mentorship) -> Callable[[], Session]:
    given = wish(pair, WANTED)
    return partial(offering.ask_for_time, actor=pair.mentee, given=given)


@pytest.fixture(params=[0.02])
def slow_inserts(transactional_db: None, request: pytest.FixtureRequest) -> Iterator[None]:
    with slowly(request.param):
        yield


@pytest.fixture
def no_constraint(transactional_db: None) -> Iterator[None]:
    [guard] = [c for c in Reservation._meta.constraints if c.name.endswith("at_a_time")]
    with connection.schema_editor() as schema:
        schema.remove_constraint(Reservation, guard)
    yield
    Reservation.objects.all().delete()
    with connection.schema_editor() as schema:
        schema.add_constraint(Reservation, guard)


@pytest.fixture
def no_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reserving, "find_busy", lambda *_args, **_kwargs: [])


@pytest.mark.usefixtures("slow_inserts")
@pytest.mark.parametrize("pairs", [lambda: [make_pair()], pairs_of_three])
def test_of_fifty_at_once_one_wins_and_no_deadlock_surfaces(pairs: Any) -> None:
    rivals = pairs()

    outcome = at_once([asking(rivals[n % len(rivals)]) for n in range(50)])

    assert outcome == {"done": 1, "SlotTaken": 49}
    assert Session.objects.count() == 1
    assert overlaps() == 0


@pytest.mark.usefixtures("no_constraint", "no_locks")
def test_without_locks_and_constraint_several_win() -> None:
    """Nothing else guards: a look only says who is taken, once the constraint has refused it."""
    outcome = at_once([asking(make_pair_once) for make_pair_once in [make_pair()] * 30])

    assert outcome["done"] > 1
    assert overlaps() > 0


@pytest.mark.usefixtures("slow_inserts", "no_locks", "no_look")
def test_the_constraint_alone_still_lets_only_one_win() -> None:
    pair = make_pair()

    outcome = at_once([asking(pair)] * 10)

    assert outcome["done"] <= 1
    assert overlaps() == 0


@pytest.mark.usefixtures("slow_inserts", "no_locks", "no_look")
@pytest.mark.parametrize("slow_inserts", [0.4], indirect=True)
@pytest.mark.parametrize(("retries", "loser"), [(0, "OperationalError"), (3, "SlotTaken")])
def test_without_the_locks_a_deadlock_would_surface_unless_it_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, retries: int, loser: str
) -> None:
    monkeypatch.setattr(transactions, "RETRIES", retries)

    def ask_both_ways() -> Counter[str]:
        pair = make_pair()
        other_way = make_pair(mentor=pair.mentee, mentee=pair.mentor)
        return at_once([asking(pair), asking(other_way)])

    assert met({"done": 1, loser: 1}, ask_both_ways)


@pytest.mark.django_db(transaction=True)
def test_accept_against_withdraw_one_of_the_two_holds() -> None:
    for _ in range(10):
        pair = make_pair()
        session = make_request(pair)
        accept = partial(answering.accept_time, actor=pair.mentor, session_id=session.pk)
        withdraw = partial(
            answering.withdraw_time, actor=pair.mentee, session_id=session.pk, reason=""
        )

        outcome = at_once([accept, withdraw])

        session.refresh_from_db()
        held = Reservation.objects.filter(session=session).count()
        assert outcome == {"done": 1, "NoOpenOffer": 1}
        assert (session.status, held) in {(Status.SCHEDULED, 2), (Status.CANCELLED, 0)}


@pytest.mark.django_db(transaction=True)
def test_a_move_into_a_slot_that_is_asked_for_at_once_one_wins() -> None:
    for _ in range(10):
        pair = make_pair()
        session, rival = make_agreed(pair), make_pair(mentor=pair.mentor)
        target = wish(rival, whole_hour(days=5))
        move = RescheduleSession(
            action="reschedule", local_start=target.local_start, zone=target.zone
        )

        reschedule = partial(
            offering.reschedule_session, actor=pair.mentee, session_id=session.pk, given=move
        )
        ask = partial(offering.ask_for_time, actor=rival.mentee, given=target)

        outcome = at_once([reschedule, ask])

        assert outcome == {"done": 1, "SlotTaken": 1}
        assert overlaps() == 0


def booking_of(pair: Mentorship) -> Callable[[], object]:
    given = BookTime(local_start=WANTED.replace(tzinfo=None), zone="UTC")
    return partial(booking.book_time, actor=pair.mentee, person_id=pair.mentor.uid, given=given)


def rival_mentees(count: int, **said: Any) -> list[Mentorship]:
    first = make_bookable([(day, 0, 24) for day in range(7)], outright=True, **said)
    return [first, *(make_pair(mentor=first.mentor) for _ in range(count - 1))]


@pytest.mark.usefixtures("slow_inserts")
def test_of_many_mentees_who_book_one_slot_one_has_it() -> None:
    outcome = at_once([booking_of(pair) for pair in rival_mentees(10)])

    assert outcome == {"done": 1, "TimeNotFree": 9}
    assert Session.objects.get().status == Status.SCHEDULED
    assert overlaps() == 0


@pytest.mark.usefixtures("no_constraint", "no_locks")
def test_without_locks_and_constraint_several_mentees_have_it() -> None:
    outcome = at_once([booking_of(pair) for pair in rival_mentees(10)])

    assert outcome["done"] > 1
    assert overlaps() > 0


def two_hours_apart(pair: Mentorship, hours: int) -> Callable[[], object]:
    start = WANTED.replace(tzinfo=None, hour=8 + 2 * hours)
    given = BookTime(local_start=start, zone="UTC")
    return partial(booking.book_time, actor=pair.mentee, person_id=pair.mentor.uid, given=given)


@pytest.mark.django_db(transaction=True)
def test_the_daily_limit_holds_against_bookings_of_different_times_at_once() -> None:
    """No constraint knows of it: the locks alone make the second look after the first wrote."""
    rivals = rival_mentees(6, daily_limit=2)

    outcome = at_once([two_hours_apart(pair, number) for number, pair in enumerate(rivals)])

    assert outcome == {"done": 2, "TimeNotFree": 4}


@pytest.mark.usefixtures("slow_inserts", "no_locks")
@pytest.mark.parametrize("slow_inserts", [0.2], indirect=True)
def test_without_the_locks_the_daily_limit_is_passed() -> None:
    rivals = rival_mentees(6, daily_limit=2)

    outcome = at_once([two_hours_apart(pair, number) for number, pair in enumerate(rivals)])

    assert outcome["done"] > 2


def cancelled_and_its_rival() -> tuple[Callable[[], object], Callable[[], object]]:
    pair = make_pair()
    open_hours(pair.mentor, [(day, 0, 24) for day in range(7)], outright=True)
    session = make_agreed(pair, WANTED)
    cancelling.cancel_session(actor=pair.mentee, session_id=session.pk, reason="Ill")
    again = partial(reinstating.reinstate_session, actor=pair.mentee, session_id=session.pk)
    return again, booking_of(make_pair(mentor=pair.mentor))


@pytest.mark.usefixtures("slow_inserts")
def test_reinstating_against_a_new_session_one_of_the_two_stands() -> None:
    for _ in range(5):
        outcome = at_once([*cancelled_and_its_rival()])

        assert outcome["done"] == 1
        assert outcome["SlotTaken"] + outcome["TimeNotFree"] == 1
        assert overlaps() == 0


@pytest.mark.usefixtures("slow_inserts", "no_constraint", "no_locks")
@pytest.mark.parametrize("slow_inserts", [0.2], indirect=True)
def test_without_locks_and_constraint_both_stand() -> None:
    assert met({"done": 2}, lambda: at_once([*cancelled_and_its_rival()]))
    assert overlaps() > 0
