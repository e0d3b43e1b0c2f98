"""Two-way ratings: who gives them, who reads them, and until when they can be changed."""

from datetime import timedelta

import pytest
import time_machine

from tutelage.core.clock import now
from tutelage.core.errors import NotPermitted
from tutelage.domain.feedback.inputs import GiveRating
from tutelage.domain.feedback.models import Rating
from tutelage.domain.feedback.queries import list_at_hand, list_ratings
from tutelage.domain.feedback.services import SealOpen, rate_session
from tutelage.domain.people.models import User
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import make_admin, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Session:
    return make_session(make_pair(), status="completed")


def mentee_of(session: Session) -> User:
    return session.participants.exclude(user=session.host).get().user


def rate(session: Session, by: User, stars: int) -> Rating:
    return rate_session(actor=by, session_id=session.pk, given=GiveRating(stars=stars))


def read(session: Session, by: User) -> list[int]:
    return [rating.stars for rating in list_ratings(actor=by, session_id=session.pk)]


def test_a_rating_is_sealed_until_the_other_side_has_rated_too(held: Session) -> None:
    mentor, mentee = held.host, mentee_of(held)
    rate(held, mentor, 5)
    assert (read(held, mentor), read(held, mentee), read(held, make_admin())) == ([5], [], [])

    rate(held, mentee, 3)
    assert read(held, mentor) == read(held, mentee) == [5, 3]


def test_after_a_week_the_seal_opens_by_itself(held: Session) -> None:
    rate(held, held.host, 5)

    with time_machine.travel(now() + timedelta(days=7, minutes=1)):
        assert read(held, mentee_of(held)) == [5]
        with pytest.raises(SealOpen):
            rate(held, held.host, 1)


def test_it_can_be_changed_until_the_seal_opens_and_stays_one(held: Session) -> None:
    rate(held, held.host, 5)
    rate(held, held.host, 4)
    assert read(held, held.host) == [4]

    rate(held, mentee_of(held), 2)
    with pytest.raises(SealOpen):
        rate(held, held.host, 1)


def test_only_who_took_part_rates_and_only_what_was_held(held: Session) -> None:
    with pytest.raises(NotPermitted):
        rate(held, make_admin(), 1)
    planned = make_session()
    with pytest.raises(NotPermitted):
        rate(planned, planned.host, 1)


def test_what_one_has_not_rated_yet_is_asked_for(held: Session) -> None:
    assert list_at_hand(held.host) == [held]
    rate(held, held.host, 5)
    assert list_at_hand(held.host) == []
    assert list_at_hand(mentee_of(held)) == [held]
