"""What is read: the fields that are due, the rows that are one's own, and nothing is written."""

from collections import defaultdict

import pytest
from tests.permissions import reading
from tests.permissions.callers import ACTORS, PEOPLE, make_callers
from tests.permissions.table import Row, rows
from tests.permissions.walking import Walk
from tests.permissions.world import World

READS = [row for row in rows() if row.method == "GET"]
LISTS = {row.route: row for row in READS if row.route in reading.document()["lists"]}
READERS = [
    name for names in reading.document()["lists"]["GET /api/sessions"].values() for name in names
]


def has_fields(row: Row) -> bool:
    return row.is_api and row.answers["admin"] == "200" != row.answers["anonymous"]


def test_each_answer_has_the_fields_that_are_due_and_no_other(world: World) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    callers = make_callers(world)
    for name in PEOPLE:
        for row in filter(has_fields, READS):
            if row.answers[name] == "200":
                reply = Walk(world, callers[name]).answer(row)
                found[row.route] |= set(reading.fields_of(reply.json()))

    assert found == {route: reading.fields_due(route) for route in reading.document()["fields"]}


@pytest.mark.parametrize("walk", READERS, indirect=True)
def test_a_list_holds_what_its_reader_may_see_and_counts_nothing_else(walk: Walk) -> None:
    for route, row in LISTS.items():
        answer = walk.answer(row).json()
        pagination = answer.pop("pagination")
        [listed] = answer.values()
        due = reading.ids_due(walk.world, route, walk.caller.name)

        assert {each["id"] for each in listed} == due, route
        assert pagination["total"] == len(due)


@pytest.mark.parametrize("walk", ACTORS, indirect=True)
def test_reading_writes_nothing_and_tells_nothing_that_is_not_for_its_reader(walk: Walk) -> None:
    assert reading.troubles(walk, READS) == {}
