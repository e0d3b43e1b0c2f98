"""Answering, starting and joining from the session's page."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from tutelage.core.clock import now
from tutelage.domain.attendance.models import Evidence
from tutelage.domain.meetings.models import Meeting
from tutelage.domain.meetings.services import set_meeting_link
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.scheduling.tests.builders import make_agreed, make_request
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import make_admin, make_pair, make_user

pytestmark = pytest.mark.django_db
ROOM = "https://meet.example.org/room?a=1&b=ü"
ACTIONS = ["accept", "decline", "withdraw", "start", "join", "meeting", "counter", "cancel"]


@pytest.fixture
def pair() -> Mentorship:
    return make_pair(mentor=make_user(name="Samuel Oyelaran"), mentee=make_user(name="Aroha"))


def act(client: Client, session: Session, action: str, **sent: Any) -> Any:
    return client.post(f"/sessions/{session.pk}/{action}", sent)


def status_of(session: Session) -> str:
    session.refresh_from_db()
    return session.status


@pytest.mark.parametrize("action", ACTIONS)
def test_strangers_can_do_nothing_and_learn_nothing(
    client: Client, pair: Mentorship, action: str
) -> None:
    session = make_request(pair)
    client.force_login(make_user())

    sent = {"reason": "No", "link": ROOM, "day": "2030-01-01", "hour": "10:00", "zone": "UTC"}
    assert act(client, session, action, **sent).status_code == 404
    assert status_of(session) == "requested"


@pytest.mark.parametrize("action", ["accept", "decline", "withdraw", "start", "join", "meeting"])
def test_looking_at_an_action_does_not_do_it(client: Client, pair: Mentorship, action: str) -> None:
    session = make_request(pair)
    client.force_login(pair.mentor)

    assert client.get(f"/sessions/{session.pk}/{action}").status_code == 405
    assert status_of(session) == "requested"


def test_accepting_puts_it_into_the_calendar(client: Client, pair: Mentorship) -> None:
    session = make_request(pair)
    client.force_login(pair.mentor)

    answer = act(client, session, "accept", version=session.version)

    assert answer.headers["Location"] == f"/sessions/{session.pk}"
    assert status_of(session) == "scheduled"


def test_what_was_changed_meanwhile_is_not_accepted_unseen(
    client: Client, pair: Mentorship
) -> None:
    session = make_request(pair)
    client.force_login(pair.mentor)

    answer = act(client, session, "accept", version=session.version - 1)

    assert answer.status_code == 412
    assert "This is how it stands now" in answer.content.decode()
    assert status_of(session) == "requested"


@pytest.mark.parametrize("version", ["", "x", "99999999999999999999", "-1", "²"])
def test_a_version_that_is_none_is_an_old_one(
    client: Client, pair: Mentorship, version: str
) -> None:
    session = make_request(pair)
    client.force_login(pair.mentor)

    assert act(client, session, "accept", version=version).status_code == 412


def test_one_does_not_answer_oneself(client: Client, pair: Mentorship) -> None:
    session = make_request(pair)
    client.force_login(pair.mentee)

    answer = act(client, session, "accept")

    assert answer.status_code == 403
    assert "You offered this time yourself" in answer.content.decode()


def test_declining_keeps_the_reason(client: Client, pair: Mentorship) -> None:
    session = make_request(pair)
    client.force_login(pair.mentor)

    act(client, session, "decline", version=session.version, reason="I am away")

    assert status_of(session) == "declined"
    assert "I am away" in client.get(f"/sessions/{session.pk}").content.decode()


def test_a_reason_typed_too_late_is_not_lost(client: Client, pair: Mentorship) -> None:
    session = make_request(pair)
    client.force_login(pair.mentor)

    answer = act(client, session, "decline", version=0, reason="A long <explanation>")

    assert answer.status_code == 412
    assert "A long &lt;explanation&gt;</textarea>" in answer.content.decode()


def test_an_offer_can_be_taken_back(client: Client, pair: Mentorship) -> None:
    session = make_request(pair)
    client.force_login(pair.mentee)

    act(client, session, "withdraw", version=session.version)

    assert status_of(session) == "cancelled"


def test_only_the_host_starts_and_not_too_early(client: Client, pair: Mentorship) -> None:
    session = make_agreed(pair, now() + timedelta(minutes=10))
    early = make_agreed(pair, now() + timedelta(hours=3))
    client.force_login(pair.mentee)
    assert act(client, session, "start").status_code == 403
    client.force_login(pair.mentor)
    assert act(client, early, "start").status_code == 409

    act(client, session, "start", version=session.version)

    assert (status_of(session), status_of(early)) == ("live", "scheduled")


def test_joining_leads_to_the_meeting_and_is_kept(client: Client, pair: Mentorship) -> None:
    session = make_agreed(pair, now() + timedelta(minutes=10))
    set_meeting_link(actor=pair.mentor, session_id=session.pk, link=ROOM)
    client.force_login(pair.mentee)

    answer = act(client, session, "join")

    assert answer.status_code == 200
    assert answer.headers["Refresh"] == "0; url=https://meet.example.org/room?a=1&b=%C3%BC"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert f'href="{escape(ROOM)}"' in answer.content.decode()
    evidence = Evidence.objects.get()
    assert evidence.participant is not None
    assert (evidence.participant.user, evidence.source) == (pair.mentee, "join")


def test_a_closed_door_gives_nothing(client: Client, pair: Mentorship) -> None:
    session = make_agreed(pair, now() + timedelta(hours=3))
    set_meeting_link(actor=pair.mentor, session_id=session.pk, link=ROOM)
    client.force_login(pair.mentee)

    answer = act(client, session, "join")

    assert answer.status_code == 409
    assert "The door opens 15 minutes before the start." in answer.content.decode()
    assert "meet.example.org/room" not in answer.content.decode()
    assert not Evidence.objects.exists()


def test_an_administrator_who_takes_no_part_cannot_join(client: Client, pair: Mentorship) -> None:
    session = make_agreed(pair, now() + timedelta(minutes=5))
    set_meeting_link(actor=pair.mentor, session_id=session.pk, link=ROOM)
    client.force_login(make_admin())

    assert act(client, session, "join").status_code == 403


def test_the_host_says_where_it_meets(client: Client, pair: Mentorship) -> None:
    session = make_agreed(pair)
    client.force_login(pair.mentor)

    act(client, session, "meeting", link="https://meet.example.org/other")

    assert Meeting.objects.get().link_encrypted == "https://meet.example.org/other"


def test_what_is_no_link_is_refused_at_its_field(client: Client, pair: Mentorship) -> None:
    session = make_agreed(pair)
    client.force_login(pair.mentor)

    answer = act(client, session, "meeting", link="javascript:alert(1)")

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="javascript:alert(1)"' in shown
    assert "This is not a link" in shown
    assert not Meeting.objects.exists()


def test_the_guest_cannot_say_where_it_meets(client: Client, pair: Mentorship) -> None:
    session = make_agreed(pair)
    client.force_login(pair.mentee)

    assert act(client, session, "meeting", link="https://evil.example.org").status_code == 403
    assert not Meeting.objects.exists()
