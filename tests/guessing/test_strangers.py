"""Who does not know whether somebody has an account cannot learn it by asking."""

import os
import re
from collections.abc import Callable
from secrets import token_urlsafe
from statistics import median
from time import process_time
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from tests.guessing import hashing
from tests.guessing.guessers import LOGIN, RESET, Browser, another, at, mails_to, make_person, tried

from tutelage.config.tests.serving import Served
from tutelage.domain.people.models import User
from tutelage.domain.people.services import make_setup_token
from tutelage.domain.people.tests.builders import make_token, make_user

SIGNUP = "/account/signup/"
DEEP = bool(os.environ.get("DEEP"))
_RANDOM = re.compile(r'value="[^"]*"|nonce="[^"]*"|[\w.+-]+@example\.org')


def ask_login(email: str) -> Any:
    return Client().post(LOGIN, {"login": email, "password": "a guess"})


def ask_reset(email: str) -> Any:
    return Client().post(RESET, {"email": email}, follow=True)


def ask_signup(email: str) -> Any:
    given = {"email": email, "name": "Somebody", "password1": "a long enough one"}
    return Client().post(SIGNUP, given, follow=True)


ASKING = {"login": ask_login, "reset": ask_reset, "signup": ask_signup}


class Cost:
    """What one answer took, and what it said."""

    def __init__(self, ask: Callable[[str], Any], email: str) -> None:
        cache.clear()
        mail.outbox.clear()
        hashing.CountingHasher.asked = 0
        with CaptureQueriesContext(connection) as queries:
            reply = ask(email)
        self.hashes = hashing.CountingHasher.asked
        self.statements = len(queries)
        self.mails = len(mail.outbox)
        self.said = (
            reply.status_code,
            reply.redirect_chain if hasattr(reply, "redirect_chain") else [],
        )
        self.body = _RANDOM.sub("", reply.content.decode())


@pytest.fixture
def emails(db: None, settings: Settings) -> dict[str, str]:
    """Of somebody with a password, somebody who has none yet, somebody whose account is closed."""
    settings.PASSWORD_HASHERS = [hashing.NAME]
    settings.SIGNUP = "open"
    closed = make_person()
    User.objects.filter(pk=closed.pk).update(is_active=False)
    people = {"known": make_person(), "invited": make_user(), "closed": closed}
    return {name: person.email for name, person in people.items()}


@pytest.mark.parametrize("way", ASKING)
@pytest.mark.parametrize("who", ["known", "invited", "closed"])
def test_an_unknown_address_gets_the_same_words_for_the_same_work(
    emails: dict[str, str], way: str, who: str
) -> None:
    Cost(ASKING[way], "first@example.org")  # what is read once is read
    unknown = Cost(ASKING[way], "unknown@example.org")
    known = Cost(ASKING[way], emails[who])

    assert (known.said, known.body) == (unknown.said, unknown.body)
    assert (known.hashes, known.mails) == (unknown.hashes, unknown.mails)
    assert known.hashes == (0 if way == "reset" else 1)


@pytest.mark.django_db
def test_an_unknown_address_takes_as_long(settings: Settings) -> None:
    """By the hasher of real use, in time of the processor; with DEEP=1 to ten milliseconds."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    email, times = make_person().email, dict[str, list[float]]()
    for _ in range(40 if DEEP else 3):
        for asked in (email, "unknown@example.org"):
            cache.clear()
            began = process_time()
            ask_login(asked)
            times.setdefault(asked, []).append(process_time() - began)

    known, unknown = (median(each) for each in times.values())
    print(f"known {known * 1000:.1f} ms, unknown {unknown * 1000:.1f} ms of processor time")
    assert abs(known - unknown) < (0.010 if DEEP else known / 2)


def test_of_two_hundred_resets_asked_for_somebody_three_mails_are_sent(
    guarded: list[Served], home: Any
) -> None:
    email = make_person().email

    def attempt(number: int) -> str:
        with Browser(at(guarded, number), another(number)) as browser:
            return str(browser.post(RESET, {"email": email.upper()}).status_code)

    assert tried(attempt, 200) == {"302": 3, "429": 197}
    assert mails_to(home, email) == 3


def test_of_forty_sign_ups_with_an_address_one_mail_is_sent(
    guarded: list[Served], home: Any
) -> None:
    email = make_person().email
    given = {"email": email, "name": "Somebody", "password1": "a long enough one"}

    def attempt(number: int) -> str:
        with Browser(at(guarded, number), another(number)) as browser:
            return str(browser.post(SIGNUP, given).headers.get("Location", ""))

    assert tried(attempt, 40) == {"/account/confirm-email/": 40}
    assert mails_to(home, email) == 1


@pytest.mark.django_db
def test_what_opens_something_by_itself_has_256_bits_and_a_wrong_one_tells_nothing() -> None:
    """No count is kept of these: nobody's account is named, and there is nothing to be guessed."""
    owner = make_user()
    token, setup = make_token(owner), make_setup_token() or ""
    assert len(token.removeprefix("tut_")) >= 43
    assert len(setup) >= 43

    near = [
        token[:-1],
        f"{token}A",
        token.swapcase(),
        token[:12],
        f"{token[:12]}{token_urlsafe(23)}",
    ]
    bodies = set()
    for wrong in [*near, *(f"tut_{token_urlsafe(32)}" for _ in range(200))]:
        with CaptureQueriesContext(connection) as queries:
            reply = Client().get("/api/me", headers={"Authorization": f"Bearer {wrong}"})
        bodies.add((reply.status_code, reply.content, len(queries)))
    assert len(bodies) == 1
    assert bodies.pop()[0] == 401
    assert Client().get("/api/me", headers={"Authorization": f"Bearer {token}"}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/j/{}", "/setup/{}"])
def test_a_wrong_link_is_told_nothing_else_than_any_other(path: str) -> None:
    make_setup_token()
    wrong = ["a", "A" * 43, token_urlsafe(32), token_urlsafe(32), "%00", "é", "x" * 2_000]

    replies = [Client().get(path.format(each)) for each in wrong]

    assert {reply.status_code for reply in replies} == {404}
    assert len({_RANDOM.sub("", reply.content.decode()) for reply in replies}) == 1
