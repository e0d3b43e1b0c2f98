"""What is taken from somebody is gone with the next request, and nobody is told who is here."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
import time_machine
from tests.permissions.callers import Caller, make_callers
from tests.permissions.world import World

from tutelage.core.clock import now
from tutelage.domain.people.lifecycle import Role
from tutelage.domain.people.models import ApiToken, User
from tutelage.domain.people.services import revoke_token
from tutelage.domain.programs.inputs import MoveMentorship
from tutelage.domain.programs.lifecycle import PairAction
from tutelage.domain.programs.services import move_mentorship

Take = Callable[[World], object]


def status(caller: Caller, method: str, path: str, body: Any = None) -> str:
    reply = caller.ask(method, path, body)
    led = reply.headers.get("Location", "").startswith("/account/login/")
    return "login" if led else str(reply.status_code)


def demote(world: World) -> None:
    User.objects.filter(pk=world.people["admin"].pk).update(role=Role.USER)


def disable(world: World) -> None:
    User.objects.filter(pk=world.people["mentor"].pk).update(is_active=False)


def end_pair(world: World) -> None:
    given = MoveMentorship(action=PairAction.END, reason="It was enough")
    pair = UUID(world.pairs["pair"])
    move_mentorship(actor=world.people["mentor"], mentorship_id=pair, given=given)


def revoke_all(world: World) -> None:
    for token in ApiToken.objects.filter(user=world.people["mentor"], revoked_at=None):
        revoke_token(actor=world.people["mentor"], token_id=token.uid)


SESSIONS, PEOPLE, TIMES = "/api/sessions", "/people", "/api/people/{host}/slots"
ASK = ("POST", "/api/sessions", {"mentorship": "pair", "zone": "UTC", "local_start": "start"})
BOOK = ("POST", "/api/people/{host}/bookings", {"zone": "UTC", "local_start": "start"})


@pytest.mark.parametrize(
    ("take", "name", "asked", "before", "after"),
    [
        (demote, "admin", ("GET", PEOPLE), "200", "403"),
        (demote, "admin", ("GET", "/api/people"), "200", "403"),
        (demote, "admin", ("GET", "/api/sessions/{planned}"), "200", "404"),
        (demote, "admin", ("GET", "/sessions/{planned}"), "200", "404"),
        (disable, "mentor", ("GET", "/"), "200", "login"),
        (disable, "mentor", ("GET", SESSIONS), "200", "401"),
        (disable, "write_token", ("GET", SESSIONS), "200", "401"),
        (disable, "read_token", ("GET", SESSIONS), "200", "401"),
        (disable, "mentee", ("GET", TIMES), "200", "404"),
        (revoke_all, "write_token", ("GET", SESSIONS), "200", "401"),
        (revoke_all, "read_token", ("GET", SESSIONS), "200", "401"),
        (end_pair, "mentee", ASK, "201", "403"),
        (end_pair, "write_token", ASK, "201", "403"),
        (end_pair, "mentee", BOOK, "201", "404"),
        (end_pair, "mentee", ("GET", TIMES), "200", "404"),
        (end_pair, "mentee", ("GET", "/book/{host}"), "200", "404"),
    ],
    ids=lambda each: getattr(each, "__name__", str(each)),
)  # fmt: skip
def test_what_is_taken_is_gone_with_the_next_request(
    world: World, take: Take, name: str, asked: tuple[Any, ...], before: str, after: str
) -> None:
    """The login and the token are those of before: nobody has to log out for it."""
    caller = make_callers(world)[name]
    method, path, *bodies = asked
    body = {key: world.names.get(said, said) for each in bodies for key, said in each.items()}
    path = path.format(**world.names)

    assert status(caller, method, path, body) == before
    take(world)
    assert status(caller, method, path, body) == after


def said(reply: Any, email: str) -> str:
    """Without what was typed, what is different each time, and the address it was sent from."""
    text = reply.content.decode().replace(email, "…")
    return f"{reply.status_code} " + re.sub(r"\b\w{64}\b|nonce-[\w-]+", "", text)


@pytest.mark.parametrize(
    ("name", "path", "field"),
    [
        ("mentee", "/api/mentorships/proposals", "email"),
        ("mentee", "/mentorships/propose", "email"),
        ("admin", "/api/mentorships", "mentor_email"),
    ],
)
def test_who_was_disabled_is_told_apart_from_nobody_by_nothing(
    world: World, name: str, path: str, field: str
) -> None:
    given = {"role": "mentor", "cadence_days": "14"} if name == "mentee" else {}
    given |= {"mentee_email": world.names["person_email"]} if name == "admin" else {}
    caller = make_callers(world)[name]

    with time_machine.travel(now(), tick=False):  # pages say what time it is
        answers = {
            said(caller.ask("POST", path, {**given, field: email}), email)
            for email in (world.names["disabled_email"], "nobody@example.org")
        }

    assert len(answers) == 1
    assert answers.pop().startswith("422")


@pytest.mark.parametrize("name", ["anonymous", "member", "other_mentor", "mentee", "mentor"])
def test_nobody_but_administrators_can_look_people_up(world: World, name: str) -> None:
    """What is typed into a choice of people is completed for administrators alone."""
    caller = make_callers(world)[name]
    for person in ("host", "person", "member"):
        typed = world.names[person]
        answers = {
            caller.ask("GET", f"/mentorships/people?mentor_email={asked}").status_code
            for asked in (typed, "nobody")
        }
        assert len(answers) == 1
        assert answers <= {302, 403}
