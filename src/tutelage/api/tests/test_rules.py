"""What holds for each operation: who calls, how often, and in which shape errors come."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client

from tutelage.api.tests.clients import JSON, ApiClient, assert_problem, client_of
from tutelage.api.tests.test_sessions import asking
from tutelage.core.clock import now
from tutelage.domain.journal.models import IdempotencyKey
from tutelage.domain.journal.services import Request, find_answer
from tutelage.domain.people.lifecycle import Role, Scope
from tutelage.domain.people.models import ApiToken, User
from tutelage.domain.people.tests.builders import make_admin, make_token, make_user
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.sessions.models import Session

pytestmark = pytest.mark.django_db


def test_the_same_request_again_gets_the_first_answer_and_is_not_done_again() -> None:
    pair = make_pair()
    client, body = client_of(pair.mentee), asking(pair)

    first, again = [client.send("post", "/sessions", body, idempotency_key="k1") for _ in range(2)]

    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert (again["Location"], again["ETag"]) == (first["Location"], first["ETag"])
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert Session.objects.count() == 1


def test_another_body_is_refused_and_another_person_is_another_request() -> None:
    pair = make_pair()
    mentee, body = client_of(pair.mentee), asking(pair)
    mentee.send("post", "/sessions", body, idempotency_key="k1")

    other = mentee.send("post", "/sessions", {**body, "note": "b"}, idempotency_key="k1")
    assert_problem(other, 422, "idempotency_key_reused")
    mentor = client_of(pair.mentor).send("post", "/sessions", body, idempotency_key="k1")
    assert_problem(mentor, 409, "slot_taken", "local_start")


def test_a_refusal_is_not_remembered_and_an_answer_only_for_a_day() -> None:
    pair = make_pair()
    client = client_of(pair.mentee)
    wrong, right = {"kind": "live"}, asking(pair)
    assert client.send("post", "/sessions", wrong, idempotency_key="k").status_code == 422
    assert client.send("post", "/sessions", right, idempotency_key="k").status_code == 201

    with time_machine.travel(now() + timedelta(hours=25)):
        reply = client.send("post", "/sessions", right, idempotency_key="k")
    assert_problem(reply, 409, "slot_taken", "local_start")


@pytest.mark.parametrize("key", ["", "x" * 256, "clé"])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    pair = make_pair()
    reply = client_of(pair.mentee).send("post", "/sessions", asking(pair), idempotency_key=key)
    assert_problem(reply, 400, "bad_request")


def test_answers_with_secrets_are_not_kept() -> None:
    client = Client()
    client.force_login(make_user())
    made = [
        client.post("/api/tokens", {"name": "a"}, JSON, headers={"Idempotency-Key": "k"}).json()
        for _ in range(2)
    ]
    assert made[0]["token"] != made[1]["token"]
    assert not IdempotencyKey.objects.exists()


def test_who_was_demoted_does_not_get_the_old_answer() -> None:
    admin = make_admin()
    client, body = client_of(admin), {"name": "New", "email": "new@example.org"}
    assert client.send("post", "/people", body, idempotency_key="k").status_code == 201
    User.objects.update(role=Role.USER)

    assert_problem(client.send("post", "/people", body, idempotency_key="k"), 403, "not_permitted")


@pytest.mark.django_db(transaction=True)
def test_of_ten_at_once_with_one_key_one_is_done() -> None:
    pair = make_pair()
    start, token, body = Barrier(10), make_token(pair.mentee), asking(pair)

    def attempt(_: int) -> int:
        try:
            connection.ensure_connection()
            start.wait()
            client = ApiClient(token)
            reply = client.send("post", "/sessions", body, idempotency_key="k")
            return int(reply.status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(attempt, range(10)))

    assert set(answers) <= {201, 409}
    assert 201 in answers
    assert Session.objects.count() == 1


def test_a_request_still_at_work_is_said_so(transactional_db: None) -> None:
    pair = make_pair()
    client = client_of(pair.mentee)
    with ThreadPoolExecutor(1) as other:
        other.submit(_hold, pair, client).result()
        reply = client.send("post", "/sessions", asking(pair), idempotency_key="k")
        other.submit(_let_go).result()
    assert_problem(reply, 409, "idempotency_key_in_use")


def _hold(pair: Mentorship, client: Any) -> None:
    transaction.set_autocommit(False)
    find_answer(Request(pair.mentee_id, "POST", "/api/sessions", "k", b""))


def _let_go() -> None:
    transaction.rollback()
    connection.close()


def test_a_token_that_can_only_read_changes_nothing() -> None:
    pair = make_pair()
    client = client_of(pair.mentee, Scope.READ)

    assert client.send("get", "/sessions").status_code == 200
    assert_problem(client.send("post", "/sessions", asking(pair)), 403, "scope_too_small")
    assert not Session.objects.exists()


@pytest.mark.parametrize("end", ["expires_at", "revoked_at", "is_active"])
def test_a_token_ends_with_its_time_its_revocation_or_its_person(end: str) -> None:
    user = make_user()
    client = client_of(user)
    assert client.send("get", "/me").json()["email"] == user.email

    if end == "is_active":
        User.objects.update(is_active=False)
    else:
        ApiToken.objects.update(**{end: now()})

    assert_problem(client.send("get", "/me"), 401, "unauthorized")


def test_no_token_begets_another() -> None:
    reply = client_of(make_user()).send("post", "/tokens", {"name": "a"})
    assert_problem(reply, 403, "not_permitted")


def test_a_login_session_needs_its_csrf_token_and_a_stranger_gets_401() -> None:
    client = Client(enforce_csrf_checks=True)
    assert_problem(client.get("/api/sessions"), 401, "unauthorized")
    assert_problem(client.post("/api/sessions", {}, JSON), 401, "unauthorized")

    client.force_login(make_user())
    assert client.get("/api/sessions").status_code == 200
    assert_problem(client.post("/api/sessions", {}, JSON), 403, "forbidden")


def test_errors_before_and_beyond_the_api_are_problems_too() -> None:
    client = client_of(make_user())
    assert_problem(client.send("post", "/sessions", "{"), 400, "bad_request")
    assert_problem(client.send("get", "/nowhere"), 404, "not_found")
    assert_problem(client.send("put", "/sessions"), 405, "method_not_allowed")


def test_people_are_for_administrators() -> None:
    assert_problem(client_of(make_user()).send("get", "/people"), 403, "not_permitted")
    admin = client_of(make_admin())
    made = admin.send("post", "/people", {"name": "Zoë", "email": "Zoe@Example.org"})
    assert (made.status_code, made.json()["email"]) == (201, "zoe@example.org")
    found = admin.send("get", "/people?q=zoe").json()["people"]
    assert [person["name"] for person in found] == ["Zoë"]
    again = admin.send("post", "/people", {"name": "Zoë", "email": "zoe@example.org"})
    assert_problem(again, 422, "invalid_input", "email")
    mighty = admin.send("post", "/people", {"name": "A", "email": "a@b.org", "role": "superadmin"})
    assert_problem(mighty, 403, "not_permitted")


def test_a_pair_is_made_by_an_administrator_of_two_who_are_here() -> None:
    admin, mentor, mentee = make_admin(), make_user(), make_user()
    body = {"mentor_email": mentor.email, "mentee_email": mentee.email, "cadence_days": 7}

    assert_problem(client_of(mentor).send("post", "/mentorships", body), 403, "not_permitted")
    made = client_of(admin).send("post", "/mentorships", body)
    assert (made.status_code, made.json()["mentee"]["name"]) == (201, mentee.name)
    assert_problem(client_of(admin).send("post", "/mentorships", body), 409, "pair_exists")
    unknown = client_of(admin).send("post", "/mentorships", body | {"mentor_email": "no@b.org"})
    assert_problem(unknown, 422, "invalid_input", "mentor_email")
    same = client_of(admin).send("post", "/mentorships", body | {"mentee_email": mentor.email})
    assert_problem(same, 422, "invalid_input", "mentee_email")
    assert client_of(mentee).send("get", "/mentorships").json()["pagination"]["total"] == 1
    assert client_of(make_user()).send("get", "/mentorships").json()["mentorships"] == []
