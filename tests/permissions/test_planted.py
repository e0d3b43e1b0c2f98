"""The gate itself is tested: each kind of mistake is made on purpose, and has to be reported."""

import json
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import clear_url_caches, path
from tests.permissions import reading
from tests.permissions.callers import make_callers
from tests.permissions.table import Row, routes, rows
from tests.permissions.walking import Walk
from tests.permissions.world import LINK, World

from tutelage.api import sessions as api_sessions
from tutelage.config import urls
from tutelage.core.compiled import Reading
from tutelage.core.errors import NotFound
from tutelage.core.policy import ALLOW
from tutelage.domain.people import policies
from tutelage.domain.programs import queries as programs
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions import queries
from tutelage.domain.sessions.models import Session, SessionQuerySet
from tutelage.domain.sessions.services import rows as taking

ONE = "GET /api/sessions/{session_id}"
LIST = "GET /api/sessions"
PAIR = "GET /api/mentorships/{mentorship_id}"


def of(route: str) -> list[Row]:
    return [row for row in rows() if row.route == route]


@pytest.fixture
def member(world: World) -> Walk:
    return Walk(world, make_callers(world)["member"])


@pytest.fixture
def mentor(world: World) -> Walk:
    return Walk(world, make_callers(world)["mentor"])


@pytest.fixture
def no_scope(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    """Everybody sees every session, also by what is compiled once; nothing of it stays."""
    monkeypatch.setattr(SessionQuerySet, "visible_to", lambda found, _actor: found)
    for module, name in ((queries, "_session_of"), (taking, "_locked")):
        monkeypatch.setattr(module, name, Reading(getattr(module, name).rows))


@pytest.mark.usefixtures("no_scope")
def test_a_missing_scope_is_reported(member: Walk) -> None:
    assert member.unexpected(of(ONE))[ONE] == "200 instead of 404"
    assert reading.troubles(member, of(ONE))[ONE] >= {member.world.pairs["pair"]}
    assert "Sentinel of the outcomes" in reading.troubles(member, of(ONE))[f"{ONE} held"]


def test_a_missing_check_of_a_role_is_reported(
    member: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policies, "can_manage_people", lambda _actor: ALLOW)

    found = member.unexpected(row for row in rows() if row.pattern in {"/api/people", "/people"})

    assert found["GET /api/people"] == "200 instead of 403"
    assert found["GET /people"] == "200 instead of 403"
    assert found["POST /api/people"] == "201 instead of 403"


def test_an_answer_that_tells_that_something_exists_is_reported(
    member: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = queries.get_session

    def tell(*, actor: Any, session_id: Any, **given: Any) -> Session:
        if not Session.objects.visible_to(actor).filter(pk=session_id).exists():
            there = Session.objects.filter(pk=session_id).exists()
            raise NotFound("It is not yours." if there else "There is no such session.")
        return asked(actor=actor, session_id=session_id, **given)

    monkeypatch.setattr(queries, "get_session", tell)

    assert member.telling(of(ONE))[ONE] == "the words differ"


def test_a_field_too_many_and_a_secret_in_it_are_reported(
    mentor: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = api_sessions.page_of_lines

    def leak(*given: Any) -> HttpResponse:
        body = json.loads(page(*given).content)
        for line in body["sessions"]:
            line["meeting_link"] = LINK
        return HttpResponse(json.dumps(body), content_type="application/json")

    monkeypatch.setattr(api_sessions, "page_of_lines", leak)
    [row] = of(LIST)

    fields = set(reading.fields_of(mentor.answer(row).json()))

    assert fields - reading.fields_due(LIST) == {"sessions.meeting_link"}
    assert reading.troubles(mentor, [row]) == {LIST: {"sentinel-of-the-link"}}


def test_a_read_that_writes_is_reported_even_if_it_writes_what_was_there(
    mentor: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = programs.get_mentorship

    def write(**given: Any) -> Mentorship:
        found = asked(**given)
        found.save(update_fields=["version"])
        return found

    monkeypatch.setattr(programs, "get_mentorship", write)

    assert reading.troubles(mentor, of(PAIR)) == {PAIR: {"mentorship"}}


def test_a_route_without_a_row_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def planted(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, path("planted", planted)])
    clear_url_caches()
    try:
        new = routes() - {row.route for row in rows()}
    finally:
        monkeypatch.undo()
        clear_url_caches()

    assert new == {"GET /planted", "POST /planted"}
