"""The look: every page of accounts and the page of all components, in each theme and width."""

import pytest
from tests.browser.conftest import DESKTOP, PHONE, AsPerson, Inspect

from tutelage.domain.people.inputs import AddPerson
from tutelage.domain.people.lifecycle import Role
from tutelage.domain.people.models import User
from tutelage.domain.people.services import add_person

OPEN = {
    "login": "/account/login/",
    "reset": "/account/password/reset/",
    "reset-sent": "/account/password/reset/done/",
    "link-void": "/account/password/reset/key/1-abc/",
    "not-found": "/nowhere",
}
SIGNED_IN = {
    "design": "/design",
    "profile": "/settings",
    "security": "/settings/security",
    "tokens": "/settings/tokens",
    "email": "/account/email/",
    "second-step": "/account/2fa/",
    "logins": "/account/sessions/",
    "lost": "/nowhere",
}


def make_admin() -> User:
    given = AddPerson(name="Ingrid Solheim", email="ingrid@example.org", role=Role.SUPERADMIN)
    return add_person(actor=None, given=given, zone="Europe/Oslo")


def test_what_the_policy_refuses_is_noticed(as_person: AsPerson) -> None:
    window = as_person()
    page = window.go("/account/login/")
    page.locator("main").evaluate("main => main.innerHTML = '<p style=\"color:red\">'")
    page.evaluate("0")

    assert window.violations == ["style-src-attr inline /account/login/"]
    window.violations.clear()


def test_what_the_accessibility_rules_forbid_is_noticed(
    as_person: AsPerson, inspect: Inspect
) -> None:
    page = as_person().go("/account/login/")
    page.locator("main h1").evaluate("title => title.insertAdjacentHTML('afterend', '<img src=x>')")

    with pytest.raises(AssertionError, match="image-alt"):
        inspect(page, "planted")


def test_what_cannot_be_read_in_the_dark_alone_is_noticed(
    as_person: AsPerson, inspect: Inspect
) -> None:
    page = as_person().go("/account/login/")
    inspect(page, "planted")
    page.locator("main h1").evaluate("title => title.style.color = 'light-dark(#111, #222)'")

    with pytest.raises(AssertionError, match="color-contrast"):
        inspect(page, "planted")


def test_what_is_wider_than_its_window_is_noticed(as_person: AsPerson, inspect: Inspect) -> None:
    page = as_person(width=PHONE).go("/account/login/")
    page.locator("main h1").evaluate("title => title.style.width = '500px'")

    with pytest.raises(AssertionError, match="wider than its window"):
        inspect(page, "planted")


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_pages_are_accessible_and_fit_the_window(
    as_person: AsPerson,
    inspect: Inspect,
    width: int,
) -> None:
    admin = make_admin()
    for person, pages in ((None, OPEN), (admin, SIGNED_IN)):
        window = as_person(person, width=width)
        for name, path in pages.items():
            page = window.go(path)
            inspect(page, name)
