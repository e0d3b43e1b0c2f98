"""Saying what became of a session by its page, each answer by one press."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tutelage.core.clock import now
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.models import MissedAnswer, Session
from tutelage.domain.sessions.tests.builders import (
    make_admin,
    make_log,
    make_pair,
    make_session,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> Mentorship:
    return make_pair(mentor=make_user(name="Samuel Oyelaran"), mentee=make_user(name="Aroha"))


@pytest.fixture
def missed(pair: Mentorship) -> Session:
    return make_session(pair, starts_at=now() - timedelta(hours=3))


def send(client: Client, person: Any, session: Session, page: str, **sent: Any) -> Any:
    client.force_login(person)
    return client.post(f"/sessions/{session.pk}/{page}", sent)


def shown(client: Client, person: Any, path: str) -> str:
    client.force_login(person)
    return client.get(path).content.decode()


def test_the_question_stands_on_its_page_and_both_answers_settle_it(
    client: Client, pair: Mentorship, missed: Session
) -> None:
    page = f"/sessions/{missed.pk}"
    assert "Somebody did not come" in shown(client, pair.mentee, page)

    first = send(client, pair.mentor, missed, "missed", answer="no_show", party="participant")
    assert first.headers["Location"] == page
    unread = shown(client, pair.mentee, page)
    assert ("has answered" in unread, "Aroha did not come." in unread) == (True, False)

    send(client, pair.mentee, missed, "missed", answer="called_off")
    assert "Told in different ways" in shown(client, pair.mentee, page)
    listed = shown(client, make_admin(), "/missed")
    assert "Aroha did not come." in listed
    assert "It was called off." in listed

    send(client, pair.mentee, missed, "missed", answer="no_show", party="participant")
    missed.refresh_from_db()
    assert missed.status == "no_show"
    assert "What it said before" in shown(client, pair.mentee, page)
    assert "Nobody disagrees" in shown(client, make_admin(), "/missed")


def test_that_it_happened_leads_to_the_log(
    client: Client, pair: Mentorship, missed: Session
) -> None:
    answer = send(client, pair.mentee, missed, "missed", answer="happened")

    assert answer.headers["Location"] == f"/sessions/{missed.pk}/log"
    assert MissedAnswer.objects.get().answer == "happened"


def test_a_no_show_is_marked_by_a_form_and_refused_at_its_field(
    client: Client, pair: Mentorship, missed: Session
) -> None:
    refused = send(client, pair.mentor, missed, "no-show", version="1", reason="I waited")
    assert refused.status_code == 422
    assert 'value="I waited"' in refused.content.decode()

    marked = send(client, pair.mentor, missed, "no-show", version="1", party="participant")
    assert marked.status_code == 302
    assert "No-show, participant" in shown(client, pair.mentor, f"/sessions/{missed.pk}")


def test_a_correction_keeps_what_was_typed_and_then_what_was_said(
    client: Client, pair: Mentorship
) -> None:
    held = make_session(pair, status="completed")
    make_log(held)

    refused = send(client, pair.mentor, held, "correct", version="1", to="no_show", reason="Ill")
    assert refused.status_code == 422
    assert 'value="Ill"' in refused.content.decode()
    sent = {"to": "no_show", "party": "host", "reason": "I was ill", "version": "1"}
    assert send(client, pair.mentor, held, "correct", **sent).status_code == 302
    assert "I was ill" in shown(client, pair.mentee, f"/sessions/{held.pk}")
    again = send(client, pair.mentor, held, "correct", **{**sent, "to": "cancelled"})
    assert again.status_code == 412
