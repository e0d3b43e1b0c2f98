"""What each filter of each list shows to whom: the table, the document, and asking."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import yaml
from tests.permissions import reading
from tests.permissions.callers import PEOPLE
from tests.permissions.table import Row
from tests.permissions.walking import Walk
from tests.permissions.world import World

from tutelage.api.root import api

FILE: Final = Path(__file__).with_name("filters.yaml")
WALKED: Final = {"page", "limit", "cursor"}
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# The rows of a list are of one kind, by what its address ends in.
_KINDS: Final = {
    "next-steps": "steps", "people": "people", "mentorships": "pairs", "pulse": "pairs",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One value of one filter, asked of a list, of a page or of a file."""

    route: str
    name: str
    value: str
    shows: Any
    like: str

    @property
    def kind(self) -> str:
        return _KINDS.get(self.like.rpartition("/")[2], "sessions")

    @property
    def is_api(self) -> bool:
        return self.route.startswith("GET /api/")

    def __str__(self) -> str:
        return f"{self.route} {self.name}={self.value}"

    def row(self, world: World) -> Row:
        value = self.value.format(**world.names)
        asks = "?" + urlencode({self.name: value}) if self.name else ""
        return Row(self.route, {}, asks=asks.replace("{", "{{").replace("}", "}}"))


@cache
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text())
    return loaded


def declared() -> dict[str, dict[str, set[str]]]:
    """The parameters of each list in the API's document, and the values that it names for each."""
    schema = api.get_openapi_schema()
    found: dict[str, dict[str, set[str]]] = {}
    for path, operations in schema["paths"].items():
        for each in operations.get("get", {}).get("parameters", []):
            if each["in"] == "query":
                values = set(_values(each["schema"], schema))
                found.setdefault(f"GET {path}", {})[each["name"]] = values
    return found


def _values(schema: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    if "$ref" in schema:
        yield from _values(document["components"]["schemas"][schema["$ref"][21:]], document)
    for inner in [*schema.get("anyOf", []), *schema.get("allOf", [])]:
        yield from _values(inner, document)
    yield from map(str, schema.get("enum", []))


def everything_asked() -> Iterator[Asked]:
    """Of each list, page and file."""
    likes = {route: route for route in document()["lists"]}
    likes |= {route: said["like"] for route, said in document()["pages"].items()}
    for route, like in likes.items():
        for name, values in document()["lists"][like].items():
            for value, shows in values.items():
                yield Asked(route, name, str(value), shows, like)


def may_see(world: World, actor: str, kind: str) -> set[str]:
    """The names of all rows that somebody may see."""
    lists = reading.document()["lists"]["GET /api/sessions"]
    whose = next((whose for whose, actors in lists.items() if actor in actors), "none")
    names = set(world.ids()[kind].values())
    if kind == "people":
        return names if whose == "all" else set()
    others = {name for name in names if name.endswith("elsewhere")}
    return {"none": set(), "elsewhere": others, "pair": names - others, "all": names}[whose]


def shown(walk: Walk, asked: Asked) -> set[str]:
    """The names of the rows that an answer holds; what is refused holds none."""
    reply = walk.answer(asked.row(walk.world))
    if reply.status_code != 200:
        return set()
    names = walk.world.ids()[asked.kind]
    text = reply.content.decode().partition('"pagination"')[0]
    return {names[each] for each in _UUID.findall(text) if each in names}


def due(walk: Walk, asked: Asked, admin: Walk) -> set[str]:
    """What the table says, cut down to what this reader may see."""
    shows = asked.shows
    if isinstance(shows, dict):
        shows = shows.get(walk.caller.name, [])
    if shows == "varies":
        shows = shown(admin, asked)
    elif shows == "all":
        shows = document()["lists"][asked.like][""][""]
    visible = may_see(walk.world, walk.caller.name, asked.kind)
    if "{mentorship_id}" in asked.like:
        visible = {name for name in visible if not name.endswith("elsewhere")}
    page = document()["pages"].get(asked.route, {})
    if page and walk.caller.name not in page.get("for", PEOPLE):
        return set()
    if asked.name != "status" and "unless_status" in page:
        visible &= set(page["unless_status"])
    return set(shows) & visible


def widened(walk: Walk, admin: Walk, asked: Asked) -> str:
    """What is wrong with what one reader is shown."""
    found = shown(walk, asked)
    own = document()["pages"].get(asked.route, {}).get("own_whatever_is_asked")
    if own and "admin" not in walk.caller.name:
        wrong = found - may_see(walk.world, walk.caller.name, asked.kind)
        return f"shows {sorted(wrong)}" if wrong else ""
    expected = due(walk, asked, admin)
    if found == expected:
        return ""
    return f"shows {sorted(found - expected)} too many, {sorted(expected - found)} too few"
