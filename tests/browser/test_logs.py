"""Logging in a real browser: rows, drafts on another device, ticks with undo, later changes."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import DESKTOP, PHONE, AsPerson, Inspect

from tutelage.core.clock import now
from tutelage.domain.logs.inputs import ChangeLog
from tutelage.domain.logs.models import LogDraft
from tutelage.domain.logs.services.changing import change_log
from tutelage.domain.logs.services.notes import keep_note
from tutelage.domain.logs.tests.builders import make_logged
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.models import NextStep, Session
from tutelage.domain.sessions.tests.builders import make_pair, make_session, make_user


@pytest.fixture
def pair() -> Mentorship:
    mentor = make_user(name="Dr. Samuel Oyelaran", zone="America/New_York")
    mentee = make_user(name="Aroha Ngata-Williams", zone="Pacific/Auckland")
    return make_pair(mentor=mentor, mentee=mentee)


def make_unlogged(pair: Mentorship) -> Session:
    return make_session(pair, starts_at=now() - timedelta(hours=5))


def make_steps(pair: Mentorship) -> Session:
    day = (now() + timedelta(days=3)).date().isoformat()
    steps = [
        {"text": "Draft the guide, two pages", "owner": pair.mentee.uid, "due_on": day},
        {"text": "Introduce Aroha to the Wellington group", "owner": pair.mentor.uid},
        "Ask the board",
    ]
    return make_logged(pair, days=9, next_steps=steps, objectives="The guide", shared_notes="Ours")


def test_steps_are_added_and_filled_in_by_keyboard_and_saved(
    as_person: AsPerson, pair: Mentorship
) -> None:
    session = make_unlogged(pair)
    page = as_person(pair.mentee).go("/jam/sessions")
    page.get_by_role("link", name="Write the log").click()
    page.get_by_label("Key outcomes").fill("Line by line")
    page.get_by_label("Next step 1", exact=True).fill("Ask the board")

    page.get_by_role("button", name="Add a step").click()
    expect(page.get_by_label("Next step 2", exact=True)).to_be_focused()
    page.keyboard.type("Draft the guide")
    page.get_by_label("Who does step 2").select_option("Samuel")
    page.get_by_label("Step 2 due").fill("2026-04-02")
    page.get_by_label("Next step 2", exact=True).press("Enter")

    expect(page.get_by_text("Session saved")).to_be_visible()
    first, second = NextStep.objects.filter(session=session).order_by("position")
    assert (first.owner, second.owner) == (pair.mentee, pair.mentor)
    assert str(second.due_on) == "2026-04-02"


def test_without_scripts_rows_come_and_go_by_themselves(
    as_person: AsPerson, pair: Mentorship
) -> None:
    session = make_unlogged(pair)
    page = as_person(pair.mentee, java_script_enabled=False).go(f"/sessions/{session.pk}/log")
    page.get_by_label("Next step 1", exact=True).fill("Ask")

    page.get_by_role("button", name="Add a step").click()
    page.get_by_label("Next step 2", exact=True).fill("Draft")
    page.get_by_role("button", name="Remove step 1").click()

    expect(page.get_by_label("Next step 1", exact=True)).to_have_value("Draft")
    page.get_by_label("Key outcomes").fill("Enough")
    page.get_by_role("button", name="Save session").click()
    expect(page.get_by_role("heading", name="Session with")).to_be_visible()
    assert NextStep.objects.get().text == "Draft"


def test_what_is_typed_is_kept_as_one_types_and_is_there_on_another_device(
    as_person: AsPerson, pair: Mentorship
) -> None:
    make_unlogged(pair)
    page = as_person(pair.mentee).go("/jam/sessions")
    page.get_by_role("link", name="Write the log").click()
    page.get_by_label("Key outcomes").press_sequentially("Half a sent")
    page.get_by_role("radio", name="4 of 5").check(force=True)
    with page.expect_response(lambda kept: "Dra" in (kept.request.post_data or "")):
        page.get_by_label("Next step 1", exact=True).fill("Dra")
    expect(page.get_by_text("Draft kept")).to_be_visible()
    expect(page.get_by_text("Draft kept in this browser")).to_have_count(0)

    phone = as_person(pair.mentee, width=PHONE).go("/jam/sessions")
    phone.get_by_role("link", name="Write the log").click()

    expect(phone.get_by_label("Key outcomes")).to_have_value("Half a sent")
    expect(phone.get_by_role("radio", name="4 of 5")).to_be_checked()
    expect(phone.get_by_label("Next step 1", exact=True)).to_have_value("Dra")
    phone.get_by_role("button", name="Discard the draft").click()
    expect(phone.get_by_label("Key outcomes")).to_have_value("")
    assert not LogDraft.objects.exists()


def test_chosen_stars_can_be_taken_back(as_person: AsPerson, pair: Mentorship) -> None:
    session = make_unlogged(pair)
    page = as_person(pair.mentee).go(f"/sessions/{session.pk}/log")
    page.get_by_role("radio", name="4 of 5").check(force=True)

    page.get_by_text("No rating").click()
    page.get_by_label("Key outcomes").fill("Enough")
    page.get_by_role("button", name="Save session").click()

    expect(page.get_by_text("Session saved")).to_be_visible()
    assert not session.ratings.exists()


def test_a_step_brought_over_is_ticked_and_undone_in_its_place(
    as_person: AsPerson, pair: Mentorship
) -> None:
    make_steps(pair)
    upcoming = make_session(pair)
    page = as_person(pair.mentee).go(f"/sessions/{upcoming.pk}")
    card = page.get_by_role("region", name="Brought over from last time")

    card.get_by_role("button", name="Done: Draft the guide").click()
    expect(card.get_by_text("Done by you")).to_be_visible()
    assert NextStep.objects.exclude(done_at=None).get().done_by == pair.mentee
    card.get_by_role("button", name="Undo").click()
    expect(card.get_by_text("Done by you")).to_have_count(0)
    assert not NextStep.objects.exclude(done_at=None).exists()

    page.goto(page.url.split("/sessions")[0])
    home = page.get_by_role("region", name="Next steps")
    expect(home.get_by_text("Introduce Aroha")).to_have_count(0)
    home.get_by_role("button", name="Done: Ask the board").click()
    expect(home.get_by_text("Done by you")).to_be_visible()


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_the_log_in_its_place_can_be_read_by_everybody(
    as_person: AsPerson,
    pair: Mentorship,
    inspect: Inspect,
    width: int,
) -> None:
    session = make_steps(pair)
    change = ChangeLog(outcomes="Nine questions for the interview, none of them leading")
    change_log(actor=pair.mentor, session_id=session.pk, given=change)
    keep_note(actor=pair.mentee, session_id=session.pk, text="She is tired of the board")
    upcoming, over = make_session(pair), make_unlogged(pair)
    page = as_person(pair.mentee, width=width).go(f"/sessions/{session.pk}")
    for name, address in (
        ("held", f"/sessions/{session.pk}"),
        ("before", f"/sessions/{session.pk}/log/before"),
        ("upcoming", f"/sessions/{upcoming.pk}"),
        ("page", f"/sessions/{over.pk}/log"),
        ("home", "/"),
    ):
        page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2] + address)
        inspect(page, f"log-{name}")
    page.get_by_role("link", name="Write the log").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_text("Shared and private notes").click()
    page.get_by_label("Next step 1", exact=True).fill("Draft the guide")
    expect(page.get_by_text("Draft kept")).to_be_visible()
    inspect(page, "log-dialog")
