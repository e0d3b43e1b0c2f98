"""What was not to be sent: ids of others, and fields that are not for sending."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.apps import apps
from django.db import connection
from tests.permissions.callers import PEOPLE
from tests.permissions.past import action_of
from tests.permissions.table import Row, rows
from tests.permissions.walking import Walk, code_of
from tests.permissions.world import filled

from tutelage.api.root import api
from tutelage.domain.logs.inputs import DraftForm

FILE: Final = Path(__file__).with_name("bodies.yaml")
PLANTED: Final = "planted-along"
DONE: Final = {"200", "201", "204", "302"}
# Fields whose last word says that they name somebody or something.
_NAMES: Final = re.compile(
    r"(?:.*_)?(id|uid|uuid|email|owner|by|person|people|user|mentor|mentee|host|mentorship|session|"
    r"program|pair|token|batch|step|role_of)s?"
)
# Read or known elsewhere under these words, which are no fields of an answer or of a row.
_MIGHTY: Final = {"is_staff", "is_superuser", "is_active", "is_admin", "pk", "groups", "user_id"}
# Other words that an input takes, beside those in the document.
_OTHER_WORDS: Final = {"duration", "nextSteps"}

Schema = Mapping[str, Any]


@cache
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text())
    return loaded


@cache
def schemas() -> dict[str, Any]:
    found: dict[str, Any] = api.get_openapi_schema()["components"]["schemas"]
    return found


@dataclass(frozen=True)
class Sent:
    """One operation, one action where it has several, and what its body is made of."""

    route: str
    action: str
    schema: Schema

    def __str__(self) -> str:
        return f"{self.route} {self.action}".strip()

    def lines(self) -> list[Row]:
        """Those of the table that send it."""
        found = [row for row in rows() if row.route == self.route]
        return [row for row in found if not self.action or action_of(row) == self.action]

    def row(self) -> Row:
        return self.lines()[0]


def bodies() -> Iterator[Sent]:
    for path, operations in api.get_openapi_schema()["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            for media in content.values():
                for action, schema in _variants(media["schema"]):
                    yield Sent(f"{method.upper()} {path}", action, schema)


def _variants(schema: Schema) -> Iterator[tuple[str, Schema]]:
    actions = schema.get("discriminator", {}).get("mapping", {})
    for action, reference in actions.items():
        yield action, {"$ref": reference}
    if not actions:
        yield "", schema


def objects(schema: Schema, at: str = "") -> Iterator[tuple[str, dict[str, Schema]]]:
    """Each object in a body by the path to it, and its fields."""
    if "$ref" in schema:
        schema = schemas()[schema["$ref"].rpartition("/")[2]]
    for inner in [*schema.get("anyOf", []), *schema.get("allOf", [])]:
        yield from objects(inner, at)
    if "items" in schema:
        yield from objects(schema["items"], at)
    if "properties" in schema:
        yield at, schema["properties"]
        for name, inner in schema["properties"].items():
            yield from objects(inner, f"{at}{name}.")


def naming(sent: Sent) -> Iterator[str]:
    """The fields that name somebody or something."""
    for at, fields in objects(sent.schema):
        for name, schema in fields.items():
            if list(objects(schema)):
                continue
            of_uuid = "uuid" in {each.get("format") for each in [schema, *schema.get("anyOf", [])]}
            if of_uuid or _NAMES.fullmatch(name):
                yield f"{sent} {at}{name}"


def put(body: Any, path: str, value: Any) -> Any:
    """The body with one field set. What is missing on the way is made: a list has one entry."""
    made = deepcopy(body) or {}
    inner, *names = made, *path.split(".")
    for name in names[:-1]:
        whole = {"text": "Read"} if name == "next_steps" else {}
        inner = inner.setdefault(name, [whole] if name == "next_steps" else whole)
        if isinstance(inner, list):
            inner.extend([] if inner else [{}])
            inner = inner[0]
    inner[names[-1]] = value
    return made


def doers(row: Row) -> list[str]:
    """Who may do it with what is their own."""
    return [name for name in (*PEOPLE, "write_token") if row.answers[name] in DONE]


def swapped(walk: Walk, sent: Sent, path: str, values: Mapping[str, int]) -> Iterator[str]:
    """Where an id of others is taken, or answered otherwise than one that does not exist."""
    row, said = sent.row(), dict[str, bytes]()
    for name, status in values.items():
        if name == "elsewhere" and "admin" in walk.caller.name:
            continue  # theirs as well
        body = put(filled(row.sends, walk.world.names), path, walk.world.names[name])
        reply, written = walk.change(replace(row, sends=body))
        if code_of(reply) != str(status) or written:
            yield f"{name}: {code_of(reply)} instead of {status}, wrote {sorted(written)}"
        said[name] = reply.content
    if len(set(said.values())) > 1:
        yield f"the words differ: {said}"


@cache
def not_for_sending() -> frozenset[str]:
    """Every field of every answer and of every row, and a few that others have fallen for."""
    answers = {name for schema in schemas().values() for name in schema.get("properties", {})}
    columns = {
        field.name
        for model in apps.get_models()
        for field in model._meta.get_fields()  # documented by Django
    }
    return frozenset((answers | columns | _MIGHTY) - _OTHER_WORDS)


def along(walk: Walk, sent: Sent) -> Iterator[str]:
    """Fields that are not this body's own, and were not refused one by one."""
    row = sent.row()
    for at, fields in objects(sent.schema):
        body = filled(row.sends, walk.world.names)
        strange = not_for_sending() - fields.keys()
        for name in sorted(strange):
            body = put(body, f"{at}{name}", PLANTED)
        reply, written = walk.change(replace(row, sends=body))
        refused = {each["field"].rpartition(".")[2] for each in reply.json().get("errors", [])}
        if code_of(reply) != "422" or written or not strange <= refused:
            taken = sorted(strange - refused)
            yield f"{at or 'body'}: {code_of(reply)}, took {taken}, wrote {sorted(written)}"


def overlooks(row: Row) -> bool:
    return any(
        row.route == each or (each.endswith("/") and row.route.startswith(each))
        for each in document()["overlook"]
    )


def stored(walk: Walk, row: Row) -> str:
    """What came of a form with fields that are not its own: 422, or nothing of them in any row."""
    body = dict(filled(row.sends, walk.world.names) or {})
    own = DraftForm.model_fields if row.pattern.endswith("/log/draft") else {}
    strange = dict.fromkeys(not_for_sending() - body.keys() - own.keys(), PLANTED)
    mighty = {"role": "superadmin", "is_superuser": "1", "is_staff": "1", "status": "completed"}
    strange |= {name: value for name, value in mighty.items() if name in strange}
    before = _found()
    reply = walk.answer(replace(row, sends={**strange, **body}), look=_found)
    if reply.seen != before:
        return f"stored: {reply.seen} instead of {before}"
    return "" if overlooks(row) or code_of(reply) == "422" else code_of(reply)


def _found() -> dict[str, int]:
    """How many are mighty, and the tables in which something of what was planted stands."""
    tables = connection.introspection.table_names()
    told = " UNION ALL ".join(
        f"SELECT '{table}', count(*) FROM {table} AS row WHERE row::text LIKE '%{PLANTED}%'"  # noqa: S608  # our own tables
        for table in tables
    )
    mighty = "SELECT 'mighty', count(*) FROM person WHERE role = 'superadmin'"
    with connection.cursor() as cursor:
        cursor.execute(f"{mighty} UNION ALL {told}")
        return {name: count for name, count in cursor.fetchall() if count}
