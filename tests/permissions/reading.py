"""What an answer holds: its fields, the rows it names, and words that were not for its reader."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from tests.permissions.table import Row
from tests.permissions.walking import Walk
from tests.permissions.world import World

FILE: Final = Path(__file__).with_name("reads.yaml")
_ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@cache
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text())
    return loaded


def fields_due(route: str) -> set[str]:
    return set(_flat(document()["fields"][route]))


def _flat(said: list[Any], at: str = "") -> Iterator[str]:
    for each in said:
        [(name, inner)] = each.items() if isinstance(each, dict) else [(each, [])]
        yield f"{at}{name}"
        yield from _flat(inner, f"{at}{name}.")


def fields_of(value: Any, at: str = "") -> Iterator[str]:
    """The names of all fields in an answer, with dots for what stands inside."""
    if isinstance(value, list):
        for each in value:
            yield from fields_of(each, at)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield f"{at}{name}"
            yield from fields_of(inner, f"{at}{name}.")


def ids_due(world: World, route: str, actor: str) -> set[str]:
    """The ids that a list must hold for somebody: these, and no other."""
    whose = next(whose for whose, actors in document()["lists"][route].items() if actor in actors)
    if route.endswith("sessions"):
        there = [each for each in world.sessions.values() if each.archived_at is None]
        own = {str(session.pk) for session in there}
        others = {str(session.pk) for session in world.elsewhere.values()}
    else:
        own, others = {world.pairs["pair"], world.pairs["ended"]}, {world.pairs["elsewhere"]}
    return {"none": set(), "pair": own, "elsewhere": others, "all": own | others}[whose]


def foreign(world: World, actor: str, text: str) -> set[str]:
    """Ids of sessions and pairs that an answer names, though its reader may see none of them."""
    every = set().union(*(ids_due(world, route, "admin") for route in document()["lists"]))
    may = set[str]()
    if actor in {
        name for names in document()["lists"]["GET /api/sessions"].values() for name in names
    }:
        may = set().union(*(ids_due(world, route, actor) for route in document()["lists"]))
    return (set(_ID.findall(text)) & every) - may


def betrayed(walk: Walk, row: Row, text: str) -> set[str]:
    """Words in an answer that its reader, or this place, may not have."""
    name, found = walk.caller.name, set()
    for words, readers in document()["secrets"].items():
        may = name in readers or f"{name} at {row.pattern}" in readers
        if words in text and not may:
            found.add(words)
    return found


def troubles(walk: Walk, rows: Iterable[Row]) -> dict[str, set[str]]:
    """What is wrong with what one actor reads, by route: words, ids, tables that were written."""
    found = {}
    for row in rows:
        reply, written = walk.read(row)
        text = reply.content.decode()
        # The address itself was given by the reader, and may stand in the answer.
        text = text.replace(row.path(walk.world.names), "")
        wrong = betrayed(walk, row, text) | foreign(walk.world, walk.caller.name, text) | written
        if wrong:
            found[str(row)] = wrong
    return found
