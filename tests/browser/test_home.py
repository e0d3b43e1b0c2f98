"""Home in a real browser: on both sides of the world, and for somebody new."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import DESKTOP, PHONE, AsPerson, Inspect

from tutelage.core.clock import now
from tutelage.domain.meetings.services import set_meeting_link
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.scheduling.tests.builders import make_request
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import make_admin, make_pair, make_session, make_user


@pytest.fixture
def pair() -> Mentorship:
    return make_pair(
        mentor=make_user(name="Dr. Samuel Oyelaran", zone="America/New_York"),
        mentee=make_user(name="Aroha Ngata-Williams", zone="Pacific/Auckland"),
    )


def test_an_offer_is_accepted_from_home(as_person: AsPerson, pair: Mentorship) -> None:
    asked = make_request(pair, now() + timedelta(days=2), by=pair.mentee)
    page = as_person(pair.mentor, zone="America/New_York").go("/")
    expect(page.get_by_text("Aroha Ngata-Williams asks for a time", exact=True)).to_be_visible()

    page.get_by_role("button", name="Accept").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Aroha Ngata-Williams")
    assert Session.objects.get(pk=asked.pk).status == "scheduled"
    page.goto(page.url.split("/sessions/")[0])
    expect(page.get_by_text("asks for a time")).to_have_count(0)
    expect(page.locator("#next")).to_contain_text("Session with Aroha Ngata-Williams")


def test_a_rating_waits_at_home_until_it_is_given(as_person: AsPerson, pair: Mentorship) -> None:
    make_session(pair, status="completed", starts_at=now() - timedelta(days=2))
    page = as_person(pair.mentee).go("/")

    page.get_by_role("link", name="Rate").click()
    page.get_by_role("radio", name="5 of 5").check(force=True)
    page.get_by_label("Comment").fill("Clear and kind")
    page.get_by_role("button", name="Save rating").click()

    expect(page.get_by_text("Rating saved")).to_be_visible()
    expect(page.get_by_text("Needs you")).to_have_count(0)


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_home_is_readable_by_everybody(
    as_person: AsPerson,
    pair: Mentorship,
    inspect: Inspect,
    width: int,
) -> None:
    soon = make_session(pair, starts_at=now() + timedelta(minutes=8))
    set_meeting_link(actor=pair.mentor, session_id=soon.pk, link="https://meet.example.org/room")
    make_request(pair, now() + timedelta(days=3), by=pair.mentor)
    make_session(pair, starts_at=now() - timedelta(days=7))
    for name, person in (
        ("home", pair.mentee),
        ("home-mentor", pair.mentor),
        ("home-new", make_user(name="Zoë Castellanos-Papadopoulou")),
        ("home-admin", make_admin()),
    ):
        page = as_person(person, width=width).go("/")
        inspect(page, name)


def test_the_figure_of_pairs_that_need_attention_leads_to_them(as_person: AsPerson) -> None:
    long_ago = now() - timedelta(days=90)
    pair = make_pair(started_at=long_ago, status_since=long_ago)
    make_session(pair, starts_at=now() - timedelta(days=20))
    make_pair(mentor=pair.mentor)
    page = as_person(make_admin()).go("/")

    page.get_by_role("link", name="Pair that needs attention").click()

    expect(page.get_by_label("Pulse")).to_have_value("act")
    expect(page.get_by_text("Log missing")).to_have_count(1)


def test_home_is_at_most_six_requests(as_person: AsPerson, pair: Mentorship) -> None:
    asked: list[str] = []
    visit = as_person(pair.mentee)
    visit.page.on("request", lambda request: asked.append(request.url))

    visit.go("/").wait_for_load_state("networkidle")

    assert len(asked) <= 6, asked


def test_the_countdown_goes_on_by_itself_and_nothing_moves(
    as_person: AsPerson, pair: Mentorship
) -> None:
    make_session(pair, starts_at=now() + timedelta(hours=2, minutes=1))
    visit = as_person(pair.mentee)
    visit.page.clock.install(time=now())
    page = visit.go("/")
    words = page.locator("#next [data-starts]")
    expect(words).to_have_text("Starts in 2 hours")
    place = page.locator("#next .lead").bounding_box()

    page.clock.fast_forward("01:05:00")

    expect(words).to_have_text(re.compile(r"^Starts in 5[56] minutes$"))
    assert page.locator("#next .lead").bounding_box() == place


def test_where_no_stream_is_home_looks_every_half_minute(
    as_person: AsPerson, pair: Mentorship
) -> None:
    """The server of these tests has no streams at all."""
    visit = as_person(pair.mentee)
    visit.page.clock.install(time=now())
    with visit.page.expect_response("**/events*"):
        page = visit.go("/")
    expect(page.get_by_text("Nothing planned", exact=True)).to_be_visible()
    page.wait_for_timeout(500)
    make_request(pair, now() + timedelta(days=2), by=pair.mentor)

    page.clock.fast_forward("00:31")
    page.clock.fast_forward("00:01")

    expect(page.get_by_text("Dr. Samuel Oyelaran asks for a time", exact=True)).to_be_visible()
