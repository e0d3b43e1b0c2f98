"""Methods that have no row: HEAD, OPTIONS, those that do not exist, and those smuggled in."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from tests.permissions.callers import ACTORS, make_callers
from tests.permissions.table import Row, rows
from tests.permissions.walking import Walk, code_of
from tests.permissions.world import World

from tutelage.api.root import api

OVERRIDES = ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override")
OPERATIONS = {
    (method.upper(), path)
    for path, each in api.get_openapi_schema()["paths"].items()
    for method in each
}
# A page has rows for GET and POST; PUT, PATCH and DELETE of pages are walked beside the matrix.
OTHERS = ("HEAD", "OPTIONS", "TRACE")


def patterns() -> dict[str, Row]:
    """The first row of each: what a GET is answered, where there is one."""
    found: dict[str, Row] = {}
    for row in rows():
        if row.method == "GET" or row.pattern not in found:
            found[row.pattern] = found.get(row.pattern, row) if row.method != "GET" else row
    return found


def due(row: Row, method: str, actor: str) -> set[str]:
    """The API has the methods of its document alone; a page answers HEAD as GET, and no other."""
    nobody = row.answers["anonymous"] == "login" == row.answers[actor]
    if row.pattern.startswith("/account/") and method != "HEAD":
        return {"200", "302", "403", "404", "405", "429", "login"}  # each as the library pleases
    if (row.method, row.pattern) in OPERATIONS:
        return {"405"}
    if method == "HEAD" or row.is_api:  # the API's own documents are read by whatever method
        return {row.answers[actor]}
    if nobody:
        return {"login", "405"}
    return {"405"}


def unexpected(walk: Walk, asked: Iterable[tuple[str, Row]]) -> dict[str, str]:
    found = {}
    for method, row in asked:
        reply, written = walk.read(row, method=method)
        got = code_of(reply)
        if got not in due(row, method, walk.caller.name):
            found[f"{method} {row.pattern}"] = (
                f"{got} instead of {due(row, method, walk.caller.name)}"
            )
        if written:
            found[f"{method} {row.pattern}"] = f"wrote {written}"
        if method == "HEAD" and reply.content:
            found[f"{method} {row.pattern}"] = "has a body"
    return found


@pytest.mark.parametrize("walk", ACTORS, indirect=True)
def test_methods_without_a_row_are_answered_by_rule_and_write_nothing(walk: Walk) -> None:
    methods = OTHERS if walk.caller.name in {"anonymous", "superadmin"} else ("HEAD",)
    asked = [(method, row) for row in patterns().values() for method in methods]

    assert unexpected(walk, asked) == {}


@pytest.mark.parametrize("walk", ["anonymous", "superadmin", "write_token"], indirect=True)
def test_the_api_takes_no_method_that_its_document_does_not_have(walk: Walk) -> None:
    ours = {path for _, path in OPERATIONS}
    taken = {
        f"{method} {pattern}": code
        for pattern, row in patterns().items()
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        if pattern in ours and (method, pattern) not in OPERATIONS
        for code in [code_of(walk.caller.ask(method, row.path(walk.world.names)))]
        if code != "405"
    }

    assert taken == {}


def smuggled(walk: Walk, asked: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """Where a header makes another request of one; the address is the same, so are the rights."""
    for row in asked:
        reply, written = walk.read(row, **dict.fromkeys(OVERRIDES, "DELETE"))
        if code_of(reply) != row.answers[walk.caller.name]:
            yield str(row), code_of(reply)
        if row.method == "GET" and written:
            yield str(row), f"wrote {written}"


@pytest.mark.parametrize("walk", ["mentor"], indirect=True)
def test_no_header_makes_another_method_of_one(walk: Walk) -> None:
    asked = [row for row in rows() if row.method in {"GET", "POST"}]

    assert dict(smuggled(walk, asked)) == {}


class Overriding:
    """The mistake: it does what such a header says."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.method = request.headers.get(OVERRIDES[0], request.method)
        answer: HttpResponse = self.get_response(request)
        return answer


@override_settings(MIDDLEWARE=[f"{__name__}.Overriding", *settings.MIDDLEWARE])
def test_a_header_that_is_obeyed_is_reported(world: World) -> None:
    walk = Walk(world, make_callers(world)["mentor"])
    [draft] = [row for row in rows() if row.route == "GET /api/sessions/{session_id}/log/draft"]

    assert dict(smuggled(walk, [draft])) == {str(draft): "204"}
