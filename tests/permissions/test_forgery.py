"""What a browser sends by itself changes nothing: each change needs the token against forgery."""

from collections.abc import Iterable, Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import clear_url_caches, path
from django.views.decorators.csrf import csrf_exempt
from tests.permissions.callers import Caller
from tests.permissions.table import Row, rows
from tests.permissions.walking import Walk, code_of
from tests.permissions.world import World

from tutelage.config import urls
from tutelage.domain.people.models import User

# Reading, by whatever method: the API's own documents.
READ = {"POST /api/", "POST /api/docs", "POST /api/openapi.json"}
# Whoever could forge this one would have to know the secret in its address.
KNOWS_A_SECRET = {"POST /j/{token}"}
CHANGES = [
    row
    for row in rows()
    if row.method not in {"GET", "HEAD"} and row.route not in READ | KNOWS_A_SECRET
]
PAGES = [row for row in CHANGES if not row.is_api]


def browser(world: World, name: str) -> tuple[Walk, str]:
    """One that checks as real ones are checked, and the token it was given."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    person = world.people.get(name)
    if person is not None:
        client.force_login(person)
    client.get("/settings" if person else "/account/login/")
    return Walk(world, Caller(name, client, {})), client.cookies["csrf"].value


def forged(walk: Walk, asked: Iterable[Row], token: str = "") -> Iterator[tuple[str, str]]:
    for row in asked:
        reply, written = walk.read(row, **({"X-CSRFToken": token} if token else {}))
        if reply.status_code != 403 or written:
            yield str(row), f"{reply.status_code}, wrote {sorted(written)}"


@pytest.mark.parametrize("name", ["mentor", "superadmin"])
def test_no_page_and_no_operation_changes_anything_without_the_token(
    world: World, name: str
) -> None:
    walk, token = browser(world, name)

    assert dict(forged(walk, CHANGES)) == {}
    assert dict(forged(walk, CHANGES[:20], token[::-1])) == {}, "of somebody else"


def test_not_even_for_nobody(world: World) -> None:
    walk, _ = browser(world, "anonymous")

    assert dict(forged(walk, PAGES)) == {}


def test_with_the_token_each_is_answered_as_the_table_says(world: World) -> None:
    """The control: nothing else was in the way."""
    walk, token = browser(world, "mentor")
    others = {
        str(row): code
        for row in CHANGES
        if row.answers["mentor"] in {"200", "201", "204", "302"}
        for code in [code_of(walk.read(row, **{"X-CSRFToken": token})[0])]
        if code != row.answers["mentor"]
    }

    assert others == {}


@csrf_exempt
def exempt(request: HttpRequest) -> HttpResponse:
    User.objects.update(name="Somebody else")
    return HttpResponse()


def test_a_page_that_is_exempt_is_reported(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, path("exempt", exempt)])
    clear_url_caches()
    try:
        walk, _ = browser(world, "mentor")
        found = dict(forged(walk, [Row("POST /exempt", {})]))
    finally:
        monkeypatch.undo()
        clear_url_caches()

    assert found == {"POST /exempt": "200, wrote ['person']"}
