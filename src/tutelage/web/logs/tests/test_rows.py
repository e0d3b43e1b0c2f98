"""Next steps as rows: added and removed without script, refused at their own row, ticked."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from tutelage.core.clock import now
from tutelage.domain.logs.tests.builders import make_logged
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.models import NextStep, Session
from tutelage.domain.sessions.tests.builders import make_pair, make_session, make_user

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def pair(client: Client) -> Mentorship:
    made = make_pair(mentor=make_user(name="Dr. Samuel Oyelaran"))
    client.force_login(made.mentee)
    return made


@pytest.fixture
def over(pair: Mentorship) -> Session:
    return make_session(pair, starts_at=now() - timedelta(hours=3))


def rows(*texts: str, owner: str = "", due: str = "") -> dict[str, object]:
    count = len(texts)
    return {
        "outcomes": "Done",
        "step_id": [""] * count,
        "step_text": list(texts),
        "step_owner": [owner] * count,
        "step_due_on": [due] * count,
    }


def test_a_step_says_what_who_and_when(client: Client, over: Session, pair: Mentorship) -> None:
    page = client.get(f"/sessions/{over.pk}/log").content.decode()
    assert f'<option value="{pair.mentee.uid}" selected>You</option>' in page
    assert f'<option value="{pair.mentor.uid}">Samuel</option>' in page

    sent = rows("Read it", owner=str(pair.mentor.uid), due="2026-04-02")
    client.post(f"/sessions/{over.pk}/log", sent)

    step = NextStep.objects.get()
    assert (step.owner, str(step.due_on)) == (pair.mentor, "2026-04-02")


def test_rows_are_added_and_taken_away_without_losing_what_was_typed(
    client: Client, over: Session
) -> None:
    address, sent = f"/sessions/{over.pk}/log", rows("Draft", "Ask") | {"rating": "4"}

    more = client.post(address, sent | {"do": "add"})
    page = more.content.decode()
    assert (more.status_code, page.count('name="step_text"')) == (200, 3)
    assert 'value="4" checked' in page
    less = client.post(address, sent | {"do": "remove-1"}).content.decode()
    assert 'value="Ask"' in less
    assert 'value="Draft"' not in less
    assert client.post(address, sent | {"do": "remove-9999999999"}).status_code == 200
    assert Session.objects.get().status == "scheduled"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (rows("Draft", "x" * 501), "At most 500 characters."),
        (rows("Draft", due="soon"), "This is not a date."),
        (rows("Draft", owner="me"), "This is not an id."),
        (rows("Draft", owner=str(uuid4())), "Choose one of those who took part."),
    ],
)
def test_a_fault_stands_at_its_row_and_all_that_was_typed_stays(
    client: Client, over: Session, sent: dict[str, object], said: str
) -> None:
    reply = client.post(f"/sessions/{over.pk}/log", sent)

    page = reply.content.decode()
    number = len(sent["step_text"])  # type: ignore[arg-type]  # a list, as above
    assert reply.status_code == 422
    assert f'id="step-{number}-error"' in page
    assert said in page
    assert 'value="Draft"' in page
    assert Session.objects.get().status == "scheduled"


def test_open_steps_stand_in_the_next_session_and_are_ticked_there(
    client: Client, pair: Mentorship
) -> None:
    make_logged(pair, next_steps="Draft the guide")
    upcoming, step = make_session(pair), NextStep.objects.get()
    room = f"/sessions/{upcoming.pk}"
    page = client.get(room).content.decode()
    assert "Brought over from last time" in page
    assert "Draft the guide" in page

    ticked = client.post(f"/steps/{step.uid}", {"done": "1", "back": room})
    assert ticked["Location"] == room
    step.refresh_from_db()
    assert step.done_by == pair.mentee
    undo = client.post(f"/steps/{step.uid}", {"done": "0"}, headers=HTMX).content.decode()
    assert undo.lstrip().startswith("<li")
    step.refresh_from_db()
    assert step.done_at is None


def test_home_lists_ones_own_open_steps(client: Client, pair: Mentorship) -> None:
    steps = [{"text": "Mine", "owner": pair.mentee.uid}, {"text": "His", "owner": pair.mentor.uid}]
    make_logged(pair, next_steps=steps)

    page = client.get("/").content.decode()

    assert "Done:</span> Mine" in page or "Done: Mine" in page
    assert "His</span>" not in page


def test_after_a_tick_nobody_is_led_to_another_site(client: Client, pair: Mentorship) -> None:
    session = make_logged(pair, next_steps="Draft")
    step = NextStep.objects.get()

    sent = {"done": "1", "back": "https://evil.example"}
    assert client.post(f"/steps/{step.uid}", sent)["Location"] == f"/sessions/{session.pk}"
