"""Every page in Spanish: nothing of it in English, nothing too wide, and for everybody to read."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import DESKTOP, PHONE, AsPerson, Inspect

from tutelage.core.clock import now
from tutelage.domain.people.models import User
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.scheduling.tests.builders import make_request
from tutelage.domain.sessions.models import NextStep
from tutelage.domain.sessions.tests.builders import (
    make_admin,
    make_log,
    make_pair,
    make_session,
    make_user,
)

ENGLISH = re.compile(
    r"\b(the|and|your?|with|session|not|what|this|is|are|days?|minutes?)\b", re.IGNORECASE
)


@pytest.fixture
def pair() -> Mentorship:
    made = make_pair(
        mentor=make_user(name="Samuel Oyelaran", zone="America/New_York"),
        mentee=make_user(name="Aroha Ngata-Williams", zone="Pacific/Auckland"),
    )
    User.objects.update(locale="es")
    made.mentor.refresh_from_db()
    made.mentee.refresh_from_db()
    return made


def pages_of(pair: Mentorship) -> dict[str, str]:
    """A page of each kind, by the name of its picture."""
    soon = make_session(pair, starts_at=now() + timedelta(minutes=8))
    asked = make_request(pair, now() + timedelta(days=3), by=pair.mentor)
    held = make_session(pair, status="completed", starts_at=now() - timedelta(days=6))
    make_log(held, outcomes="Un primer borrador")
    NextStep.objects.create(session=held, program=pair.program, text="Enviar el esquema")
    over = make_session(pair, starts_at=now() - timedelta(days=2))
    one = f"/mentorships/{pair.uid}"
    return {
        "home": "/",
        "mentorships": "/mentorships",
        "pair": one,
        "ask": f"{one}/ask",
        "session": f"/sessions/{soon.pk}",
        "asked": f"/sessions/{asked.pk}",
        "held": f"/sessions/{held.pk}",
        "cancel": f"/sessions/{soon.pk}/cancel",
        "counter": f"/sessions/{asked.pk}/counter",
        "log": f"/sessions/{over.pk}/log",
        "rate": f"/sessions/{held.pk}/rate",
        "history": "/jam/sessions",
        "profile": "/settings",
        "security": "/settings/security",
        "tokens": "/settings/tokens",
    }


def english_on(page: Page) -> list[str]:
    shown = page.locator("body").inner_text()
    return [line for line in shown.splitlines() if ENGLISH.search(line)]


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_every_page_of_a_member_is_spanish(
    as_person: AsPerson,
    pair: Mentorship,
    inspect: Inspect,
    width: int,
) -> None:
    visit = as_person(pair.mentee, width=width, language="es")

    for name, path in pages_of(pair).items():
        page = visit.go(path)
        expect(page.locator("html")).to_have_attribute("lang", "es")
        assert english_on(page) == [], path
        inspect(page, f"es-{name}")


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_every_page_of_an_administrator_is_spanish(
    as_person: AsPerson,
    pair: Mentorship,
    inspect: Inspect,
    width: int,
) -> None:
    admin = make_admin(locale="es")
    visit = as_person(admin, width=width, language="es")

    for name in ("", "people", "people/new", "mentorships", "mentorships/new", "imports"):
        page = visit.go(f"/{name}")
        assert english_on(page) == [], name
        inspect(page, f"es-admin-{name.replace('/', '-') or 'home'}")


def test_the_login_page_speaks_as_the_browser_asks(as_person: AsPerson) -> None:
    page = as_person(language="es-MX").go("/account/login/")
    expect(page.get_by_role("button", name="Entrar")).to_be_visible()

    page = as_person(language="pt").go("/account/login/")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_somebody_chooses_spanish_in_the_settings(as_person: AsPerson) -> None:
    page = as_person(make_user(zone="Europe/Madrid")).go("/settings")

    page.get_by_label("Language").select_option("Español")
    page.get_by_role("button", name="Save profile").click()

    expect(page.get_by_text("Perfil guardado")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ajustes")
