"""Which changes ask for the version that was seen: those of the OpenAPI document, and each form."""

from typing import Any, Final

import pytest
from tests.permissions.callers import JSON, Caller, make_callers, undone
from tests.permissions.table import Row, rows
from tests.permissions.world import World, build_world, filled

from tutelage.api.root import api

pytestmark = pytest.mark.django_db
# What is one person's alone, or only revoked, has no version.
WITHOUT: Final = {
    "DELETE /api/tokens/{token_id}",
    "DELETE /api/sessions/{session_id}/log/draft",
    "DELETE /api/mentorships/{mentorship_id}/log/draft",
}
FORMS: Final = {
    "accept", "cancel", "correct", "counter", "decline", "log", "no-show", "reinstate",
    "reschedule", "start", "withdraw", "change", "{action}",
}  # fmt: skip
ACTORS: Final = ("mentor", "mentee", "admin")
OLD: Final = "999999"


@pytest.fixture(scope="module")
def operations() -> dict[str, Any]:
    paths = api.get_openapi_schema()["paths"]
    return {
        f"{method.upper()} {path}": operation
        for path, methods in paths.items()
        for method, operation in methods.items()
    }


@pytest.fixture
def world() -> World:
    return build_world()


def takes_version(operation: Any) -> bool:
    headers = {each["name"] for each in operation.get("parameters", ()) if each["in"] == "header"}
    return "if-match" in {name.lower().replace("_", "-") for name in headers}


def tried(world: World, caller: Caller, row: Row, headers: dict[str, str]) -> int:
    """Send it as the table does, with other headers; nothing of it is kept."""
    body, path = filled(row.sends, world.names), row.path(world.names)
    call = getattr(caller.client, row.method.lower())
    with undone():
        reply = call(path, body or {}, content_type=JSON, headers=headers)
        return int(reply.status_code)


def who_may(row: Row) -> str | None:
    return next((who for who in ACTORS if row.answers[who][0] in "23"), None)


def test_each_patch_and_delete_asks_for_the_version(operations: dict[str, Any]) -> None:
    asking = {route for route, each in operations.items() if takes_version(each)}
    changes = {route for route in operations if route.startswith(("PATCH", "DELETE"))}

    assert changes - asking == WITHOUT


def test_without_a_version_428_and_with_an_old_one_412(
    world: World, operations: dict[str, Any]
) -> None:
    callers, told = make_callers(world), {}
    for row in rows():
        operation = operations.get(row.route)
        if operation is None or not takes_version(operation) or not (who := who_may(row)):
            continue
        sent = [{}, {"If-Match": f'"{OLD}"'}, {"If-Match": "*"}, {"If-Match": 'W/"1"'}]
        told[str(row)] = [tried(world, callers[who], row, headers) for headers in sent]

    actions = {row for row in told if row.startswith("POST") or "draft" in row}
    required = {row: said for row, said in told.items() if row not in actions}
    assert len(required) >= 5, "It looked at too little."
    assert {row: said for row, said in required.items() if said != [428, 412, 412, 412]} == {}
    assert len(actions) >= 10, "It looked at too little."
    stale = {row: told[row] for row in actions if told[row][1:] != [412, 412, 412]}
    assert stale == {}, "If-Match may be left away here; if it is sent, it holds."


def test_each_form_of_a_session_or_a_pair_holds_to_the_version_it_was_made_from(
    world: World,
) -> None:
    callers, told = make_callers(world), {}
    for row in rows():
        what = row.pattern.rpartition("/")[2]
        is_form = not row.is_api and row.method == "POST" and what in FORMS
        is_new = row.pattern == "/mentorships/{mentorship_id}/log"
        if not is_form or is_new or not (who := who_may(row)):
            continue
        body = {**(filled(row.sends, world.names) or {}), "version": OLD}
        with undone():
            told[str(row)] = callers[who].client.post(row.path(world.names), body).status_code

    assert {row: status for row, status in told.items() if status != 412} == {}
    assert len(told) >= len(FORMS) - 1, "It looked at too little."
