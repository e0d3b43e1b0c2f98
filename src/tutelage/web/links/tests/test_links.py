"""The page behind a personal link."""

import os
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tutelage.core.clock import now
from tutelage.domain.attendance.models import Evidence
from tutelage.domain.journal.models import Entry
from tutelage.domain.meetings.models import PersonalLink
from tutelage.domain.meetings.services import set_meeting_link
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.scheduling.services.cancelling import cancel_session
from tutelage.domain.scheduling.tests.builders import make_agreed
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import make_pair, make_user
from tutelage.web.links.tests.builders import link_of

pytestmark = pytest.mark.django_db
ROOM = "https://meet.example.org/room"


@pytest.fixture
def pair() -> Mentorship:
    return make_pair(
        mentor=make_user(name="Dr. Samuel Oyelaran", zone="America/New_York"),
        mentee=make_user(name="Aroha Ngata-Williams", zone="Pacific/Auckland"),
    )


@pytest.fixture
def session(pair: Mentorship) -> Session:
    """One whose door is open."""
    made = make_agreed(pair, now() + timedelta(minutes=10))
    set_meeting_link(actor=pair.mentor, session_id=made.pk, link=ROOM)
    return made


def sources() -> list[str]:
    return list(Evidence.objects.values_list("source", flat=True))


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_it_says_whose_it_is_by_first_name_alone_and_when(
    client: Client, pair: Mentorship, session: Session
) -> None:
    shown = text_of(client.get(f"/j/{link_of(session, pair.mentee)}"))

    assert "This link is Aroha’s." in shown
    assert "Session with Samuel" in shown
    assert "Auckland, " in shown
    assert "New York, " in shown
    for secret in ("Ngata", "Oyelaran", "example.org"):
        assert secret not in shown


def test_looking_changes_nothing_however_often(
    client: Client, pair: Mentorship, session: Session
) -> None:
    before = Entry.objects.count()

    for method in (client.get, client.head, client.get):
        assert method(f"/j/{link_of(session, pair.mentee)}").status_code == 200

    assert (Entry.objects.count(), sources()) == (before, [])


def test_the_button_opens_the_door_and_is_kept_as_weaker_evidence(
    client: Client, pair: Mentorship, session: Session
) -> None:
    answer = client.post(f"/j/{link_of(session, pair.mentee)}")

    assert answer.headers["Refresh"] == f"0; url={ROOM}"
    assert sources() == ["link"]


def test_logged_in_as_its_owner_it_proves_more(
    client: Client, pair: Mentorship, session: Session
) -> None:
    client.force_login(pair.mentee)

    client.post(f"/j/{link_of(session, pair.mentee)}")

    assert sources() == ["join"]


def test_logged_in_as_another_it_asks_who_one_is(
    client: Client, pair: Mentorship, session: Session
) -> None:
    token = link_of(session, pair.mentee)
    client.force_login(pair.mentor)
    shown = text_of(client.get(f"/j/{token}"))
    assert "You are logged in as Samuel; this link is Aroha’s." in shown
    assert "Join as Aroha" in shown
    assert f'href="/sessions/{session.pk}"' in shown
    client.force_login(make_user())
    assert f"/sessions/{session.pk}" not in text_of(client.get(f"/j/{token}"))

    client.post(f"/j/{token}")

    evidence = Evidence.objects.get()
    assert evidence.participant is not None
    assert (evidence.participant.user, evidence.source) == (pair.mentee, "link")


def test_before_the_door_opens_it_says_when(client: Client, pair: Mentorship) -> None:
    session = make_agreed(pair, now() + timedelta(hours=3))
    set_meeting_link(actor=pair.mentor, session_id=session.pk, link=ROOM)
    token = link_of(session, pair.mentee)

    assert "The door opens " in text_of(client.get(f"/j/{token}"))
    refused = client.post(f"/j/{token}")

    assert (refused.status_code, sources()) == (409, [])
    assert ROOM not in text_of(refused)


def test_a_cancelled_session_is_named_as_such(client: Client, pair: Mentorship) -> None:
    session = make_agreed(pair)
    token = link_of(session, pair.mentee)
    cancel_session(actor=pair.mentor, session_id=session.pk, reason="Ill")

    assert "This session was cancelled." in text_of(client.get(f"/j/{token}"))


def test_what_is_over_is_named_as_such(client: Client, pair: Mentorship, session: Session) -> None:
    Session.objects.update(starts_at=now() - timedelta(hours=3), ends_at=now() - timedelta(hours=2))

    assert "This session is over." in text_of(client.get(f"/j/{link_of(session, pair.mentee)}"))


def test_wrong_and_old_links_are_answered_alike(
    client: Client, pair: Mentorship, session: Session
) -> None:
    old = link_of(session, pair.mentee)
    PersonalLink.objects.filter(participant__user=pair.mentee).update(revoked_at=now())
    answers, costs = [], []
    for token in (old, old[:-1] + "x", "x", "%00", "é" * 40, "a" * 4_000):
        for method in (client.get, client.post):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                answers.append(method(f"/j/{token}"))
            costs.append([re.sub(r"'.*?'", "?", each["sql"]) for each in asked])

    assert {answer.status_code for answer in answers} == {404}
    assert len({text_of(answer) for answer in answers}) == 1
    assert all(cost == costs[0] for cost in costs)
    assert "This link is not good any more" in text_of(answers[0])


@pytest.mark.parametrize("known", [True, False])
def test_it_stays_out_of_search_engines_caches_and_referrers(
    client: Client,
    pair: Mentorship,
    session: Session,
    known: bool,
) -> None:
    token = link_of(session, pair.mentee) if known else os.urandom(8).hex()

    for answer in (client.get(f"/j/{token}"), client.post(f"/j/{token}")):
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
