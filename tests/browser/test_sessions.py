"""One session from its page to the meeting, and the way in by a personal link."""

from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import DESKTOP, PHONE, AsPerson, Inspect

from tutelage.core.clock import now
from tutelage.core.tests.ports import free_port
from tutelage.domain.attendance.models import Evidence
from tutelage.domain.feedback.inputs import LogAndRate
from tutelage.domain.feedback.services import log_and_rate
from tutelage.domain.meetings.services import set_meeting_link
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.scheduling.services.cancelling import cancel_session
from tutelage.domain.scheduling.tests.builders import make_agreed, make_request
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import make_admin, make_pair, make_session, make_user
from tutelage.web.links.tests.builders import link_of


class Meeting(ThreadingHTTPServer):
    """The other side's server, which remembers where its visitors said they came from."""

    referrers: list[str | None]

    @property
    def link(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/room?a=1&b=2"


class _Answer(BaseHTTPRequestHandler):
    server: Meeting

    def do_GET(self) -> None:
        if self.path.startswith("/room"):
            self.server.referrers.append(self.headers.get("Referer"))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>The meeting</title>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def meeting() -> Iterator[Meeting]:
    server = Meeting(("127.0.0.1", free_port()), _Answer)
    server.referrers = []
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def pair() -> Mentorship:
    return make_pair(
        mentor=make_user(name="Dr. Samuel Oyelaran", zone="America/New_York"),
        mentee=make_user(name="Aroha Ngata-Williams", zone="Pacific/Auckland"),
    )


@pytest.fixture
def session(pair: Mentorship, meeting: Meeting) -> Session:
    """One whose door is open."""
    made = make_agreed(pair, now() + timedelta(minutes=8))
    set_meeting_link(actor=pair.mentor, session_id=made.pk, link=meeting.link)
    return made


def sources() -> list[str]:
    return list(Evidence.objects.values_list("source", flat=True))


@pytest.mark.parametrize("script", [True, False])
def test_joining_leaves_for_the_meeting_under_the_strict_policy(
    as_person: AsPerson,
    pair: Mentorship,
    session: Session,
    meeting: Meeting,
    script: bool,
) -> None:
    window = as_person(pair.mentee, java_script_enabled=script)
    page = window.go(f"/sessions/{session.pk}")
    page.get_by_role("button", name="Join session").click()

    page.wait_for_url(meeting.link)
    assert meeting.referrers == [None]
    assert sources() == ["join"]
    page = window.go(f"/sessions/{session.pk}")
    expect(page.get_by_text("Joined ").first).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_a_personal_link_leads_in_without_a_login(
    as_person: AsPerson,
    pair: Mentorship,
    session: Session,
    meeting: Meeting,
    script: bool,
) -> None:
    window = as_person(java_script_enabled=script)
    page = window.go(f"/j/{link_of(session, pair.mentee)}")
    expect(page.get_by_text("This link is Aroha’s.")).to_be_visible()
    assert sources() == []
    page.get_by_role("button", name="Join session").click()

    page.wait_for_url(meeting.link)
    assert meeting.referrers == [None]
    assert sources() == ["link"]


def test_a_link_of_somebody_else_offers_both_ways_on(
    as_person: AsPerson, pair: Mentorship, session: Session, meeting: Meeting
) -> None:
    window = as_person(pair.mentor)
    address = f"/j/{link_of(session, pair.mentee)}"
    window.go(address).get_by_role("link", name="Go on as Samuel").click()
    expect(window.page.get_by_role("heading", name="Session with Aroha")).to_be_visible()
    window.go(address).get_by_role("button", name="Join as Aroha").click()

    window.page.wait_for_url(meeting.link)
    assert sources() == ["link"]


def test_the_host_starts_it_and_says_where_it_meets(as_person: AsPerson, pair: Mentorship) -> None:
    session = make_agreed(pair, now() + timedelta(minutes=8))
    page = as_person(pair.mentor).go(f"/sessions/{session.pk}")
    page.get_by_role("textbox", name="Link").fill("https://meet.example.org/samuel")
    page.get_by_role("button", name="Save link").click()
    expect(page.get_by_role("button", name="Join session")).to_be_visible()
    page.get_by_role("button", name="Start session").click()

    expect(page.locator(".page-head .status")).to_have_text("Live now")


def test_a_session_is_called_off_by_keyboard_alone(
    as_person: AsPerson, pair: Mentorship, session: Session
) -> None:
    page = as_person(pair.mentee).go(f"/sessions/{session.pk}")
    page.get_by_role("link", name="Cancel", exact=True).press("Enter")
    page.get_by_label("Why?").press_sequentially("My daughter is ill")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Cancelled by Aroha Ngata-Williams")).to_be_visible()
    expect(page.get_by_text("My daughter is ill")).to_be_visible()


def test_an_offer_is_declined_by_keyboard_alone(as_person: AsPerson, pair: Mentorship) -> None:
    session = make_request(pair)
    page = as_person(pair.mentor).go(f"/sessions/{session.pk}")
    page.get_by_text("Decline", exact=True).press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("I am away")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator(".page-head .status")).to_have_text("Declined")
    expect(page.get_by_text("I am away")).to_be_visible()


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_pages_are_accessible_and_fit_the_window(
    as_person: AsPerson,
    inspect: Inspect,
    session: Session,
    width: int,
) -> None:
    pair = Mentorship.objects.get()
    asked = make_request(pair, now() + timedelta(days=3))
    off = make_agreed(pair, now() + timedelta(days=5))
    cancel_session(actor=pair.mentee, session_id=off.pk, reason="My daughter is ill")
    held = make_session(pair, starts_at=now() - timedelta(hours=3))
    log = LogAndRate(outcomes="Eight questions", next_steps=["Read aloud"], rating=5)
    log_and_rate(actor=pair.mentee, session_id=held.pk, given=log)
    token = link_of(session, pair.mentee)
    for person, pages in {
        pair.mentee: {
            "room-open": f"/sessions/{session.pk}",
            "room-waiting": f"/sessions/{asked.pk}",
            "room-cancelled": f"/sessions/{off.pk}",
            "room-held": f"/sessions/{held.pk}",
            "cancel": f"/sessions/{session.pk}/cancel",
            "reschedule": f"/sessions/{session.pk}/reschedule",
        },
        pair.mentor: {
            "room-host": f"/sessions/{session.pk}",
            "room-answer": f"/sessions/{asked.pk}",
            "counter": f"/sessions/{asked.pk}/counter",
            "link-of-another": f"/j/{token}",
            "usual-room": "/settings/meeting",
        },
        make_admin(): {"room-admin": f"/sessions/{asked.pk}"},
        None: {"link": f"/j/{token}", "link-gone": "/j/nobody"},
    }.items():
        window = as_person(person, width=width)
        for name, path in pages.items():
            page = window.go(path)
            inspect(page, name)
