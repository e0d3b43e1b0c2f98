"""Who answers an offered time, who takes one back, and who turns a cancellation back."""

import pytest

from tutelage.domain.people.lifecycle import Role
from tutelage.domain.people.models import User
from tutelage.domain.scheduling.models import TimeOffer
from tutelage.domain.scheduling.policies import (
    can_answer,
    can_reinstate,
    can_set_time,
    can_withdraw,
)
from tutelage.domain.sessions.models import SessionEnding

ME, OTHER, ADMIN = User(pk=1), User(pk=2), User(pk=3, role=Role.ADMIN)
BY_OTHER = TimeOffer(by_id=OTHER.pk)


@pytest.mark.parametrize("role", ["host", "co_host", "guest", "observer", None])
def test_the_side_that_did_not_offer_it_answers(role: str | None) -> None:
    is_side = role in {"host", "co_host", "guest"}

    assert bool(can_answer(ME, role, BY_OTHER)) is is_side
    assert not can_answer(OTHER, role, BY_OTHER)


def test_who_offered_a_time_takes_it_back_and_not_even_an_administrator() -> None:
    may = [bool(can_withdraw(person, BY_OTHER)) for person in (ME, OTHER, ADMIN)]

    assert may == [False, True, False]


def test_an_administrator_alone_sets_a_time_at_once() -> None:
    assert [bool(can_set_time(person)) for person in (ME, ADMIN)] == [False, True]


def test_who_cancelled_takes_that_back_or_an_administrator() -> None:
    ending = SessionEnding(by_id=OTHER.pk)

    assert [bool(can_reinstate(each, ending)) for each in (ME, OTHER, ADMIN)] == [False, True, True]
    assert [bool(can_reinstate(each, None)) for each in (ME, OTHER, ADMIN)] == [False, False, True]
