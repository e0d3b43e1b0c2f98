"""Whoever guesses gets ten tries at an account in a quarter of an hour, in all, on all servers.

The counts are in PostgreSQL, so that it makes no difference which process is asked. Without the
limits the same tries get through.
"""

from collections import Counter

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from tests.guessing.guessers import (
    PASSWORD,
    SECOND,
    Browser,
    another,
    at,
    make_person,
    said,
    tried,
)

from tutelage.config.tests.serving import Served
from tutelage.domain.people.models import User

TRIES = 200
RIGHT_ONE = 60
"""Which of the guesses is the password."""


def guess_passwords(servers: list[Served], email: str) -> Counter[str]:
    def attempt(number: int) -> str:
        password = PASSWORD if number == RIGHT_ONE else f"guess {number}"
        with Browser(at(servers, number), another(number)) as browser:
            return said(browser.sign_in(email, password))

    return tried(attempt, TRIES)


def test_of_two_hundred_guesses_at_a_password_five_are_looked_at(guarded: list[Served]) -> None:
    answers = guess_passwords(guarded, make_person().email)

    assert answers["wrong"] <= 5
    assert answers["wrong"] + answers["too often"] == TRIES


def test_without_limits_the_same_guesses_get_in(unguarded: list[Served]) -> None:
    answers = guess_passwords(unguarded, make_person().email)

    assert answers == {"wrong": TRIES - 1, "to /": 1}


def test_of_several_first_logins_at_once_none_fails(unguarded: list[Served]) -> None:
    """The address of whoever was given an account is noted at the first login, once."""
    emails = [make_person().email for _ in range(5)]

    def attempt(number: int) -> str:
        with Browser(unguarded[0]) as browser:
            return said(browser.sign_in(emails[number // 8], PASSWORD))

    assert tried(attempt, 8 * len(emails)) == {"to /": 40}


def test_another_spelling_another_host_and_another_port_are_the_same_account(
    guarded: list[Served],
) -> None:
    """The dotless i and the long s become an ASCII letter in the database's capitals."""
    make_person("kim.sis@example.org")
    spellings = (
        "kim.sis@example.org", "KIM.SIS@example.org", " kim.sis@EXAMPLE.ORG ",
        "kım.sis@example.org", "kim.ſis@example.org", "\u212aim.sis@example.org",
    )  # fmt: skip
    hosts = ("localhost", "127.0.0.1", "localhost:1", "localhost:2", "[::1]:9", "127.0.0.1:80")

    def attempt(number: int) -> str:
        spelling = spellings[number // len(hosts)]
        host = hosts[number % len(hosts)]
        with Browser(at(guarded, number), another(number), Host=host) as browser:
            return said(browser.sign_in(spelling, f"guess {number}"))

    answers = tried(attempt, len(hosts) * len(spellings))

    assert answers["wrong"] <= 5
    assert answers["too often"] >= 25


def test_one_address_gets_sixty_guesses_at_all_accounts_together(guarded: list[Served]) -> None:
    """What stands left of the address that the proxy has added is the guesser's own invention."""

    def attempt(number: int) -> str:
        address = f"{another(number)}, 203.0.113.7"
        with Browser(at(guarded, number), address) as browser:
            return said(browser.sign_in(f"person{number}@example.org", "guess"))

    answers = tried(attempt, TRIES)

    assert answers["wrong"] <= 60
    assert answers["wrong"] + answers["too often"] + answers["429"] == TRIES


@pytest.fixture
def person(transactional_db: None) -> User:
    """Somebody with a second step."""
    person = make_person()
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    return person


def guess_codes(servers: list[Served], person: User) -> Counter[str]:
    """The password is known already; each guess is made in a login of its own."""
    known = RecoveryCodes.activate(person).get_unused_codes()[0]

    def attempt(number: int) -> str:
        with Browser(at(servers, number), another(number)) as browser:
            assert said(browser.sign_in(person.email, PASSWORD)) == f"to {SECOND}"
            code = known if number == RIGHT_ONE else f"{number:08}"
            return said(browser.post(SECOND, {"code": code}))

    # A login is counted while it is looked at, the right one, too: five at once would be too often,
    # and who waits a second for another one of the same person is told so as well.
    return tried(attempt, RIGHT_ONE + 20, at_once=2)


def test_of_many_guesses_at_a_code_five_are_looked_at(guarded: list[Served], person: User) -> None:
    answers = guess_codes(guarded, person)

    assert answers["wrong"] <= 5
    assert answers["wrong"] + answers["too often"] == answers.total()


def test_without_limits_a_code_is_found(unguarded: list[Served], person: User) -> None:
    answers = guess_codes(unguarded, person)
    assert answers["to /"] == 1


def test_whoever_sits_at_an_open_login_has_no_further_tries(guarded: list[Served]) -> None:
    """To be asked again, and to change the password, count with the tries at the login."""
    email = make_person().email
    with Browser(guarded[0]) as one, Browser(guarded[1]) as other:
        inside = [one, other]
        for browser in inside:
            assert said(browser.sign_in(email, PASSWORD)) == "to /"

        def change(number: int) -> str:
            new = {"password1": "another long one", "password2": "another long one"}
            sent = {"oldpassword": f"guess {number}", **new}
            page = inside[number % 2].post("/account/password/change/", sent).text
            return "wrong" if "not your present password" in page else "refused"

        def ask_again(number: int) -> str:
            sent = {"password": f"guess {number}"}
            page = inside[number % 2].post("/account/reauthenticate/", sent).text
            return "wrong" if "not your password" in page else "refused"

        def sign_in(number: int) -> str:
            with Browser(at(guarded, number), another(number)) as browser:
                return said(browser.sign_in(email, f"guess {number}"))

        looked_at = [tried(each, 2)["wrong"] for each in (change, ask_again, sign_in)]
        further = [tried(each, 8)["wrong"] for each in (change, ask_again, sign_in)]

    assert looked_at == [2, 2, 1]
    assert further == [0, 0, 0]
