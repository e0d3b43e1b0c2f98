"""What is changed most is answered without being read again, and just as it is read afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tutelage.api.tests.clients import ApiClient, assert_is, client_of
from tutelage.core.clock import now
from tutelage.domain.meetings.services import set_meeting_link, set_usual_room
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.inputs import AskForTime
from tutelage.domain.scheduling.tests.builders import make_agreed, make_request, whole_hour, wish
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import make_log, make_session

pytestmark = pytest.mark.django_db

SAVEPOINT = 2  # a use case within the test's own transaction


@pytest.fixture
def pair() -> Mentorship:
    return make_pair()


@contextmanager
def statements(client: ApiClient, number: int) -> Iterator[None]:
    """As many and no more, once it is noted that the token was used."""
    client.send("get", "/me")
    with CaptureQueriesContext(connection) as sent:
        yield
    assert len(sent) == number + SAVEPOINT


def assert_as_read(client: ApiClient, answer: Any, status: int = 200) -> None:
    read = client.send("get", f"/sessions/{answer.json()['id']}")
    assert (answer.status_code, answer.json()) == (status, read.json())
    assert answer["ETag"] == read["ETag"]
    assert_is(answer.json(), "SessionOut")


def test_a_time_that_is_asked_for(pair: Mentorship) -> None:
    """Who, which pair, their locks; what is written of session, time and journal; no reading."""
    client = client_of(pair.mentee)
    asking = wish(pair).model_dump(mode="json") | {"note": "The guide"}
    with statements(client, 6):
        asked = client.send("post", "/sessions", asking)
    assert asked["Location"] == f"/api/sessions/{asked.json()['id']}"
    assert_as_read(client, asked, 201)


def move(session: Session, *, by: ApiClient, to: AskForTime) -> None:
    plan = to.model_dump(mode="json", include={"local_start", "zone"})
    offered = by.send("post", f"/sessions/{session.pk}", {"action": "reschedule", **plan})
    assert offered.json()["offer"]


@pytest.mark.parametrize("has_room", [False, True])
def test_a_time_that_is_accepted(pair: Mentorship, has_room: bool) -> None:
    """Thirteen statements, and one for a room.

    Who, session, offer, people, locks; offer, time given back and taken, session, journal; usual
    room, links; which links there are.
    """
    if has_room:
        set_usual_room(actor=pair.mentor, link="https://meet.example.org/sam")
    session, client = make_request(pair), client_of(pair.mentor)
    with statements(client, 13 + has_room):
        accepted = client.send("post", f"/sessions/{session.pk}", {"action": "accept"})
    assert accepted.json()["has_meeting_link"] is has_room
    assert_as_read(client, accepted)


def test_a_time_that_one_with_a_log_moves_to(pair: Mentorship) -> None:
    """It was held before its time, then called off by a correction, and stands again."""
    session = make_agreed(pair)
    make_log(session)
    move(session, by=client_of(pair.mentor), to=wish(pair, whole_hour(days=3)))
    client = client_of(pair.mentee)
    accepted = client.send("post", f"/sessions/{session.pk}", {"action": "accept"})
    assert accepted.json()["log"]["outcomes"] == "A first draft"
    assert_as_read(client, accepted)


def test_a_session_that_is_logged(pair: Mentorship) -> None:
    """Fifteen statements, whatever comes along.

    Who, session; session, log and steps, journal; time given back, what it is found by read and
    written; people, ratings, rating, journal; draft; ratings to be read, which links there are.
    """
    session = make_session(pair, starts_at=now() - timedelta(hours=3))
    step = {"text": "Print it", "owner": str(pair.mentor.uid), "due_on": "2030-01-31"}
    said = {"outcomes": "Done", "next_steps": [step, "Read it"], "rating": 4, "comment": "Good"}
    client = client_of(pair.mentor)
    with statements(client, 15):
        logged = client.send("post", f"/sessions/{session.pk}", {"action": "complete", **said})
    assert [each["text"] for each in logged.json()["log"]["next_steps"]] == ["Print it", "Read it"]
    assert [each["stars"] for each in logged.json()["ratings"]] == [4]
    assert_as_read(client, logged)


def test_one_that_was_to_move_and_has_a_backup_link(pair: Mentorship) -> None:
    session, client = make_agreed(pair), client_of(pair.mentee)
    move(session, by=client, to=wish(pair, whole_hour(days=3)))
    set_meeting_link(actor=pair.mentor, session_id=session.pk, backup="https://b.example.org/")
    with time_machine.travel(session.ends_at):
        said = {"outcomes": "Done", "private_note": "Mine"}
        logged = client.send("post", f"/sessions/{session.pk}", {"action": "complete", **said})
        assert (logged.json()["offer"], logged.json()["has_backup_link"]) == (None, True)
        assert_as_read(client, logged)


def test_one_that_was_never_planned(pair: Mentorship) -> None:
    client, said = client_of(pair.mentee), {"outcomes": "Done", "next_steps": "Read", "rating": 3}
    logged = client.send("post", f"/mentorships/{pair.program.uid}/sessions", said)
    assert_as_read(client, logged, 201)
