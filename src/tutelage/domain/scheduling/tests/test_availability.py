"""Hours of a mentor from the rows: what is offered, to whom, what is booked, and what is not."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from pydantic import ValidationError

from tutelage.core.errors import InvalidInput, NotFound, NotPermitted
from tutelage.core.times import to_instant, to_local
from tutelage.domain.people.models import User
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.inputs import (
    AskWhy,
    BookTime,
    FindSlots,
    SetAvailability,
    SetOverride,
)
from tutelage.domain.scheduling.lifecycle import Why
from tutelage.domain.scheduling.models import AvailabilityOverride, Reservation
from tutelage.domain.scheduling.queries import (
    Candidate,
    get_bookable,
    list_reasons,
    list_slots,
)
from tutelage.domain.scheduling.services.answering import withdraw_time
from tutelage.domain.scheduling.services.availability import set_override
from tutelage.domain.scheduling.services.booking import TimeNotFree, book_time
from tutelage.domain.scheduling.services.cancelling import cancel_session
from tutelage.domain.scheduling.services.reinstating import NotReinstatable, reinstate_session
from tutelage.domain.scheduling.services.reserving import SlotTaken
from tutelage.domain.scheduling.tests.builders import (
    make_agreed,
    make_bookable,
    make_request,
    open_hours,
)
from tutelage.domain.sessions.lifecycle import Status, TransitionRefused
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import make_admin, make_user

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 6, 1, 9)  # noqa: DTZ001  # on the clocks of the zone
NOW = "2026-05-30T12:00:00Z"


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def offered(actor: User, host: User, **asked: Any) -> list[Candidate]:
    bookable = get_bookable(actor=actor, person_id=host.uid)
    day = MONDAY.date()
    wanted = FindSlots.model_validate({"from": day, "to": day, **asked})
    return list_slots(bookable=bookable, asked=wanted, zone=actor.own_zone)


def hours_of(found: list[Candidate], *, free: bool = True) -> list[str]:
    return [f"{each.starts_at:%H:%M}" for each in found if bool(each.reasons) is not free]


def book(pair: Mentorship, at: datetime = MONDAY, **given: Any) -> Session:
    wish = BookTime(local_start=at, zone=pair.mentor.own_zone, **given)
    return book_time(actor=pair.mentee, person_id=pair.mentor.uid, given=wish).session


def reasons(pair: Mentorship, at: datetime, *, by: User | None = None) -> tuple[Why, ...]:
    bookable = get_bookable(actor=by or pair.mentee, person_id=pair.mentor.uid)
    return list_reasons(bookable=bookable, asked=AskWhy(local_start=at, zone="UTC"))


def test_a_mentee_sees_the_hours_and_what_is_taken_of_them() -> None:
    pair = make_bookable(hours=[(0, 9, 12)])
    make_agreed(pair, to_instant(MONDAY, "UTC"))

    found = offered(pair.mentee, pair.mentor)

    assert hours_of(found) == ["10:00", "10:30", "11:00"]
    assert found[0].reasons == (Why.HOST_BUSY, Why.PARTICIPANT_BUSY)


def test_a_request_that_waits_holds_the_time_until_it_runs_out() -> None:
    pair = make_bookable(hours=[(0, 9, 10)])
    make_request(make_pair(mentor=pair.mentor), to_instant(MONDAY, "UTC"))

    assert offered(pair.mentee, pair.mentor)[0].reasons == (Why.HELD,)
    Reservation.objects.update(expires_at="2026-05-30T11:59:00Z")
    assert offered(pair.mentee, pair.mentor)[0].reasons == ()


def test_a_month_is_read_in_five_queries(django_assert_max_num_queries: Any) -> None:
    pair = make_bookable(hours=[(day, 8, 18) for day in range(7)], daily_limit=3)
    for day in range(5):
        make_agreed(pair, to_instant(MONDAY, "UTC") + timedelta(days=day))

    with django_assert_max_num_queries(5):
        found = offered(pair.mentee, pair.mentor, to=date(2026, 6, 30))

    assert len(found) == 30 * 19


def test_one_day_can_have_hours_of_its_own_or_none_and_get_back_the_weeks() -> None:
    pair = make_bookable(hours=[(0, 9, 12)])
    own = SetOverride.model_validate({"hours": [{"starts": "20:00", "ends": "21:00"}]})

    set_override(actor=pair.mentor, day=MONDAY.date(), given=own)
    found = offered(pair.mentee, pair.mentor)
    assert hours_of(found) == ["20:00"]
    assert {each.reasons for each in found[:-1]} == {(Why.EXCEPTION,)}

    set_override(actor=pair.mentor, day=MONDAY.date(), given=SetOverride(hours=[]))
    assert hours_of(offered(pair.mentee, pair.mentor)) == []

    set_override(actor=pair.mentor, day=MONDAY.date(), given=SetOverride(hours=None))
    assert not AvailabilityOverride.objects.exists()
    assert len(hours_of(offered(pair.mentee, pair.mentor))) == 5


@pytest.mark.parametrize("days", [-1, 800])
def test_a_day_that_is_past_or_far_away_gets_no_hours(days: int) -> None:
    day = date(2026, 5, 30) + timedelta(days=days)

    with pytest.raises(InvalidInput) as refused:
        set_override(actor=make_user(), day=day, given=SetOverride(hours=[]))

    assert [each.field for each in refused.value.errors] == ["day"]


def test_each_reason_is_said() -> None:
    pair = make_bookable(
        hours=[(0, 9, 17)],
        buffer_after_minutes=15,
        min_notice_hours=45,
        horizon_days=10,
        daily_limit=1,
    )
    host = make_pair(mentor=pair.mentor)
    make_agreed(host, to_instant(MONDAY.replace(hour=13), "UTC"))
    make_agreed(make_pair(mentor=pair.mentee), to_instant(MONDAY.replace(hour=11), "UTC"))

    def at(hour: float, days: int = 0) -> set[Why]:
        return set(reasons(pair, MONDAY.replace(hour=0) + timedelta(days=days, hours=hour)))

    assert at(8, -3) == {Why.PAST, Why.OUTSIDE_HOURS}
    assert at(8.5) == {Why.TOO_SOON, Why.OUTSIDE_HOURS, Why.DAILY_LIMIT}
    assert at(9) == {Why.DAILY_LIMIT}
    assert at(11) == {Why.PARTICIPANT_BUSY, Why.DAILY_LIMIT}
    assert at(12) == at(14) == {Why.BUFFER, Why.DAILY_LIMIT}
    assert at(13) == {Why.HOST_BUSY, Why.DAILY_LIMIT}
    assert at(9, 7) == set()
    assert at(9, 14) == {Why.TOO_FAR}


def test_a_time_that_the_clocks_skip_is_refused_at_its_field() -> None:
    pair = make_bookable(hours=[(6, 0, 24)])
    gap = AskWhy(local_start=datetime(2027, 3, 28, 2, 30), zone="Europe/Berlin")  # noqa: DTZ001  # of the zone

    with pytest.raises(InvalidInput) as refused:
        list_reasons(bookable=get_bookable(actor=pair.mentee, person_id=pair.mentor.uid), asked=gap)

    assert [each.field for each in refused.value.errors] == ["local_start"]


def test_who_is_not_a_mentee_sees_no_times_unless_they_are_open_and_books_none() -> None:
    pair, stranger = make_bookable(hours=[(0, 9, 12)]), make_user()
    with pytest.raises(NotFound):
        offered(stranger, pair.mentor)
    assert offered(make_admin(), pair.mentor)
    assert offered(pair.mentor, pair.mentor)

    open_hours(pair.mentor, [(0, 9, 12)], audience="open")
    assert offered(stranger, pair.mentor)
    wish = BookTime(local_start=MONDAY, zone="UTC")
    with pytest.raises(NotPermitted):
        book_time(actor=stranger, person_id=pair.mentor.uid, given=wish)


def test_a_pair_that_has_ended_sees_no_times() -> None:
    pair = make_bookable(hours=[(0, 9, 12)])
    type(pair).objects.update(status="ended", ended_at=to_instant(MONDAY, "UTC"))

    with pytest.raises(NotFound):
        offered(pair.mentee, pair.mentor)


def test_where_the_mentor_allows_it_a_free_time_stands_at_once() -> None:
    asked, stands = (
        make_bookable(hours=[(0, 9, 12)]),
        make_bookable(hours=[(0, 9, 12)], outright=True),
    )

    assert book(asked, note="The guide").status == Status.REQUESTED
    session = book(stands)

    assert session.status == Status.SCHEDULED
    assert Reservation.objects.filter(session=session, expires_at=None).count() == 2
    with pytest.raises(TimeNotFree) as refused:
        book(stands)
    assert [each.field for each in refused.value.errors] == ["local_start", "local_start"]


def test_what_is_outside_the_hours_cannot_be_booked_but_can_be_proposed() -> None:
    pair = make_bookable(hours=[(0, 9, 12)], outright=True)

    with pytest.raises(TimeNotFree):
        book(pair, MONDAY.replace(hour=15))

    assert make_request(pair, to_instant(MONDAY.replace(hour=15), "UTC")).status == Status.REQUESTED


def test_the_notice_period_of_the_mentor_says_what_is_late() -> None:
    pair = make_bookable(hours=[(0, 9, 12)], cancellation_hours=72)
    session = make_agreed(pair, to_instant(MONDAY, "UTC"))  # in 45 hours

    cancel_session(actor=pair.mentee, session_id=session.pk, reason="Ill")

    assert Session.objects.get(pk=session.pk).ending.late


def test_a_cancelled_session_stands_again_if_all_are_still_free() -> None:
    pair = make_pair()
    session = make_agreed(pair, to_instant(MONDAY, "UTC"))
    cancel_session(actor=pair.mentee, session_id=session.pk, reason="Ill")
    with pytest.raises(NotPermitted):
        reinstate_session(actor=pair.mentor, session_id=session.pk)

    reinstate_session(actor=pair.mentee, session_id=session.pk)

    again = Session.objects.get(pk=session.pk)
    assert (again.status, hasattr(again, "ending")) == (Status.SCHEDULED, False)
    assert Reservation.objects.filter(session=session).count() == 2
    with pytest.raises(TransitionRefused):
        reinstate_session(actor=pair.mentee, session_id=session.pk)


def test_it_does_not_when_somebody_has_something_else_by_now() -> None:
    pair = make_pair()
    session = make_agreed(pair, to_instant(MONDAY, "UTC"))
    cancel_session(actor=pair.mentee, session_id=session.pk, reason="Ill")
    make_request(make_pair(mentor=pair.mentor), to_instant(MONDAY, "UTC"))

    with pytest.raises(SlotTaken):
        reinstate_session(actor=pair.mentee, session_id=session.pk)

    assert Session.objects.get(pk=session.pk).status == Status.CANCELLED


def test_a_request_that_was_taken_back_was_never_agreed_upon() -> None:
    pair = make_pair()
    session = make_request(pair, to_instant(MONDAY, "UTC"))
    withdraw_time(actor=pair.mentee, session_id=session.pk, reason="")

    with pytest.raises(NotReinstatable):
        reinstate_session(actor=pair.mentee, session_id=session.pk)


def test_what_should_have_been_already_does_not_stand_again() -> None:
    pair = make_pair()
    session = make_agreed(pair, to_instant(MONDAY, "UTC"))
    cancel_session(actor=pair.mentee, session_id=session.pk, reason="Ill")

    with time_machine.travel("2026-06-01T09:00:00Z"), pytest.raises(NotReinstatable):
        reinstate_session(actor=pair.mentee, session_id=session.pk)


BAD = [
    ({"starts": "12:00", "ends": "09:00", "weekday": 0}, "hours.0.ends"),
    ({"starts": "09:00", "ends": "09:00", "weekday": 0}, "hours.0.ends"),
    ({"starts": "09:00:30", "ends": "10:00", "weekday": 0}, "hours.0.starts"),
    ({"starts": "09:00Z", "ends": "10:00", "weekday": 0}, "hours.0.starts"),
    ({"starts": "25:00", "ends": "10:00", "weekday": 0}, "hours.0.starts"),
    ({"starts": "09:00", "ends": "10:00", "weekday": 7}, "hours.0.weekday"),
    ({"starts": "09:00", "ends": "10:00", "weekday": True}, "hours.0.weekday"),
]


@pytest.mark.parametrize(("line", "field"), BAD)
def test_hours_that_are_none_are_refused_at_their_line(line: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        SetAvailability.model_validate({"zone": "UTC", "hours": [line]})

    [error] = refused.value.errors()
    assert ".".join(map(str, error["loc"])) == field


def test_stretches_of_one_day_must_not_overlap_but_may_touch() -> None:
    def week(*hours: tuple[str, str]) -> dict[str, Any]:
        lines = [{"weekday": 0, "starts": a, "ends": b} for a, b in hours]
        return {"zone": "UTC", "hours": lines}

    SetAvailability.model_validate(week(("12:00", "00:00"), ("09:00", "12:00")))
    with pytest.raises(ValidationError):
        SetAvailability.model_validate(week(("09:00", "12:00"), ("11:59", "13:00")))


def test_hours_are_those_of_the_mentors_zone() -> None:
    pair = make_bookable(hours=[(0, 9, 10)], zone="America/New_York")

    found = offered(pair.mentee, pair.mentor)

    assert [to_local(each.starts_at, "America/New_York").time() for each in found] == [time(9)]
    assert hours_of(found) == ["13:00"]
