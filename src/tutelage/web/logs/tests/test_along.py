"""Drafts, changes and private notes on the pages."""

from datetime import timedelta

import pytest
from django.test import Client

from tutelage.core.clock import now
from tutelage.domain.feedback.inputs import LogAndRate
from tutelage.domain.feedback.services import log_and_rate
from tutelage.domain.logs.models import LogDraft
from tutelage.domain.logs.tests.builders import make_logged
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.models import Session, SessionLog
from tutelage.domain.sessions.tests.builders import make_admin, make_pair, make_session, make_user

pytestmark = pytest.mark.django_db
TYPED = {
    "outcomes": "Half a sent",
    "rating": "4",
    "step_id": "",
    "step_text": "Dra",
    "step_owner": "",
    "step_due_on": "",
    "private_note": "Tired",
}


@pytest.fixture
def pair(client: Client) -> Mentorship:
    made = make_pair(mentor=make_user(name="Dr. Samuel Oyelaran"))
    client.force_login(made.mentee)
    return made


@pytest.fixture
def over(pair: Mentorship) -> Session:
    return make_session(pair, starts_at=now() - timedelta(hours=3))


def test_what_is_typed_is_there_again_on_another_device(client: Client, over: Session) -> None:
    address = f"/sessions/{over.pk}/log"
    kept = client.post(f"{address}/draft", TYPED | {"version": over.version})
    assert "Draft kept" in kept.content.decode()
    assert "draft-kept" in kept["HX-Trigger"]

    elsewhere = Client()
    elsewhere.force_login(over.participants.get(role="guest").user)
    page = elsewhere.get(address).content.decode()
    assert "Half a sent" in page
    assert 'value="4" checked' in page
    assert 'value="Dra"' in page
    assert "Tired" in page
    assert "Draft kept" in page


def test_nobody_else_sees_a_draft(client: Client, over: Session, pair: Mentorship) -> None:
    client.post(f"/sessions/{over.pk}/log/draft", TYPED)

    client.force_login(pair.mentor)

    assert "Half a sent" not in client.get(f"/sessions/{over.pk}/log").content.decode()


def test_a_draft_is_gone_once_saved_or_discarded(client: Client, over: Session) -> None:
    address = f"/sessions/{over.pk}/log"
    client.post(f"{address}/draft", TYPED)
    fresh = client.post(address, TYPED | {"do": "discard"}).content.decode()
    assert "Half a sent" not in fresh
    assert not LogDraft.objects.exists()

    client.post(f"{address}/draft", TYPED)
    client.post(address, {"outcomes": "All of it"})
    assert not LogDraft.objects.exists()


def test_a_draft_of_a_session_never_planned_is_kept_too(client: Client, pair: Mentorship) -> None:
    address = f"/mentorships/{pair.uid}/log"
    client.post(f"{address}/draft", TYPED | {"day": "2026-03-05", "hour": "10:00"})

    page = client.get(address).content.decode()

    assert "Half a sent" in page
    assert 'value="2026-03-05"' in page
    client.post(address, {"do": "discard"})
    assert not LogDraft.objects.exists()


@pytest.mark.parametrize("text", ["a\0b", "x" * 150_001])
def test_what_cannot_be_kept_says_so(client: Client, over: Session, text: str) -> None:
    reply = client.post(f"/sessions/{over.pk}/log/draft", {"outcomes": text})

    assert (reply.status_code, "HX-Trigger" in reply) == (200, False)
    assert "Not kept as a draft" in reply.content.decode()


def test_a_log_is_changed_and_says_so_with_what_it_said(client: Client, pair: Mentorship) -> None:
    session = make_logged(pair, next_steps="Draft", shared_notes="Ours")
    page = client.get(f"/sessions/{session.pk}/log").content.decode()
    assert "Change the log" in page
    assert "Eight questions" in page
    assert 'value="Draft"' in page
    assert 'name="rating"' not in page

    client.post(
        f"/sessions/{session.pk}/log", {"outcomes": "Seven now", "version": session.version}
    )

    assert SessionLog.objects.get().outcomes == "Seven now"
    room = client.get(f"/sessions/{session.pk}").content.decode()
    assert "see what it said" in room
    before = client.get(f"/sessions/{session.pk}/log/before").content.decode()
    assert "Eight questions" in before
    assert "Ours" in before


def test_of_two_tabs_the_second_keeps_what_was_typed_and_shows_what_stands_there(
    client: Client, over: Session, pair: Mentorship
) -> None:
    given = LogAndRate(outcomes="The mentor was quicker")
    log_and_rate(actor=pair.mentor, session_id=over.pk, given=given)
    address, typed = f"/sessions/{over.pk}/log", TYPED | {"outcomes": "Mine"}

    stale = client.post(address, typed | {"version": over.version})

    page = stale.content.decode()
    assert stale.status_code == 412
    assert "Mine" in page
    assert "The mentor was quicker" in page
    assert SessionLog.objects.get().outcomes == "The mentor was quicker"
    again = client.post(address, typed | {"version": over.version + 1})
    assert again.status_code == 302
    assert SessionLog.objects.get().outcomes == "Mine"
    assert "The mentor was quicker" in client.get(f"{address}/before").content.decode()


def test_a_private_note_stands_on_the_page_for_its_author_alone(
    client: Client, pair: Mentorship
) -> None:
    session = make_session(pair)
    client.post(f"/sessions/{session.pk}/note", {"text": "She is tired"})
    assert "She is tired" in client.get(f"/sessions/{session.pk}").content.decode()

    for other in (pair.mentor, make_admin()):
        client.force_login(other)
        assert "She is tired" not in client.get(f"/sessions/{session.pk}").content.decode()


def test_a_note_too_long_is_refused_at_its_field_and_stays(
    client: Client, pair: Mentorship
) -> None:
    session = make_session(pair)

    reply = client.post(f"/sessions/{session.pk}/note", {"text": "y" * 10_001})

    page = reply.content.decode()
    assert reply.status_code == 422
    assert 'id="note-text-error"' in page
    assert "y" * 10_001 in page


def test_the_length_comes_from_the_real_start_where_it_is_known(
    client: Client, pair: Mentorship
) -> None:
    begun = now() - timedelta(minutes=43)
    session = make_session(
        pair, starts_at=now() - timedelta(minutes=50), status="live", started_at=begun
    )

    page = client.get(f"/sessions/{session.pk}/log").content.decode()

    assert 'value="43"' in page
    assert "From the real start" in page
