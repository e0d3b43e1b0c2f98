"""Pairs and asking for a time, between Auckland and New York."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import DESKTOP, PHONE, AsPerson, Inspect

from tutelage.core.clock import now
from tutelage.core.times import to_local
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.scheduling.tests.builders import make_agreed
from tutelage.domain.sessions.tests.builders import (
    make_admin,
    make_log,
    make_pair,
    make_session,
    make_user,
)


@pytest.fixture
def pair() -> Mentorship:
    return make_pair(
        mentor=make_user(name="Dr. Samuel Oyelaran", zone="America/New_York"),
        mentee=make_user(name="Aroha Ngata-Williams", zone="Pacific/Auckland"),
        goals="An interview guide that stands alone",
    )


def seven_there(days: int) -> datetime:
    """Seven o'clock in Auckland, some days ahead."""
    return (to_local(now(), "Pacific/Auckland") + timedelta(days=days)).replace(hour=7, minute=0)


def test_a_time_is_asked_for_offered_anew_and_accepted(
    as_person: AsPerson, pair: Mentorship
) -> None:
    aroha = as_person(pair.mentee).go("/mentorships")
    aroha.get_by_role("link", name="Ask for a time Dr. Samuel Oyelaran").click()
    at = seven_there(days=5)
    aroha.get_by_label("Date").fill(f"{at:%Y-%m-%d}")
    aroha.get_by_label("Time", exact=True).fill("07:00")
    aroha.get_by_label("What is it about?").fill("Question 6 still assumes a diagnosis")
    clocks = aroha.locator("#clocks")
    expect(clocks).to_contain_text("New York, ")
    expect(clocks).to_contain_text("(Samuel)")
    aroha.get_by_role("button", name="Ask for 07:00").click()
    expect(aroha.get_by_role("heading", name="Waiting for Samuel")).to_be_visible()

    samuel = as_person(pair.mentor, zone="America/New_York").go("/mentorships")
    samuel.get_by_role("link", name="Aroha Ngata-Williams", exact=True).click()
    samuel.get_by_role("link", name="Session", exact=True).click()
    expect(samuel.get_by_text("Question 6 still assumes a diagnosis")).to_be_visible()
    samuel.get_by_role("link", name="Offer another time").click()
    samuel.get_by_label("Time", exact=True).fill("16:30")
    samuel.get_by_role("button", name="Offer 16:30").click()
    expect(samuel.get_by_role("heading", name="Waiting for Aroha")).to_be_visible()

    aroha.reload()
    aroha.get_by_role("button", name="Accept ").click()
    expect(aroha.get_by_text("Time accepted")).to_be_visible()
    expect(aroha.locator(".page-head .status")).to_have_text("Scheduled")


def test_the_clocks_warn_of_the_others_night(as_person: AsPerson, pair: Mentorship) -> None:
    page = as_person(pair.mentee).go(f"/mentorships/{pair.uid}/ask")
    at = seven_there(days=5)
    page.get_by_label("Date").fill(f"{at:%Y-%m-%d}")
    page.get_by_label("Time", exact=True).fill("19:00")

    expect(page.locator("#clocks")).to_contain_text("outside 07:00 to 22:00")
    page.get_by_label("Time zone").select_option("America/New_York")
    expect(page.locator("#clocks")).not_to_contain_text("outside 07:00 to 22:00")


def test_it_works_without_script(as_person: AsPerson, pair: Mentorship) -> None:
    taken = make_agreed(pair)
    window = as_person(pair.mentee, java_script_enabled=False)
    page = window.go(f"/mentorships/{pair.uid}/ask")
    local = to_local(taken.starts_at, "Pacific/Auckland")
    page.get_by_label("Date").fill(f"{local:%Y-%m-%d}")
    page.get_by_label("Time", exact=True).fill(f"{local:%H:%M}")
    page.get_by_label("What is it about?").fill("Question 6")
    page.get_by_role("button", name="Ask for").click()

    expect(page.locator("#day-error")).to_contain_text("cannot be in two places")
    expect(page.get_by_label("What is it about?")).to_have_value("Question 6")
    expect(page.locator("#clocks")).to_contain_text("New York, ")
    page.get_by_label("Date").fill(f"{local + timedelta(days=1):%Y-%m-%d}")
    page.get_by_role("button", name="Ask for").click()
    expect(page.get_by_role("heading", name="Waiting for Samuel")).to_be_visible()


