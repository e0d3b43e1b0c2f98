"""What can be said of how a session was: on both sides of each limit."""

import pytest

from tutelage.core.inputs import TYPED, Input
from tutelage.core.tests.limits import takes, takes_from, takes_signs
from tutelage.domain.feedback.inputs import GiveRating, HistoryFilters, LogAndRate, LogPastAndRate

LOG = {"outcomes": "Done"}


@pytest.mark.parametrize(
    ("model", "given", "field"),
    [
        (GiveRating, {}, "stars"),
        (LogAndRate, LOG, "rating"),
        (LogPastAndRate, LOG, "rating"),
        (HistoryFilters, {}, "min_rating"),
    ],
)
def test_stars_are_one_to_five(model: type[Input], given: dict[str, object], field: str) -> None:
    assert takes_from(model, given, field, 1, 5)


@pytest.mark.parametrize("given", [True, 4.0, "4"])
def test_a_program_gives_stars_as_a_number_and_nothing_else(given: object) -> None:
    assert not takes(GiveRating, {"stars": given})


def test_a_page_gives_stars_as_text() -> None:
    rating = GiveRating.model_validate({"stars": "4"}, context=TYPED)

    assert rating.stars == 4


def test_a_comment_has_at_most_2000_signs() -> None:
    assert takes_signs(GiveRating, {"stars": 4}, "comment", 2_000)
