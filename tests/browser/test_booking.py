"""Hours of a mentor in New York, and a mentee in Auckland who books one of them."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import DESKTOP, PHONE, AsPerson, Inspect

from tutelage.domain.programs.models import Mentorship
from tutelage.domain.scheduling.tests.builders import make_agreed, open_hours, whole_hour
from tutelage.domain.sessions.tests.builders import make_pair, make_user


@pytest.fixture
def pair() -> Mentorship:
    return make_pair(
        mentor=make_user(name="Dr. Samuel Oyelaran", zone="America/New_York"),
        mentee=make_user(name="Aroha Ngata-Williams", zone="Pacific/Auckland"),
    )


def test_hours_are_set_and_one_of_them_is_booked(as_person: AsPerson, pair: Mentorship) -> None:
    samuel = as_person(pair.mentor, zone="America/New_York").go("/settings")
    samuel.get_by_role("link", name="Availability").click()
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
        samuel.get_by_label(f"{day}, from").fill("09:00")
        samuel.get_by_label(f"{day}, until").fill("12:00")
    samuel.get_by_role("button", name="Save hours").click()
    expect(samuel.get_by_text("Your mentees see these hours from now on")).to_be_visible()

    aroha = as_person(pair.mentee).go(f"/mentorships/{pair.uid}")
    aroha.get_by_role("link", name="Book a time").click()
    expect(
        aroha.get_by_role("heading", name="Book a time with Dr. Samuel Oyelaran")
    ).to_be_visible()
    first = aroha.locator(".slot:not(:has(:disabled))").first
    hour = first.locator("b").inner_text()
    first.click()
    expect(aroha.locator("#clocks")).to_contain_text("New York, ")
    aroha.get_by_label("What is it about?").fill("Question 6")
    aroha.get_by_role("button", name=f"Ask for {hour}").click()
    expect(aroha.get_by_role("heading", name="Waiting for Samuel")).to_be_visible()


def test_a_time_is_chosen_and_asked_for_by_keyboard_alone(
    as_person: AsPerson, pair: Mentorship
) -> None:
    hours = [(day, 9, 12) for day in range(7)]
    open_hours(pair.mentor, hours, outright=True, min_notice_hours=24)
    page = as_person(pair.mentee).go(f"/book/{pair.mentor.uid}")
    page.locator(".slots input:not([disabled])").first.focus()
    page.keyboard.press("Space")
    expect(page.locator("#clocks")).to_contain_text("Auckland, ")
    page.get_by_role("button", name="Book ").focus()
    page.keyboard.press("Enter")

    expect(page.locator(".page-head .status")).to_have_text("Scheduled")


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_the_pages_are_accessible_and_fit_the_window(
    as_person: AsPerson,
    inspect: Inspect,
    pair: Mentorship,
    width: int,
) -> None:
    open_hours(pair.mentor, [(day, 9, 17) for day in range(7)], note="Bring a question.")
    make_agreed(make_pair(mentor=pair.mentor), whole_hour(days=2) + timedelta(hours=1))
    mentee = as_person(pair.mentee, width=width)
    mentor = as_person(pair.mentor, width=width)
    pages = {
        "book": mentee.go(f"/book/{pair.mentor.uid}?ask=03:00"),
        "availability": mentor.go("/settings/availability"),
    }
    for name, page in pages.items():
        if name == "book":
            page.locator(".slot:not(:has(:disabled))").first.click()
            expect(page.locator("#clocks")).to_contain_text("Auckland, ")
        inspect(page, name)
