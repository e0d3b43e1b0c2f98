"""What can be said about pairs: on both sides of each limit."""

import pytest

from tutelage.core.inputs import Input
from tutelage.core.tests.limits import takes, takes_from, takes_signs
from tutelage.domain.programs.inputs import (
    ChangeMentorship,
    MakeMentorship,
    MoveMentorship,
    ProposeMentorship,
)

PAIR = {"mentor_email": "a@example.org", "mentee_email": "b@example.org"}
PROPOSED = {"email": "a@example.org", "role": "mentor"}


@pytest.mark.parametrize(
    ("model", "given"),
    [(MakeMentorship, PAIR), (ProposeMentorship, PROPOSED), (ChangeMentorship, {})],
)
def test_a_pair_meets_every_day_to_once_a_year(
    model: type[Input], given: dict[str, object]
) -> None:
    assert takes_from(model, given, "cadence_days", 1, 365)


def test_unsaid_a_pair_meets_every_two_weeks() -> None:
    assert MakeMentorship.model_validate(PAIR).cadence_days == 14
    assert ProposeMentorship.model_validate(PROPOSED).cadence_days == 14


def test_a_reason_has_at_most_2000_signs() -> None:
    assert takes_signs(MoveMentorship, {"action": "end"}, "reason", 2_000)


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ({}, False),
        ({"cadence_days": None}, False),
        ({"goals": None}, False),
        ({"goals": ""}, True),
        ({"cadence_days": 7}, True),
    ],
)
def test_a_change_says_what_is_to_be_otherwise(given: dict[str, object], taken: bool) -> None:
    assert takes(ChangeMentorship, given) is taken
