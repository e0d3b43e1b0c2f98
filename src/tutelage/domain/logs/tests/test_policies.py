"""Who changes a log, keeps notes and drafts, and ticks steps."""

from datetime import UTC, datetime

import pytest

from tutelage.domain.logs.policies import (
    can_change_log,
    can_draft_past,
    can_keep_draft,
    can_keep_note,
    can_tick,
)
from tutelage.domain.people.lifecycle import Role
from tutelage.domain.people.models import User
from tutelage.domain.programs.lifecycle import PairStatus
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.lifecycle import Kind, Status
from tutelage.domain.sessions.models import Session

ROLES = ("host", "co_host", "guest", "observer", None)
SIDES = {"host", "co_host", "guest"}


@pytest.mark.parametrize("status", Status)
def test_either_side_changes_the_log_of_what_was_held(status: Status) -> None:
    session = Session(kind=Kind.MENTORSHIP, status=status)

    may = {role for role in ROLES if can_change_log(session, role)}

    assert may == (SIDES if status == Status.COMPLETED else set())


def test_the_log_of_what_is_put_away_stays_as_it_is() -> None:
    put_away = Session(status=Status.COMPLETED, archived_at=datetime.now(UTC))

    assert not any(can_change_log(put_away, role) for role in ROLES)


def test_everybody_in_a_session_keeps_notes_and_the_sides_tick_and_draft() -> None:
    session = Session(kind=Kind.MENTORSHIP)

    assert {role for role in ROLES if can_keep_note(role)} == set(ROLES) - {None}
    assert {role for role in ROLES if can_tick(role)} == SIDES
    assert {role for role in ROLES if can_keep_draft(session, role)} == SIDES


@pytest.mark.parametrize("status", PairStatus)
def test_a_draft_is_kept_by_the_two_in_whatever_state_their_pair_is(status: PairStatus) -> None:
    pair = Mentorship(mentor_id=1, mentee_id=2, status=status)
    people = (User(pk=1), User(pk=2), User(pk=3), User(pk=4, role=Role.ADMIN))

    assert [bool(can_draft_past(person, pair)) for person in people] == [True, True, False, False]
