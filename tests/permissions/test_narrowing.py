"""Lists under every filter that the document declares, page by page, on pages and in files."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.permissions.callers import make_callers
from tests.permissions.narrowing import (
    WALKED,
    Asked,
    declared,
    document,
    everything_asked,
    may_see,
    widened,
)
from tests.permissions.walking import Walk
from tests.permissions.world import World

from tutelage.core.paging import Page
from tutelage.domain.people.models import User
from tutelage.domain.programs import queries as programs
from tutelage.domain.programs.inputs import MentorshipFilters
from tutelage.domain.programs.models import Mentorship

ON_PAGES = {"other_mentor", "mentee", "admin"}
READERS = ("member", "other_mentor", "mentee", "mentor", "read_token", "admin")


def test_each_parameter_of_the_document_and_each_word_it_takes_has_a_row() -> None:
    lists = {
        route: said for route, said in declared().items() if route not in document()["not_lists"]
    }
    without = {
        f"{route} {name}: {sorted(missing) or 'any value'}"
        for route, said in lists.items()
        for name, words in said.items()
        if name not in WALKED
        for rows in [document()["lists"].get(route, {}).get(name, {})]
        for missing in [words - {str(value) for value in rows}]
        if missing or not rows
    }

    assert without == set(), "These have no row in filters.yaml."
    assert document()["lists"].keys() == lists.keys()


@pytest.mark.parametrize("name", READERS)
def test_each_reader_is_shown_their_part_of_what_is_asked_for(world: World, name: str) -> None:
    callers = make_callers(world)
    walk, admin = Walk(world, callers[name]), Walk(world, callers["admin"])

    asked = [each for each in everything_asked() if name in ON_PAGES or each.is_api]
    wrong = {str(each): widened(walk, admin, each) for each in asked}

    assert {each: said for each, said in wrong.items() if said} == {}


def pages(walk: Walk, path: str, following: str) -> Iterator[list[Any]]:
    """Two rows each, from the first page to the last, by number or by cursor."""
    query = "page=1"
    for number in range(2, 20):
        answer = walk.caller.ask("GET", f"{path}?limit=2&{query}").json()
        pagination = answer.pop("pagination")
        yield next(iter(answer.values()))
        if not pagination["has_more"]:
            return
        query = f"page={number}" if following == "page" else f"cursor={pagination['next_cursor']}"


@pytest.mark.parametrize("name", READERS)
def test_page_by_page_each_row_is_there_once_and_none_of_others(world: World, name: str) -> None:
    walk = Walk(world, make_callers(world)[name])
    for route, names in declared().items():
        path = Asked(route, "", "", [], route).row(world).path(world.names)
        whole = walk.caller.ask("GET", f"{path}?limit=100") if "limit" in names else None
        if whole is None or whole.status_code != 200:
            continue
        answer = whole.json()
        answer.pop("pagination")
        [rows] = answer.values()
        for following in {"page", "cursor"} & names.keys():
            assert [row for page in pages(walk, path, following) for row in page] == rows, route


def test_the_cursor_of_an_administrator_opens_nothing_to_others(world: World) -> None:
    callers = make_callers(world)
    for path in ("/api/sessions", "/api/mentorships"):
        first = callers["admin"].ask("GET", f"{path}?limit=1").json()
        cursor = first["pagination"]["next_cursor"]
        text = callers["mentee"].ask("GET", f"{path}?cursor={cursor}").content.decode()
        for kind in ("sessions", "pairs"):
            others = set(world.ids()[kind].values()) - may_see(world, "mentee", kind)
            assert [
                uid for uid, name in world.ids()[kind].items() if name in others and uid in text
            ] == []


def test_a_filter_that_widens_a_list_is_reported(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks for one status is given everybody's."""
    callers = make_callers(world)
    walk, admin = Walk(world, callers["mentee"]), Walk(world, callers["admin"])
    asked = {str(each): each for each in everything_asked()}
    known = programs.list_mentorships

    def widen(*, actor: User, filters: MentorshipFilters) -> Page[Mentorship]:
        return known(actor=world.people["admin"] if filters.status else actor, filters=filters)

    monkeypatch.setattr(programs, "list_mentorships", widen)

    assert widened(walk, admin, asked["GET /api/mentorships ="]) == ""
    found = widened(walk, admin, asked["GET /api/mentorships status=active"])
    assert found == "shows ['elsewhere'] too many, [] too few"
