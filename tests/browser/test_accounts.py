"""Signing in and what follows, in a browser, by keyboard, and in a language from right to left."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_django import Settings
from tests.browser.conftest import DESKTOP, PHONE, AsPerson, overflow
from tests.consistency.pseudo import LANGUAGES, write_catalogues

from tutelage.domain.people.inputs import AddPerson
from tutelage.domain.people.lifecycle import Role
from tutelage.domain.people.models import User
from tutelage.domain.people.services import add_person, make_setup_token

PASSWORD = "a long enough secret"


def make_person(role: Role = Role.USER) -> User:
    given = AddPerson(name="Aroha Ngata-Williams", email="aroha@example.org", role=role)
    person = add_person(actor=None, given=given)
    person.set_password(PASSWORD)
    person.save()
    return person


def test_somebody_signs_in_by_keyboard_and_the_zone_of_the_browser_is_kept(
    as_person: AsPerson,
) -> None:
    person = make_person()
    page = as_person(zone="Pacific/Auckland").go("/settings")
    expect(page.get_by_text("Times will be shown for Auckland")).to_be_visible()

    page.get_by_label("E-mail").focus()
    page.keyboard.type("aroha@example.org")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    expect(page.get_by_label("Time zone")).to_have_value("Pacific/Auckland")
    person.refresh_from_db()
    assert person.zone == "Pacific/Auckland"


def test_the_first_stop_of_the_keyboard_leads_past_the_frame(as_person: AsPerson) -> None:
    page = as_person(make_person()).go("/settings")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_the_first_account_is_made_by_the_set_up_link(as_person: AsPerson) -> None:
    page = as_person(zone="America/New_York").go(f"/setup/{make_setup_token()}")
    page.get_by_label("Name").fill("Ingrid Solheim")
    page.get_by_label("E-mail").fill("ingrid@example.org")
    page.get_by_label("Password").fill("1234567890")
    page.get_by_role("button", name="Make account").click()

    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Name")).to_have_value("Ingrid Solheim")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make account").click()

    page.wait_for_url("**/")
    assert User.objects.get().zone == "America/New_York"


def test_the_theme_is_chosen_for_this_browser(as_person: AsPerson) -> None:
    page = as_person(make_person()).go("/settings")
    whole = page.locator("html")
    expect(whole).to_have_css("color-scheme", "light dark")

    page.get_by_role("button", name="Dark").click()
    expect(whole).to_have_attribute("data-theme", "dark")
    expect(whole).to_have_css("color-scheme", "dark")


def test_a_dialog_opens_closes_and_gives_focus_back(as_person: AsPerson) -> None:
    page = as_person(make_person(Role.ADMIN)).go("/design")
    page.get_by_role("button", name="Dialog").click()
    expect(page.get_by_role("dialog", name="Cancel this session?")).to_be_visible()

    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="Dialog")).to_be_focused()


def test_on_a_phone_all_places_are_behind_more(as_person: AsPerson) -> None:
    page = as_person(make_person(), width=PHONE).go("/settings")
    page.get_by_role("button", name="More").click()

    places = page.get_by_role("navigation", name="All places")
    expect(places.get_by_role("link", name="Settings")).to_be_visible()


@pytest.mark.parametrize("path", ["/account/login/", "/settings", "/settings/security"])
def test_a_first_visit_takes_few_requests_and_little_weight(as_person: AsPerson, path: str) -> None:
    window = as_person(None if "login" in path else make_person())
    loaded: list[str] = []
    window.page.on("requestfinished", lambda request: loaded.append(request.url))
    window.page.goto(f"{window.base}{path}", wait_until="networkidle")

    assert len(loaded) <= 6, loaded


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_long_and_mirrored_texts_fit_the_window(
    as_person: AsPerson,
    settings: Settings,
    tmp_path: Path,
    language: str,
    width: int,
) -> None:
    write_catalogues(tmp_path)
    settings.LOCALE_PATHS = [tmp_path]
    settings.LANGUAGES = [("en", "English"), *((code, code) for code in LANGUAGES)]
    person = make_person(Role.ADMIN)
    User.objects.filter(pk=person.pk).update(locale=language, zone="Pacific/Auckland")
    window = as_person(person, width=width)

    for name in ("settings", "settings/security", "settings/tokens", "design"):
        page = window.go(f"/{name}")
        assert overflow(page) <= 0, f"{name} is wider than its window"
        assert page.locator("html").get_attribute("dir") == (
            "rtl" if language == "ar-xb" else "ltr"
        )
