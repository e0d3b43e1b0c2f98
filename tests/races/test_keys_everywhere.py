"""Idempotency-Key on every POST of the API: the operations are those of the OpenAPI document."""

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, Final

import pytest
import time_machine
from tests.permissions.callers import JSON, Caller, make_callers, undone
from tests.permissions.table import Row, rows
from tests.permissions.world import World, build_world, filled

from tutelage.api import idempotency
from tutelage.api.root import api
from tutelage.core.clock import now
from tutelage.domain.journal.models import Entry, IdempotencyKey
from tutelage.domain.people.lifecycle import Role, Scope
from tutelage.domain.people.models import ApiToken, User
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.models import Participant

pytestmark = pytest.mark.django_db
SECRET_WORDS: Final = {"url", "token", "link", "passcode", "secret", "password"}
ACTORS: Final = ("mentee", "mentor", "superadmin", "member")


@dataclass(frozen=True)
class Post:
    """One POST that the table of permissions lets somebody do."""

    row: Row
    caller: Caller
    world: World

    def send(self, key: str | None = "k", *, body: bytes | None = None, path: str = "") -> Any:
        names = self.world.names
        headers = {**self.caller.headers, **filled(dict(self.row.headers), names)}
        headers |= {"Idempotency-Key": key} if key is not None else {}
        sent = self.body if body is None else body
        path = path or self.row.path(names)
        return self.caller.client.post(path, sent, content_type=JSON, headers=headers)

    @property
    def body(self) -> bytes:
        return json.dumps(filled(self.row.sends, self.world.names) or {}).encode()

    def __str__(self) -> str:
        return str(self.row)


@cache
def operations() -> dict[str, Any]:
    paths = api.get_openapi_schema()["paths"]
    return {f"POST {path}": methods["post"] for path, methods in paths.items() if "post" in methods}


def is_secret(operation: Any) -> bool:
    return "x-secret-answer" in operation


@pytest.fixture
def posts() -> list[Post]:
    """Each POST there is, in each case in which somebody may do it."""
    world = build_world()
    callers = make_callers(world)
    found = []
    for row in rows():
        if row.route in operations():
            who = next((name for name in ACTORS if row.answers[name].startswith("2")), None)
            found += [Post(row, callers[who], world)] if who else []
    return found


@pytest.fixture
def kept(posts: list[Post]) -> list[Post]:
    """Those whose answers are kept."""
    secret = {route for route, each in operations().items() if is_secret(each)}
    return [post for post in posts if post.row.route not in secret]


def logging_of(posts: list[Post]) -> Post:
    """A session that was never planned: nothing but the key keeps it from being there twice."""
    pattern = "/api/mentorships/{mentorship_id}/sessions"
    return next(post for post in posts if post.row.pattern == pattern)


def test_each_operation_is_tried_here(posts: list[Post]) -> None:
    assert set(operations()) - {post.row.route for post in posts} == set()
    assert len(posts) > 20, "It looked at too little."


SAME = ("Content-Type", "ETag", "Location")


def test_sent_again_each_gives_the_first_answer_and_is_not_done_again(kept: list[Post]) -> None:
    wrong = {}
    for post in kept:
        with undone():
            first, written = post.send(), Entry.objects.count()
            again = post.send()
        said = [
            (each.status_code, each.content, *(each.get(name) for name in SAME))
            for each in (first, again)
        ]
        marked = ["Idempotency-Replayed" in each for each in (first, again)]
        if said[0] != said[1] or marked != [False, True] or Entry.objects.count() > written:
            wrong[str(post)] = said
    assert wrong == {}


def test_another_body_with_the_same_key_is_refused(kept: list[Post]) -> None:
    told = {}
    for post in kept:
        with undone():
            post.send()
            other = post.send(body=post.body + b" ")
            told[str(post)] = (other.status_code, other.json()["code"])
    assert set(told.values()) == {(422, "idempotency_key_reused")}, told


def test_a_refusal_is_not_kept_and_the_key_is_free_again(kept: list[Post]) -> None:
    told = {}
    for post in kept:
        with undone():
            refused = post.send(body=b'{"no such field": 1}').status_code
            done = post.send()
            told[str(post)] = (refused, done.status_code, "Idempotency-Replayed" in done)
    assert {(refused, replayed) for refused, _done, replayed in told.values()} == {(422, False)}
    assert {done for _refused, done, _replayed in told.values()} <= {200, 201, 204}, told


