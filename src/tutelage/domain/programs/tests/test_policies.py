"""Who may do what to a pair, written out once more by hand."""

import pytest

from tutelage.domain.people.lifecycle import Role
from tutelage.domain.people.models import User
from tutelage.domain.programs.lifecycle import PairAction, PairStatus
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.policies import (
    can_change_pair,
    can_make_mentorship,
    can_move_pair,
    can_plan_sessions,
)

PEOPLE = {
    "mentor": User(pk=1),
    "mentee": User(pk=2),
    "stranger": User(pk=3),
    "admin": User(pk=4, role=Role.ADMIN),
    "admin who asked": User(pk=5, role=Role.ADMIN),
}
SIDES = {"mentor", "mentee"}
ADMINS = {"admin", "admin who asked"}


def pair(status: PairStatus, *, by: str = "mentor") -> Mentorship:
    return Mentorship(mentor_id=1, mentee_id=2, status=status, proposed_by_id=PEOPLE[by].pk)


def test_an_administrator_alone_makes_a_pair() -> None:
    assert {who for who, person in PEOPLE.items() if can_make_mentorship(person)} == ADMINS


@pytest.mark.parametrize("status", PairStatus)
def test_sides_and_administrators_plan_while_a_pair_is_active(status: PairStatus) -> None:
    may = {who for who, person in PEOPLE.items() if can_plan_sessions(person, pair(status))}

    assert may == (SIDES | ADMINS if status == PairStatus.ACTIVE else set())


@pytest.mark.parametrize("status", PairStatus)
def test_sides_and_administrators_change_a_pair_until_it_ends(status: PairStatus) -> None:
    may = {who for who, person in PEOPLE.items() if can_change_pair(person, pair(status))}

    assert may == (set() if status == PairStatus.ENDED else SIDES | ADMINS)


@pytest.mark.parametrize("action", PairAction)
def test_sides_and_administrators_move_a_pair_that_was_accepted(action: PairAction) -> None:
    stands = pair(PairStatus.PAUSED)

    may = {who for who, person in PEOPLE.items() if can_move_pair(person, stands, action)}

    assert may == SIDES | ADMINS


@pytest.mark.parametrize("action", [PairAction.ACCEPT, PairAction.DECLINE])
@pytest.mark.parametrize(
    ("by", "asked"),
    [("mentor", {"mentee"}), ("mentee", {"mentor"}), ("admin who asked", SIDES)],
)
def test_who_was_asked_answers(action: PairAction, by: str, asked: set[str]) -> None:
    proposed = pair(PairStatus.PROPOSED, by=by)

    assert {who for who, each in PEOPLE.items() if can_move_pair(each, proposed, action)} == asked


@pytest.mark.parametrize("by", ["mentor", "mentee", "admin who asked"])
def test_who_proposed_takes_it_back_or_an_administrator_does(by: str) -> None:
    proposed = pair(PairStatus.PROPOSED, by=by)

    may = {
        who
        for who, person in PEOPLE.items()
        if can_move_pair(person, proposed, PairAction.WITHDRAW)
    }

    assert may == ADMINS | {by}