def test_a_time_is_asked_for_by_keyboard_alone(as_person: AsPerson, pair: Mentorship) -> None:
    page = as_person(pair.mentee).go(f"/mentorships/{pair.uid}/ask")
    page.get_by_label("Date").focus()
    page.keyboard.type(f"{seven_there(days=5):%m%d%Y}")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("0700AM")
    expect(page.get_by_role("button", name="Ask for 07:00")).to_be_visible()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Waiting for Samuel")).to_be_visible()


def test_an_administrator_finds_people_as_they_type_and_pairs_them(as_person: AsPerson) -> None:
    make_user(name="Zoë Nuñez", email="zoe@example.org")
    make_user(name="李伟", email="li@example.org")
    page = as_person(make_admin()).go("/people")
    page.get_by_label("Search people").press_sequentially("nune")
    expect(page.get_by_role("link", name="李伟")).to_have_count(0)
    expect(page).to_have_url(re.compile("q=nune$"))
    page.get_by_role("link", name="Zoë Nuñez").click()
    page.get_by_role("link", name="Make a pair").click()
    expect(page.get_by_label("Mentee’s e-mail")).to_have_value("zoe@example.org")
    page.get_by_label("Mentor’s e-mail").fill("li@example.org")
    page.get_by_role("button", name="Make pair").click()

    expect(page.get_by_role("heading", name="李伟 with Zoë Nuñez")).to_be_visible()


def test_a_pair_is_proposed_accepted_and_ended(as_person: AsPerson) -> None:
    samuel = make_user(name="Samuel Oyelaran", email="samuel@example.org")
    aroha = as_person(make_user(name="Aroha Ngata")).go("/mentorships")
    aroha.get_by_role("link", name="Propose a mentorship").click()
    aroha.get_by_label("Their e-mail").fill("aroha@example.org")
    aroha.get_by_label("Goals").fill("An interview guide")
    aroha.get_by_role("button", name="Propose it").click()
    expect(aroha.locator("#email-error")).to_contain_text("Nobody here has this e-mail")
    aroha.get_by_label("Their e-mail").fill("samuel@example.org")
    aroha.get_by_role("button", name="Propose it").click()
    expect(aroha.get_by_text("Samuel Oyelaran has not answered yet")).to_be_visible()

    page = as_person(samuel).go("/mentorships")
    page.get_by_role("link", name="Look and answer").click()
    expect(page.get_by_text("An interview guide")).to_be_visible()
    page.get_by_role("link", name="Accept").click()
    page.get_by_label("A word to the other side").fill("With pleasure")
    page.get_by_role("button", name="Accept").click()
    expect(page.locator("[aria-labelledby=status]")).to_contain_text("Active")

    aroha.reload()
    expect(aroha.get_by_text("With pleasure")).to_be_visible()
    expect(aroha.get_by_text("Going well")).to_be_visible()
    aroha.get_by_role("link", name="End").click()
    aroha.get_by_label("Why it ends").fill("The guide is written")
    aroha.get_by_role("button", name="End").click()
    expect(aroha.get_by_text("The guide is written")).to_be_visible()
    expect(aroha.get_by_text("Not active", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_pages_are_accessible_and_fit_the_window(
    as_person: AsPerson,
    inspect: Inspect,
    pair: Mentorship,
    width: int,
) -> None:
    admin = make_admin(name="Åsa Ó Súilleabháin-Vandenbroucke", zone="Europe/Stockholm")
    make_pair(mentor=pair.mentor, mentee=make_user(name="Hinemoa Te Whārangi Tamahori-Kingsley"))
    make_session(pair)
    make_log(make_session(pair, status="completed"), "Eight questions, none leading")
    for person, pages in {
        pair.mentee: {
            "pairs": "/mentorships",
            "pair": f"/mentorships/{pair.uid}",
            "ask": f"/mentorships/{pair.uid}/ask",
            "propose": "/mentorships/propose",
            "change-pair": f"/mentorships/{pair.uid}/change",
            "end-pair": f"/mentorships/{pair.uid}/move/end",
        },
        admin: {
            "all-pairs": "/mentorships",
            "new-pair": "/mentorships/new",
            "people": "/people",
            "new-person": "/people/new",
            "person": f"/people/{pair.mentor.uid}",
        },
    }.items():
        window = as_person(person, width=width)
        for name, path in pages.items():
            page = window.go(path)
            inspect(page, name)
