"""Who may do what to a session, by what they are in it, written out once more by hand."""

from itertools import product

import pytest

from tutelage.domain.people.lifecycle import Role
from tutelage.domain.people.models import User
from tutelage.domain.programs.lifecycle import PairStatus
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.lifecycle import Kind
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.policies import (
    can_lead,
    can_log,
    can_log_past,
    can_move,
    can_read_answers,
    can_tell,
)

ROLES = ("host", "co_host", "guest", "observer", None)
LEADERS = {"host", "co_host"}
SIDES = {"host", "co_host", "guest"}
MEMBER, ADMIN = User(pk=3), User(pk=4, role=Role.ADMIN)


def test_hosts_lead_and_administrators_whatever_they_are_in_it() -> None:
    assert {role for role in ROLES if can_lead(MEMBER, role)} == LEADERS
    assert all(can_lead(ADMIN, role) for role in ROLES)


def test_either_side_moves_and_administrators_whatever_they_are_in_it() -> None:
    assert {role for role in ROLES if can_move(MEMBER, role)} == SIDES
    assert all(can_move(ADMIN, role) for role in ROLES)


@pytest.mark.parametrize("kind", Kind)
def test_both_sides_of_a_mentorship_write_the_log_and_of_others_who_leads(kind: Kind) -> None:
    writers = {role for role in ROLES if can_log(Session(kind=kind), role)}

    assert writers == (SIDES if kind == Kind.MENTORSHIP else LEADERS)


def test_nobody_but_the_two_logs_what_was_never_planned() -> None:
    pair = Mentorship(mentor_id=1, mentee_id=2, status=PairStatus.ACTIVE)
    people = (User(pk=1), User(pk=2), MEMBER, ADMIN)

    assert [bool(can_log_past(person, pair)) for person in people] == [True, True, False, False]


def test_what_was_never_planned_is_logged_in_an_active_pair_alone() -> None:
    pair = Mentorship(mentor_id=1, mentee_id=2, status=PairStatus.PAUSED)

    assert not can_log_past(User(pk=1), pair)


def test_those_who_were_to_be_there_say_what_happened() -> None:
    assert {role for role in ROLES if can_tell(role)} == SIDES


@pytest.mark.parametrize(("role", "asked", "answered"), list(product(ROLES, *[(False, True)] * 2)))
def test_a_side_that_has_yet_to_answer_does_not_read_the_other_ones_answer(
    role: str | None, asked: bool, answered: bool
) -> None:
    is_kept_from = role in SIDES and asked and not answered

    may = can_read_answers(role, is_asked=asked, has_answered=answered)

    assert bool(may) is not is_kept_from
