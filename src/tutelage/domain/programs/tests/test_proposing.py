"""One asks another to be their mentor or mentee; what becomes of the pair."""

from itertools import product

import pytest
from pydantic import ValidationError

from tutelage.core.errors import DomainError, InvalidInput, NotFound, NotPermitted, Stale
from tutelage.domain.journal.models import Entry
from tutelage.domain.people.models import User
from tutelage.domain.people.tests.builders import make_admin, make_user
from tutelage.domain.programs.inputs import ChangeMentorship, MoveMentorship, ProposeMentorship
from tutelage.domain.programs.lifecycle import PairAction, PairMoveRefused, PairSide, PairStatus
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.policies import can_plan_sessions
from tutelage.domain.programs.queries import list_moves, list_proposals_to_answer
from tutelage.domain.programs.services import (
    MOST_PROPOSALS,
    PairExists,
    TooManyProposals,
    change_mentorship,
    move_mentorship,
    propose_mentorship,
)
from tutelage.domain.programs.tests.builders import make_pair

pytestmark = pytest.mark.django_db


def propose(actor: User, other: User, role: str = "mentee", **given: object) -> Mentorship:
    asked = ProposeMentorship.model_validate({"email": other.email, "role": role, **given})
    return propose_mentorship(actor=actor, given=asked)


def move(actor: User, pair: Mentorship, action: str, reason: str = "") -> Mentorship:
    given = MoveMentorship(action=PairAction(action), reason=reason)
    return move_mentorship(actor=actor, mentorship_id=pair.uid, given=given)


@pytest.mark.parametrize("role", PairSide)
def test_one_proposes_a_pair_as_either_side_and_the_other_is_asked(role: PairSide) -> None:
    aroha, samuel = make_user(), make_user()

    pair = propose(aroha, samuel, role, cadence_days=7, goals="A guide")

    assert (pair.mentor, pair.mentee) == ((aroha, samuel) if role == "mentor" else (samuel, aroha))
    assert (pair.status, pair.cadence_days, pair.goals) == ("proposed", 7, "A guide")
    assert pair.asked == samuel
    assert list_proposals_to_answer(samuel) == [pair]
    assert list_proposals_to_answer(aroha) == []
    assert Entry.objects.get().type == "mentorship.proposed"


def test_nothing_can_be_planned_before_it_is_accepted() -> None:
    aroha, samuel = make_user(), make_user()
    pair = propose(aroha, samuel)
    assert not can_plan_sessions(aroha, pair)

    accepted = move(samuel, pair, "accept")

    assert accepted.status == "active"
    assert accepted.started_at == accepted.status_since > pair.started_at
    assert can_plan_sessions(aroha, accepted)


def test_nobody_is_their_own_mentor() -> None:
    aroha = make_user()

    with pytest.raises(InvalidInput) as refused:
        propose(aroha, aroha)

    assert [error.field for error in refused.value.errors] == ["email"]
    assert Mentorship.objects.count() == 0


def test_who_is_not_here_cannot_be_asked() -> None:
    with pytest.raises(InvalidInput) as refused:
        propose(make_user(), User(email="nobody@example.org"))

    assert [error.field for error in refused.value.errors] == ["email"]


@pytest.mark.parametrize("cadence", [0, -1, 366, True, None, "often", 1.5])
def test_a_cadence_of_nothing_is_refused_at_its_field(cadence: object) -> None:
    for model, more in (
        (ProposeMentorship, {"email": "a@example.org", "role": "mentor"}),
        (ChangeMentorship, {}),
    ):
        with pytest.raises(ValidationError) as refused:
            model.model_validate({"cadence_days": cadence, **more})
        assert [error["loc"] for error in refused.value.errors()] == [("cadence_days",)]


@pytest.mark.parametrize("status", ["proposed", "active", "paused"])
def test_two_have_one_open_pair_at_most(status: str) -> None:
    aroha, samuel = make_user(), make_user()
    make_pair(mentor=samuel, mentee=aroha, status=status, proposed_by=samuel)

    with pytest.raises(PairExists):
        propose(aroha, samuel)

    assert propose(aroha, samuel, "mentor").mentor == aroha, "The other way round is another pair."


def test_a_declined_proposal_can_be_made_again() -> None:
    aroha, samuel = make_user(), make_user()
    move(samuel, propose(aroha, samuel), "decline", "Not this year")

    assert propose(aroha, samuel).status == "proposed"


def test_nobody_is_asked_by_one_without_end() -> None:
    aroha = make_user()
    for _number in range(MOST_PROPOSALS):
        propose(aroha, make_user())

    with pytest.raises(TooManyProposals):
        propose(aroha, make_user())


WHO_MAY = {
    ("proposed", "accept"): {"asked"},
    ("proposed", "decline"): {"asked"},
    ("proposed", "withdraw"): {"proposer", "admin"},
    ("active", "pause"): {"proposer", "asked", "admin"},
    ("active", "end"): {"proposer", "asked", "admin"},
    ("paused", "resume"): {"proposer", "asked", "admin"},
    ("paused", "end"): {"proposer", "asked", "admin"},
}


@pytest.mark.parametrize("who", ["proposer", "asked", "admin", "stranger"])
@pytest.mark.parametrize(("status", "action"), list(product(PairStatus, PairAction)))
def test_a_move_is_made_by_whom_it_belongs_to(
    status: PairStatus, action: PairAction, who: str
) -> None:
    people = {name: make_user() for name in ("proposer", "asked", "stranger")}
    people["admin"] = make_admin()
    pair = make_pair(
        mentee=people["proposer"],
        mentor=people["asked"],
        status=status,
        proposed_by=people["proposer"],
        ended_at="2026-01-01T00:00Z" if status == "ended" else None,
    )
    if who == "stranger":
        expected: type[DomainError] | None = NotFound
    elif who in WHO_MAY.get((status, action), set()):
        expected = None
    else:
        expected = PairMoveRefused if (status, action) not in WHO_MAY else NotPermitted

    if expected is None:
        moved = move(people[who], pair, action, "It is time")
        [kept] = list_moves(moved)
        assert (kept.from_status, kept.status, kept.by) == (status, moved.status, people[who])
        assert kept.at == moved.status_since
        assert kept.reason == "It is time"
        assert (moved.ended_at is not None) == (moved.status == "ended")
    else:
        with pytest.raises((expected, NotPermitted)):
            move(people[who], pair, action, "It is time")
        assert Mentorship.objects.get().status == status


def test_to_end_a_pair_one_says_why() -> None:
    pair = make_pair()

    with pytest.raises(InvalidInput) as refused:
        move(pair.mentor, pair, "end")

    assert [error.field for error in refused.value.errors] == ["reason"]


def test_goals_and_cadence_are_changed_by_both_sides_while_it_lasts() -> None:
    pair = make_pair(goals="Old", cadence_days=14)

    def change(actor: User, version: int | None = None, **given: object) -> Mentorship:
        asked = ChangeMentorship.model_validate(given)
        return change_mentorship(
            actor=actor, mentorship_id=pair.uid, given=asked, seen_version=version
        )

    assert change(pair.mentee, goals="").goals == ""
    assert change(pair.mentor, 2, cadence_days=7).cadence_days == 7
    with pytest.raises(Stale):
        change(pair.mentor, 2, cadence_days=8)
    with pytest.raises(NotFound):
        change(make_user(), goals="Mine")
    move(pair.mentor, pair, "end", "Done")
    with pytest.raises(NotPermitted):
        change(pair.mentor, goals="Late")
