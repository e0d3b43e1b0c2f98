"""Whatever the database cannot just now is tried again, and then said so: nothing answers 500."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from tests.faults.troubles import trouble
from tests.permissions.callers import make_callers
from tests.permissions.table import Row, rows
from tests.permissions.world import build_world, filled

from tutelage.api.tests.clients import JSON, assert_problem, client_of
from tutelage.core import transactions
from tutelage.domain.imports.lifecycle import BatchState
from tutelage.domain.imports.services.running import advance_or_fail, start_import
from tutelage.domain.imports.tests.builders import make_file, stage
from tutelage.domain.journal.models import Entry
from tutelage.domain.people.tests.builders import make_admin
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.tests.builders import whole_hour
from tutelage.domain.sessions.models import Session
from tutelage.web import errors

pytestmark = pytest.mark.django_db(transaction=True)
PASSING = ("40001", "40P01", "55P03")
# Who walks a route: the first of these whom the table lets.
ACTORS = ("mentee", "mentor", "superadmin", "member", "anonymous")


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else is there to part from."""
    monkeypatch.setattr(transactions, "_PAUSE_SECONDS", 0)


@pytest.fixture
def pair() -> Mentorship:
    return make_pair()


def asking(pair: Mentorship) -> dict[str, str]:
    start = whole_hour(days=3)
    return {
        "mentorship": str(pair.program.uid),
        "local_start": f"{start:%Y-%m-%dT%H:%M}",
        "zone": "UTC",
    }


def browser_of(pair: Mentorship) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(pair.mentee)
    return client


def asking_by_page(pair: Mentorship, **more: str) -> tuple[str, dict[str, str]]:
    start = whole_hour(days=3)
    fields = {"day": f"{start:%Y-%m-%d}", "hour": f"{start:%H:%M}", "zone": "UTC", **more}
    return f"/mentorships/{pair.program.uid}/ask", {"duration_minutes": "60", **fields}


@pytest.mark.parametrize("state", PASSING)
@pytest.mark.parametrize("headers", [{}, {"idempotency_key": "k"}])
def test_what_passes_is_done_again_unseen_and_done_once(
    pair: Mentorship, state: str, headers: dict[str, str]
) -> None:
    client = client_of(pair.mentee)
    client.send("get", "/me")  # notes that the token was used
    with trouble(state, times=3):
        reply = client.send("post", "/sessions", asking(pair), **headers)

    assert reply.status_code == 201
    assert Session.objects.count() == Entry.objects.filter(type="session.requested").count() == 1


@pytest.mark.parametrize("state", PASSING)
def test_what_passes_is_done_again_on_pages_too(pair: Mentorship, state: str) -> None:
    (path, form), client = asking_by_page(pair), browser_of(pair)
    with trouble(state, times=3):
        reply = client.post(path, form)

    assert reply.status_code == 302
    assert Session.objects.count() == 1


@pytest.mark.parametrize("headers", [{}, {"idempotency_key": "k"}])
def test_the_fourth_time_it_is_said_so_and_nothing_is_kept(
    pair: Mentorship, headers: dict[str, str]
) -> None:
    client = client_of(pair.mentee)
    client.send("get", "/me")
    with trouble("40P01") as met:
        reply = client.send("post", "/sessions", asking(pair), **headers)
        assert met.count() == 4

    assert_problem(reply, 503, "service_unavailable")
    assert int(reply["Retry-After"]) > 0
    assert not Session.objects.exists()
    again = client.send("post", "/sessions", asking(pair), **headers)
    assert (again.status_code, "Idempotency-Replayed" in again) == (201, False)


def test_what_took_too_long_is_not_tried_again(pair: Mentorship) -> None:
    client = client_of(pair.mentee)
    client.send("get", "/me")
    with trouble("57014") as met:
        reply = client.send("post", "/sessions", asking(pair))
        assert met.count() == 1

    assert_problem(reply, 503, "service_unavailable")


def test_a_page_keeps_what_was_typed_and_sends_it_again(pair: Mentorship) -> None:
    path, form = asking_by_page(pair, note='Read "a < b"\nfirst')
    client = browser_of(pair)
    with trouble("40P01"):
        reply = client.post(path, form)

    assert (reply.status_code, reply["Retry-After"]) == (503, "2")
    page = reply.content.decode()
    [kept] = re.findall(rf'<form method="post" action="{path}">(.*?)</form>', page, re.DOTALL)
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', kept))
    again = {name: unescape(value) for name, value in fields.items() if name in form}
    assert again == form
    assert client.post(path, again).status_code == 302


