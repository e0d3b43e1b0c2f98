"""The history and its log dialog in a real browser: typed, pressed, kept, and read aloud."""

import re
from datetime import timedelta
from typing import Final

import pytest
from django.conf import settings
from playwright.sync_api import expect
from tests.browser.conftest import DESKTOP, PHONE, AsPerson, Inspect

from tutelage.core.clock import now
from tutelage.domain.feedback.inputs import GiveRating
from tutelage.domain.feedback.services import rate_session
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.models import NextStep, Session, SessionEnding
from tutelage.domain.sessions.tests.builders import make_log, make_pair, make_session, make_user

SLOW_DIALOGS: Final = """
    const show = HTMLDialogElement.prototype.showModal;
    HTMLDialogElement.prototype.showModal = function () {
        const end = performance.now() + 150;
        while (performance.now() < end);
        show.call(this);
    };
"""


@pytest.fixture
def pair() -> Mentorship:
    """A mentor in New York, a mentee in Auckland, and what they did so far."""
    mentor = make_user(name="Dr. Samuel Oyelaran", zone="America/New_York")
    made = make_pair(
        mentor=mentor, mentee=make_user(name="Aroha Ngata-Williams", zone="Pacific/Auckland")
    )
    for days, outcomes in ((9, "Eight questions for the interview"), (23, "Research question")):
        session = make_session(made, status="completed", starts_at=now() - timedelta(days=days))
        make_log(session, outcomes)
        NextStep.objects.create(session=session, text="Draft the guide")
        for side, stars in ((mentor, 5), (made.mentee, 4)):
            rate_session(actor=side, session_id=session.pk, given=GiveRating(stars=stars))
    missed = make_session(made, status="no_show", starts_at=now() - timedelta(days=30))
    SessionEnding.objects.create(session=missed, status="no_show", party="host")
    return made


def make_unlogged(pair: Mentorship) -> Session:
    return make_session(pair, starts_at=now() - timedelta(hours=5))


def test_typing_narrows_the_list_and_the_address_follows(
    as_person: AsPerson, pair: Mentorship
) -> None:
    page = as_person(pair.mentee).go("/jam/sessions")

    page.get_by_role("searchbox").press_sequentially("INTERV")

    expect(page.locator("mark")).to_have_text("interv")
    expect(page.get_by_text("Research question")).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="1 session")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/jam/sessions\?q=INTERV$"))
    expect(page.get_by_role("searchbox")).to_be_focused()

    page.get_by_role("combobox", name="Status").select_option("no_show")
    expect(page.get_by_text("No session fits")).to_be_visible()
    page.get_by_role("link", name="“INTERV”").click()
    expect(page.get_by_text("Dr. Samuel Oyelaran did not come.")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("No session fits")).to_be_visible()


def test_without_scripts_the_button_searches(as_person: AsPerson, pair: Mentorship) -> None:
    page = as_person(pair.mentee, java_script_enabled=False).go("/jam/sessions")

    page.get_by_role("searchbox").fill("interview")
    page.get_by_role("button", name="Search").click()

    expect(page.locator("mark")).to_have_text("interview")


def test_a_session_is_logged_by_keyboard_alone(as_person: AsPerson, pair: Mentorship) -> None:
    session = make_unlogged(pair)
    page = as_person(pair.mentee).go("/jam/sessions")
    page.get_by_role("link", name="Write the log").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Log session")
    expect(dialog.get_by_label("Duration (minutes)")).to_be_focused()

    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_role("radio", name="3 of 5")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("The guide")
    page.keyboard.press("Tab")
    page.keyboard.type("Line by line")
    page.keyboard.press("Tab")
    page.keyboard.type("Ask the board")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Session saved")).to_be_visible()
    expect(page.get_by_text("Line by line")).to_be_visible()
    session.refresh_from_db()
    assert session.status == "completed"


def test_esc_keeps_what_was_typed_and_gives_the_focus_back(
    as_person: AsPerson, pair: Mentorship
) -> None:
    make_unlogged(pair)
    page = as_person(pair.mentee).go("/jam/sessions")
    opener = page.get_by_role("link", name="Write the log")
    opener.click()
    page.get_by_label("Key outcomes").press_sequentially("Half a sent")
    page.get_by_role("radio", name="4 of 5").check(force=True)

    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()

    page.reload()
    opener.click()
    expect(page.get_by_label("Key outcomes")).to_have_value("Half a sent")
    expect(page.get_by_role("radio", name="4 of 5")).to_be_checked()
    expect(page.get_by_text("Draft kept")).to_be_visible()