@pytest.mark.parametrize("key", ["", "x" * 256, "clé"])
def test_a_key_that_is_none_is_refused_and_nothing_is_done(posts: list[Post], key: str) -> None:
    told = {}
    for post in posts:
        with undone():
            written = Entry.objects.count()
            told[str(post)] = (post.send(key).status_code, Entry.objects.count() - written)
    assert set(told.values()) == {(400, 0)}, told


def test_one_key_at_two_addresses_and_of_two_people_is_two_requests(kept: list[Post]) -> None:
    log = logging_of(kept)
    first = log.send()
    elsewhere = log.send(path=f"/api/jam{log.row.path(log.world.names).removeprefix('/api')}")
    other = Post(log.row, make_callers(log.world)["mentor"], log.world).send()

    assert [reply.status_code for reply in (first, elsewhere, other)] == [201] * 3
    assert len({reply.json()["id"] for reply in (first, elsewhere, other)}) == 3


def test_an_answer_is_kept_for_a_day(kept: list[Post]) -> None:
    log = logging_of(kept)
    began = now()
    first = log.send()
    with time_machine.travel(began + timedelta(hours=23, minutes=59), tick=False):
        assert log.send().content == first.content
    with time_machine.travel(began + timedelta(hours=24, minutes=1), tick=False):
        assert log.send().json()["id"] != first.json()["id"]


def test_answers_with_secrets_are_never_kept_and_are_done_again(posts: list[Post]) -> None:
    secret = {route for route, each in operations().items() if is_secret(each)}
    assert secret == {"POST /api/tokens", "POST /api/sessions/{session_id}/join"}
    for post in posts:
        if post.row.route in secret:
            with undone():
                first, again = post.send(), post.send()
                assert first.status_code == again.status_code
                assert "Idempotency-Replayed" not in again
                assert not IdempotencyKey.objects.exists()


def holds_secret(operation: Any, schemas: dict[str, Any]) -> bool:
    """Whether an answer has a field that by its name opens something."""
    answers = [
        content["schema"]["$ref"].rpartition("/")[2]
        for answer in operation["responses"].values()
        for content in answer.get("content", {}).values()
        if "$ref" in content["schema"]
    ]
    return any(SECRET_WORDS & set(schemas[name]["properties"]) for name in answers)


def test_no_answer_with_a_secret_is_kept_because_nobody_said_so() -> None:
    schemas = api.get_openapi_schema()["components"]["schemas"]
    secret = {route for route, each in operations().items() if holds_secret(each, schemas)}

    assert secret == {route for route, each in operations().items() if is_secret(each)}


def shown_to_strangers(kept: list[Post]) -> set[str]:
    """Where who was taken out of a session, or of the pair, still gets the first answer."""
    told = {}
    for post in kept:
        side = post.caller.name
        with undone():
            if side in {"mentor", "mentee"} and post.send().content:
                Participant.objects.filter(user=post.world.people[side]).delete()
                pair = Mentorship.objects.filter(program__uid=post.world.names["pair"])
                pair.update(**{side: post.world.people["member"]})
                told[str(post)] = post.send().status_code
    assert len(told) > 10, "It looked at too little."
    return {post for post, status in told.items() if status != 404}


def test_what_one_may_no_longer_see_is_not_shown_again(kept: list[Post]) -> None:
    theirs = {"POST /api/mentorships/proposals"}  # of another pair
    assert shown_to_strangers(kept) <= theirs


def test_without_asking_again_it_would_be_shown(
    kept: list[Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "_NAMED", re.compile("(never)(this)"))
    assert len(shown_to_strangers(kept)) > 10


def test_who_may_do_less_than_then_is_not_answered_as_then(posts: list[Post]) -> None:
    [made] = [post for post in posts if str(post) == "POST /api/people"]
    token = make_callers(made.world)["write_token"]
    log = logging_of(posts)
    by_token = Post(log.row, token, log.world)
    made.send()
    by_token.send()

    User.objects.filter(pk=made.world.people["superadmin"].pk).update(role=Role.USER)
    assert made.send().status_code == 403
    ApiToken.objects.update(scopes=[Scope.READ])
    assert by_token.send().status_code == 403
    ApiToken.objects.update(scopes=[Scope.READ, Scope.WRITE], revoked_at=now())
    assert by_token.send().status_code == 401
