"""Pages by which a pair is proposed, answered, changed, paused and ended; and its pulse."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from tutelage.core.clock import now
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.sessions.models import NextStep
from tutelage.domain.sessions.tests.builders import make_admin, make_session, make_user

pytestmark = pytest.mark.django_db


def propose(client: Client, **typed: str) -> Any:
    return client.post("/mentorships/propose", {"role": "mentee", "cadence_days": "14", **typed})


def test_a_pair_is_proposed_and_stands_with_the_other_as_something_to_answer(
    client: Client,
) -> None:
    aroha, samuel = make_user(name="Aroha"), make_user(name="Samuel")
    client.force_login(aroha)

    answer = propose(client, email=samuel.email, goals="A guide")

    pair = Mentorship.objects.get()
    assert (pair.status, pair.mentor, pair.mentee, pair.goals) == (
        "proposed", samuel, aroha, "A guide",
    )  # fmt: skip
    assert answer.headers["Location"] == f"/mentorships/{pair.uid}"
    assert "Waiting for an answer" in client.get("/mentorships").content.decode()
    client.force_login(samuel)
    assert "Aroha asks you to be their mentor" in client.get("/mentorships").content.decode()
    page = client.get(f"/mentorships/{pair.uid}").content.decode()
    assert f"/mentorships/{pair.uid}/move/accept" in page
    assert f"/mentorships/{pair.uid}/move/withdraw" not in page
    client.post(f"/mentorships/{pair.uid}/move/accept", {"version": "1"})
    pair.refresh_from_db()
    assert pair.status == "active"


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": "me@example.org"}, "email"),
        ({"email": "nobody@example.org"}, "email"),
        ({"email": "sam@example.org", "cadence_days": ""}, "cadence_days"),
        ({"email": "sam@example.org", "cadence_days": "0"}, "cadence_days"),
        ({"email": "sam@example.org", "role": "both"}, "role"),
    ],
)
def test_what_cannot_be_proposed_is_said_at_its_field_and_what_was_typed_stays(
    client: Client, typed: dict[str, str], field: str
) -> None:
    make_user(email="sam@example.org")
    client.force_login(make_user(email="me@example.org"))

    answer = propose(client, goals="A guide that stands alone", **typed)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{field}-error"' in shown
    assert "A guide that stands alone</textarea>" in shown
    assert Mentorship.objects.count() == 0


@pytest.mark.parametrize("cadence", ["", "0", "366", "often"])
def test_neither_making_nor_changing_takes_a_cadence_of_nothing(
    client: Client, cadence: str
) -> None:
    pair = make_pair(cadence_days=14)
    client.force_login(make_admin())
    emails = {"mentor_email": pair.mentee.email, "mentee_email": pair.mentor.email}

    for path, typed in (
        ("/mentorships/new", emails),
        (f"/mentorships/{pair.uid}/change", {"version": "1"}),
    ):
        answer = client.post(path, {**typed, "cadence_days": cadence})
        assert answer.status_code == 422
        assert 'id="cadence_days-error"' in answer.content.decode()
    assert [each.cadence_days for each in Mentorship.objects.all()] == [14]


def test_goals_are_changed_and_emptied_and_nobody_writes_over_the_other(client: Client) -> None:
    pair = make_pair(goals="Old")
    client.force_login(pair.mentee)
    path = f"/mentorships/{pair.uid}/change"
    assert "Old</textarea>" in client.get(path).content.decode()

    client.post(path, {"cadence_days": "7", "goals": "", "version": "1"})
    late = client.post(path, {"cadence_days": "21", "goals": "Mine", "version": "1"})

    pair.refresh_from_db()
    assert (pair.cadence_days, pair.goals) == (7, "")
    assert late.status_code == 412
    assert "Mine</textarea>" in late.content.decode()


def test_a_pair_ends_with_a_reason_that_its_page_keeps(client: Client) -> None:
    pair = make_pair()
    client.force_login(pair.mentee)
    path = f"/mentorships/{pair.uid}/move/end"
    assert client.post(path, {"version": "1"}).status_code == 422

    client.post(path, {"version": "1", "reason": "The guide is written"})

    shown = client.get(f"/mentorships/{pair.uid}").content.decode()
    assert "The guide is written" in shown
    assert "/move/" not in shown
    assert client.get(f"/mentorships/{pair.uid}/move/odd").status_code == 404
    assert client.post(path, {"version": "x" * 99, "reason": "Again"}).status_code == 422


def test_a_pair_shows_its_pulse_its_meetings_and_its_open_steps(client: Client) -> None:
    long_ago = now() - timedelta(days=50)
    pair = make_pair(started_at=long_ago, status_since=long_ago)
    make_session(pair, starts_at=now() - timedelta(days=40), status="completed")
    made = make_session(pair, starts_at=now() - timedelta(days=20), status="completed")
    make_session(pair, starts_at=now() - timedelta(days=30), status="cancelled")
    NextStep.objects.create(session=made, program=pair.program, text="Draft the guide")
    client.force_login(pair.mentor)

    shown = client.get(f"/mentorships/{pair.uid}").content.decode()

    assert "Nothing planned" in shown
    assert "Ask for the next time, or pause" in shown
    assert "Held: every 20 days." in shown
    assert shown.count('<circle class="s1"') == 2
    assert "Draft the guide" in shown


def test_an_administrator_sees_the_worst_pairs_first_and_narrows_them(client: Client) -> None:
    long_ago = now() - timedelta(days=50)
    make_pair(mentor=make_user(name="Hinemoa"))
    make_pair(mentor=make_user(name="Samuel"), started_at=long_ago, status_since=long_ago)
    client.force_login(make_admin())

    every = client.get("/mentorships").content.decode()
    good = client.get("/mentorships?pulse=good").content.decode()
    person = client.get("/mentorships?person=samu").content.decode()

    assert every.index("Samuel") < every.index("Hinemoa")
    assert "First meeting not planned" in every
    assert "Samuel" not in good
    assert "Hinemoa" not in person
    assert client.get("/mentorships?pulse=odd").status_code == 422


def test_all_pairs_by_pulse_are_given_away_as_files_without_formulas(client: Client) -> None:
    make_pair(mentor=make_user(name="=HYPERLINK(1)"), mentee=make_user(name="Aroha"))
    make_pair(mentor=make_user(name="Samuel"), status="paused")
    client.force_login(make_admin())

    sent = client.get("/mentorships/export?status=active")
    rows = list(csv.reader(StringIO(sent.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["Mentor", "'=HYPERLINK(1)"]
    assert rows[1][2::4] == ["Aroha", "Going well"]

    book = load_workbook(BytesIO(client.get("/mentorships/export?format=xlsx").content))
    cells = list(book.worksheets[0].values)
    assert {row[0] for row in cells[1:]} == {"'=HYPERLINK(1)", "Samuel"}
    assert client.get("/mentorships/export?format=odd").status_code == 422
