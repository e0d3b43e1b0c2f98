"""Everything that the API's document lets one send, one by one, with a request around it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, quote_plus, urlencode

from tests.inputs.made_up import document
from tests.inputs.nasties import RAW, TEXTS, in_header, quoted
from tests.permissions.callers import Caller
from tests.permissions.table import Row, rows
from tests.permissions.world import World, filled

HERE: Final = "\ue000here\ue001"
JSON: Final = "application/json"
_ACTORS: Final = ("mentor", "mentee", "admin", "superadmin", "member")
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Parameter:
    """A place in a request, into which anything can be put."""

    row: Row
    where: str
    name: str
    at: Path = ()
    body: Any = None

    @property
    def top(self) -> str:
        """What a refusal has to name: a part of a field, or the field."""
        return str(self.at[0]) if self.at else self.name

    def __str__(self) -> str:
        return f"{self.row.route} {self.where} {'.'.join(map(str, self.at)) or self.name}"

    def values(self) -> Iterator[tuple[str, str]]:
        """Each nasty by its name, as it is put in here."""
        for name, text in TEXTS.items():
            if self.where == "body":
                yield name, json.dumps(text)
            elif self.where != "header":
                yield name, quoted(text)
            elif (value := in_header(text)) is not None:
                yield name, value
        if self.where == "body":
            yield from ((f"{name} as JSON", raw) for name, raw in RAW.items())

    def send(self, caller: Caller, world: World, value: str) -> Any:
        names = world.names
        headers = {**filled(dict(self.row.headers), names), **caller.headers}
        path, body = self.row.path(names), self.body or filled(self.row.sends, names)
        if self.where == "path":
            pattern = self.row.pattern.replace(f"{{{self.name}}}", value)
            path = self.row.path(names).partition("?")[2]
            path = re.sub(r"{\w+}", next(iter(names.values())), pattern) + (path and f"?{path}")
        elif self.where == "query":
            others = dict(parse_qsl(path.partition("?")[2])) | {self.name: HERE}
            path = f"{path.partition('?')[0]}?{urlencode(others)}".replace(quote_plus(HERE), value)
        elif self.where == "header":
            headers = headers | {self.name: value}
        sent = "" if body is None else json.dumps(body).replace(json.dumps(HERE), value)
        return caller.client.generic(self.row.method, path, sent, JSON, headers=headers)


def parameters(tag: str, world: World) -> Iterator[Parameter]:
    """Of each operation; of a body each field, and of each kind of body that it takes."""
    paths = document()["paths"]
    done = set[str]()
    for row in rows():
        operation = paths.get(row.pattern, {}).get(row.method.lower())
        if not operation or tag not in operation["tags"] or row.route in done:
            continue
        if not any(row.answers[actor].startswith("2") for actor in _ACTORS):
            continue
        done.add(row.route)
        for given in operation["parameters"]:
            yield Parameter(row, given["in"], given["name"])
        if "requestBody" in operation:
            whole = operation["requestBody"]["content"][JSON]["schema"]
            yield from _of_body(row, whole, world)


def _of_body(row: Row, schema: dict[str, Any], world: World) -> Iterator[Parameter]:
    yield Parameter(row, "body", "", (), HERE)
    for kind in _kinds(schema):
        base = _known(row, kind, world)
        for at in _places(kind):
            yield Parameter(row, "body", "", at, _with(base, at, kind))


def _kinds(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The objects that a schema allows."""
    schema = _resolved(schema)
    members = schema.get("oneOf") or schema.get("anyOf")
    if members:
        return [kind for member in members for kind in _kinds(member)]
    return [schema] if schema.get("type") == "object" and "properties" in schema else []


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _known(row: Row, kind: dict[str, Any], world: World) -> dict[str, Any]:
    """A body of this kind that the table knows to be good, or one that only looks like it."""
    action = kind["properties"].get("action", {}).get("const")
    for other in rows():
        sends = other.sends if other.route == row.route else None
        if isinstance(sends, dict) and action in {None, sends.get("action")}:
            return dict(filled(sends, world.names))
    return _example(kind)


def _places(kind: dict[str, Any], at: Path = ()) -> Iterator[Path]:
    for name, schema in kind["properties"].items():
        yield (*at, name)
        for inner in _kinds(schema):
            yield from _places(inner, (*at, name))
        for items in _items(schema):
            yield (*at, name, 0)
            for inner in _kinds(items):
                yield from _places(inner, (*at, name, 0))


def _items(schema: dict[str, Any]) -> list[dict[str, Any]]:
    schema = _resolved(schema)
    members = schema.get("oneOf") or schema.get("anyOf") or [schema]
    return [_resolved(each)["items"] for each in members if "items" in _resolved(each)]


def _with(base: dict[str, Any], at: Path, kind: dict[str, Any]) -> Any:
    """The body with a mark at that place, and what has to stand around it."""
    if not at:
        return HERE
    name, *rest = at
    body, schema = dict(base), kind["properties"][name]
    if not rest:
        body[str(name)] = HERE
    elif rest[0] == 0:
        [items] = _items(schema)[:1]
        inner = [_with(_example(each), tuple(rest[1:]), each) for each in _kinds(items)[:1]]
        body[str(name)] = inner if rest[1:] else [HERE]
    else:
        [inner_kind] = _kinds(schema)[:1]
        body[str(name)] = _with(_example(inner_kind), tuple(rest), inner_kind)
    return body


_EXAMPLES: Final = {
    "date": "2027-07-01",
    "date-time": "2027-07-01T10:00:00Z",
    "date-time-local": "2027-07-01T10:00",
    "uuid": "00000000-0000-7000-8000-000000000000",
}


def _example(kind: dict[str, Any]) -> dict[str, Any]:
    needed = kind.get("required", [])
    return {name: _one(kind["properties"][name]) for name in needed}


def _one(schema: dict[str, Any]) -> Any:
    schema = _resolved(schema)
    for fixed in ("const", "default"):
        if fixed in schema:
            return schema[fixed]
    if "enum" in schema:
        return schema["enum"][0]
    if members := schema.get("oneOf") or schema.get("anyOf"):
        return _one(members[0])
    plain = {"integer": schema.get("minimum", 1), "boolean": True, "array": [], "object": {}}
    return plain.get(schema.get("type", ""), _EXAMPLES.get(schema.get("format", ""), "10:00"))


def actor_for(row: Row) -> str:
    return next(actor for actor in _ACTORS if row.answers[actor].startswith("2"))