def test_a_restored_draft_reaches_the_server_from_a_slow_machine_too(
    as_person: AsPerson, pair: Mentorship
) -> None:
    """Showing the dialog takes longer here than HTMX takes to begin to listen elsewhere."""
    make_unlogged(pair)
    page = as_person(pair.mentee).go("/jam/sessions")
    page.add_init_script(SLOW_DIALOGS)
    opener = page.get_by_role("link", name="Write the log")
    opener.click()
    page.get_by_label("Key outcomes").fill("Half a sentence")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.reload()
    opener.click()
    expect(page.get_by_text("Draft kept")).to_be_visible()


def test_what_is_refused_stays_in_the_dialog_and_a_saved_draft_is_gone(
    as_person: AsPerson, pair: Mentorship
) -> None:
    page = as_person(pair.mentee).go("/jam/sessions")
    page.get_by_role("link", name="Log session").click()
    page.get_by_label("Date").fill("2026-03-19")
    page.get_by_label("Time", exact=True).fill("09:00")
    page.get_by_label("Key outcomes").fill("   ")
    page.get_by_role("button", name="Save session").click()
    expect(page.get_by_text("Write at least one sentence.").first).to_be_visible()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Date")).to_have_value("2026-03-19")

    page.get_by_label("Key outcomes").fill("Talked on the train")
    page.get_by_role("button", name="Save session").click()
    expect(page.get_by_text("Session saved")).to_be_visible()

    page.get_by_role("link", name="Log session").click()
    expect(page.get_by_label("Key outcomes")).to_have_value("")


def test_a_login_that_ended_meanwhile_costs_nothing_typed(
    as_person: AsPerson, pair: Mentorship
) -> None:
    make_unlogged(pair)
    visit = as_person(pair.mentee)
    page = visit.go("/jam/sessions")
    cookies = visit.context.cookies()
    page.get_by_role("link", name="Write the log").click()
    page.get_by_label("Key outcomes").press_sequentially("Worth keeping")
    visit.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.get_by_role("button", name="Save session").click()
    expect(page.get_by_label("Password")).to_be_visible()

    visit.context.add_cookies(cookies)  # type: ignore[arg-type]  # its own form
    visit.go("/jam/sessions").get_by_role("link", name="Write the log").click()

    expect(page.get_by_label("Key outcomes")).to_have_value("Worth keeping")


def test_a_failure_said_on_the_page_is_not_hidden_below_the_dialog(
    as_person: AsPerson, pair: Mentorship
) -> None:
    session = make_unlogged(pair)
    page = as_person(pair.mentee).go("/jam/sessions")
    page.get_by_role("link", name="Write the log").click()
    page.get_by_label("Key outcomes").press_sequentially("Worth keeping")
    session.participants.filter(user=pair.mentee).delete()

    page.get_by_role("button", name="Save session").click()

    expect(page.get_by_role("alert")).to_contain_text("There is no such session.")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_draft_is_not_found_by_the_next_person_at_this_browser(
    as_person: AsPerson, pair: Mentorship
) -> None:
    session = make_unlogged(pair)
    first = as_person(pair.mentee)
    first.go(f"/sessions/{session.pk}/log").get_by_label("Key outcomes").press_sequentially("Mine")
    expect(first.page.get_by_text("Draft kept")).to_be_visible()

    first.context.clear_cookies()
    second = as_person(pair.mentor)
    first.context.add_cookies(second.context.cookies())  # type: ignore[arg-type]  # its own form
    page = first.go(f"/sessions/{session.pk}/log")

    expect(page.get_by_label("Key outcomes")).to_have_value("")


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_history_dialogs_and_rating_are_readable_by_everybody(
    as_person: AsPerson,
    pair: Mentorship,
    inspect: Inspect,
    width: int,
) -> None:
    session = make_unlogged(pair)
    unrated = make_session(pair, status="completed", starts_at=now() - timedelta(days=2))
    visit = as_person(pair.mentee, width=width)
    for name, path in (
        ("history", "/jam/sessions?q=interview"),
        ("history-none", "/jam/sessions?q=nowhere"),
        ("history-bad", "/jam/sessions?from=yesterday"),
        ("log-page", f"/sessions/{session.pk}/log"),
        ("log-past", f"/mentorships/{pair.uid}/log"),
        ("log-choose", "/log"),
        ("rate", f"/sessions/{unrated.pk}/rate"),
    ):
        page = visit.go(path)
        inspect(page, name)
    page = visit.go("/jam/sessions")
    page.get_by_role("link", name="Write the log").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    inspect(page, "log-dialog")
