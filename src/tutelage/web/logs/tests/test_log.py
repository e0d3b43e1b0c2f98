"""The log dialog: its fields, what it refuses, and that nothing typed is lost."""

from datetime import date, timedelta

import pytest
from django.test import Client

from tutelage.core.clock import now
from tutelage.domain.feedback.inputs import LogAndRate
from tutelage.domain.feedback.models import Rating
from tutelage.domain.feedback.services import log_and_rate
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import make_admin, make_pair, make_session, make_user

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
TYPED = {
    "duration_minutes": "58",
    "rating": "4",
    "objectives": "Go through the guide",
    "outcomes": "Eight questions agreed",
    "step_id": ["", "", ""],
    "step_text": ["Draft the guide", "", "Ask the board"],
    "step_owner": ["", "", ""],
    "step_due_on": ["2026-04-02", "", ""],
    "shared_notes": "",
    "private_note": "She is tired",
}


@pytest.fixture
def pair() -> Mentorship:
    mentor = make_user(name="Dr. Samuel Oyelaran")
    return make_pair(mentor=mentor, mentee=make_user(zone="Pacific/Auckland"))


@pytest.fixture
def over(client: Client, pair: Mentorship) -> Session:
    client.force_login(pair.mentee)
    return make_session(pair, starts_at=now() - timedelta(hours=3))


def test_the_form_asks_in_the_words_of_the_log_and_presets_no_stars(
    client: Client, over: Session
) -> None:
    page = client.get(f"/sessions/{over.pk}/log").content.decode()

    for label in ("Duration (minutes)", "Your rating", "Session objectives", "Key outcomes"):
        assert label in page
    for hint in ("What did you plan to cover?", "What was accomplished?"):
        assert hint in page
    assert "What should happen before the next session?" in page
    assert "No rating" in page
    assert "Save session" in page
    assert " checked" not in page
    assert 'value="60"' in page


def test_saving_completes_the_session_and_keeps_every_field(client: Client, over: Session) -> None:
    reply = client.post(f"/sessions/{over.pk}/log", TYPED | {"version": over.version})

    assert reply["Location"] == f"/sessions/{over.pk}"
    over.refresh_from_db()
    assert (over.status, over.duration_minutes) == ("completed", 58)
    assert over.log.outcomes == "Eight questions agreed"
    assert [(step.text, step.due_on) for step in over.next_steps.order_by("position")] == [
        ("Draft the guide", date(2026, 4, 2)),
        ("Ask the board", None),
    ]
    assert [note.text for note in over.private_notes.all()] == ["She is tired"]
    assert Rating.objects.get(session=over).stars == 4


def test_a_rating_may_be_left_out(client: Client, over: Session) -> None:
    client.post(f"/sessions/{over.pk}/log", {"outcomes": "Enough"})

    assert Session.objects.get().status == "completed"
    assert not Rating.objects.exists()


def test_without_outcomes_the_field_says_so_and_the_rest_stays(
    client: Client, over: Session
) -> None:
    reply = client.post(f"/sessions/{over.pk}/log", TYPED | {"outcomes": " "})

    page = reply.content.decode()
    assert reply.status_code == 422
    assert 'id="outcomes-error"' in page
    assert "Write at least one sentence." in page
    assert "Go through the guide" in page
    assert "Ask the board" in page
    assert 'value="4" checked' in page
    assert Session.objects.get().status == "scheduled"


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("rating", "6"),
        ("rating", "0"),
        ("duration_minutes", "4"),
        ("duration_minutes", "a while"),
        ("outcomes", "a\0b"),
        ("outcomes", "x" * 100_000),
        ("colour", "red"),
    ],
)
def test_a_bad_value_is_a_fault_of_its_field(
    client: Client, over: Session, field: str, bad: str
) -> None:
    reply = client.post(f"/sessions/{over.pk}/log", TYPED | {field: bad})

    assert reply.status_code == 422
    assert f'href="#{field}"' in reply.content.decode()


def test_an_older_version_is_refused_and_what_was_typed_kept(client: Client, over: Session) -> None:
    seen = over.version
    Session.objects.filter(pk=over.pk).update(version=seen + 1)

    reply = client.post(f"/sessions/{over.pk}/log", TYPED | {"version": seen})

    page = reply.content.decode()
    assert reply.status_code == 412
    assert "Eight questions agreed" in page
    assert f'name="version" value="{seen + 1}"' in page


def test_what_the_other_side_logged_meanwhile_is_not_written_over(
    client: Client, over: Session, pair: Mentorship
) -> None:
    log_and_rate(
        actor=pair.mentor, session_id=over.pk, given=LogAndRate(outcomes="The mentor was quicker")
    )

    reply = client.post(f"/sessions/{over.pk}/log", TYPED)

    assert reply.status_code == 409
    assert "Eight questions agreed" in reply.content.decode()
    over.refresh_from_db()
    assert over.log.outcomes == "The mentor was quicker"


@pytest.mark.parametrize("given", [{"status": "cancelled"}, {"starts_at": now() + timedelta(1)}])
def test_a_session_without_a_log_to_write_leads_to_its_page(
    client: Client, pair: Mentorship, given: dict[str, object]
) -> None:
    session = make_session(pair, **given)  # type: ignore[arg-type]  # as given
    client.force_login(pair.mentee)

    assert client.get(f"/sessions/{session.pk}/log")["Location"] == f"/sessions/{session.pk}"


def test_strangers_do_not_learn_that_there_is_a_session(client: Client, over: Session) -> None:
    client.force_login(make_user())
    assert client.get(f"/sessions/{over.pk}/log").status_code == 404
    assert client.post(f"/sessions/{over.pk}/log", TYPED).status_code == 404


def test_an_administrator_who_was_not_there_writes_no_log(client: Client, over: Session) -> None:
    client.force_login(make_admin())
    assert client.get(f"/sessions/{over.pk}/log").status_code == 403
    assert client.post(f"/sessions/{over.pk}/log", TYPED).status_code == 403
    assert Session.objects.get().status == "scheduled"


def test_over_a_page_the_form_is_a_dialog_that_takes_its_own_place_when_refused(
    client: Client, over: Session
) -> None:
    address = f"/sessions/{over.pk}/log"
    opened = client.get(address, headers=HTMX).content.decode()
    assert opened.lstrip().startswith("<dialog")

    refused = client.post(address, TYPED | {"outcomes": ""}, headers=HTMX)
    assert (refused.status_code, refused["HX-Retarget"]) == (422, "#dialog")
    assert "<html" not in refused.content.decode()

    assert client.post(address, TYPED, headers=HTMX)["HX-Refresh"] == "true"
