"""What is over is answered as the second table says, and by whoever it was not for, not at all."""

import pytest
from tests.permissions.callers import ACTORS
from tests.permissions.past import NEVER_OVER, OVER, asked, document, past_rows
from tests.permissions.table import parameters, rows
from tests.permissions.walking import Walk


def test_each_route_that_names_something_has_a_row_for_when_that_is_over() -> None:
    assert asked().keys() - document().keys() == set(), "These have no row in past.yaml."
    assert document().keys() - asked().keys() == set(), "These are in past.yaml, and nowhere else."


def test_of_each_thing_that_a_route_names_it_is_said_whether_it_can_be_over() -> None:
    named = {name for row in rows() for name in parameters(row.pattern)}

    assert named == OVER.keys() | NEVER_OVER


@pytest.mark.parametrize("walk", ACTORS, indirect=True)
def test_an_actor_is_answered_as_the_table_says_of_what_is_over(walk: Walk) -> None:
    assert walk.unexpected(past_rows()) == {}