def test_a_part_of_a_page_is_answered_by_a_notice(pair: Mentorship) -> None:
    (path, form), client = asking_by_page(pair), browser_of(pair)
    with trouble("40P01"):
        reply = client.post(path, form, headers={"HX-Request": "true"})

    assert reply.status_code == 503
    assert b"busy just now" in reply.content
    assert b"<html" not in reply.content


def test_a_password_is_not_kept_in_a_page(pair: Mentorship) -> None:
    pair.mentee.set_password("sentinel")
    pair.mentee.save()
    form = {"login": pair.mentee.email, "password": "sentinel"}
    with trouble("40P01", tables={"django_session"}):
        reply = Client(raise_request_exception=False).post("/account/login/", form)

    assert reply.status_code == 503
    assert b"sentinel" not in reply.content


@pytest.fixture
def locked_out() -> Iterator[None]:
    """Somebody, say a migration, has all login sessions, and is not waited for."""
    other = connection.copy()
    with other.cursor() as cursor, connection.cursor() as own:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE django_session")
        own.execute("SET lock_timeout = '50ms'")
        yield
        own.execute("RESET lock_timeout")
    other.close()


def test_trouble_outside_of_views_is_said_so_too(
    pair: Mentorship, request: pytest.FixtureRequest
) -> None:
    client = browser_of(pair)
    request.getfixturevalue("locked_out")
    reply = client.get("/")

    assert (reply.status_code, reply["Retry-After"]) == (503, "2")
    assert b"busy just now" in reply.content


class Walked:
    """Every write of the table of permissions by an actor who may, none of which can be kept."""

    def __init__(self) -> None:
        self.world = build_world()
        self.callers = make_callers(self.world)
        for caller in self.callers.values():
            caller.client.get("/api/me", headers=dict(caller.headers))
        self.rows = [(row, who) for row in rows() if (who := _who_may(row)) is not None]

    def answer(self, row: Row, who: str) -> Any:
        caller, names = self.callers[who], self.world.names
        path, body = row.path(names), filled(row.sends, names)
        headers = {**caller.headers, **filled(dict(row.headers), names)}
        call = getattr(caller.client, row.method.lower())
        if row.is_api:
            return call(path, body or {}, content_type=JSON, headers=headers)
        return call(path, body or {}, headers=headers)


def _who_may(row: Row) -> str | None:
    if row.method == "GET" or row.pattern.startswith("/account/"):
        return None
    done = ("2", "302")
    return next((who for who in ACTORS if row.answers[who].startswith(done)), None)


def test_no_write_of_any_route_answers_500() -> None:
    walked = Walked()
    told, tries = dict[str, int](), dict[str, int]()
    with trouble("40P01") as met:
        for row, who in walked.rows:
            met.forget()
            told[str(row)] = walked.answer(row, who).status_code
            tries[str(row)] = met.count()

    wrote = {row for row, count in tries.items() if count}
    assert {row: told[row] for row in wrote if told[row] != 503} == {}
    assert {row: tries[row] for row in wrote if tries[row] != 4} == {}
    assert len(wrote) > 60, "It looked at too little."


def test_an_import_is_done_again_and_not_given_up_for_trouble_of_the_database(
    pair: Mentorship,
) -> None:
    admin, start = make_admin(), whole_hour(days=3)
    row = (pair.mentor.email, pair.mentee.email, f"{start:%Y-%m-%d}", f"{start:%H:%M}", 60, "", "")
    batch = stage(admin, make_file(row), usual_zone="UTC")
    start_import(actor=admin, batch_id=batch.uid)
    with trouble("40P01"), pytest.raises(OperationalError):
        advance_or_fail(batch.uid)
    batch.refresh_from_db()
    assert batch.state == BatchState.RUNNING
    with trouble("40P01", times=3):
        assert not advance_or_fail(batch.uid).goes_on

    assert Session.objects.count() == 1


def test_without_the_retry_the_first_failure_is_told(
    pair: Mentorship, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "RETRIES", 0)
    (path, form), client = asking_by_page(pair), browser_of(pair)
    with trouble("40P01", times=1):
        assert client.post(path, form).status_code == 503


def test_without_the_rules_for_troubles_it_would_be_a_500(
    pair: Mentorship, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(errors, "TROUBLES", ())
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if "troubles" not in each]
    (path, form), client = asking_by_page(pair), browser_of(pair)
    with trouble("40P01"):
        assert client.post(path, form).status_code == 500
