"""Logs over HTTP: read, written anew, ticked, drafted; and what each refuses, at its field."""

from typing import Any

import pytest

from tutelage.api.tests.clients import assert_problem, client_of
from tutelage.domain.logs.tests.builders import make_logged
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.models import SessionLog
from tutelage.domain.sessions.tests.builders import make_admin, make_pair, make_session, make_user

pytestmark = pytest.mark.django_db
NOTHING = {"form": None, "kept_at": None}


@pytest.fixture
def pair() -> Mentorship:
    return make_pair()


def test_a_log_is_changed_over_the_version_that_was_read_and_tells_what_it_said(
    pair: Mentorship,
) -> None:
    session = make_logged(pair, next_steps="Draft")
    mentor, address = client_of(pair.mentor), f"/sessions/{session.pk}/log"
    read = mentor.send("get", address)
    assert read.json()["outcomes"] == "Eight questions"

    assert_problem(mentor.send("patch", address, {"outcomes": "x"}), 428, "precondition_required")
    changed = mentor.send("patch", address, {"outcomes": "Seven"}, if_match=read["ETag"])
    assert (changed.status_code, changed.json()["outcomes"]) == (200, "Seven")
    stale = mentor.send("put", address, {"outcomes": "Six"}, if_match=read["ETag"])
    assert_problem(stale, 412, "stale")

    [before] = mentor.send("get", f"{address}/revisions").json()["revisions"]
    assert (before["outcomes"], before["changed_by"]["name"]) == (
        "Eight questions",
        pair.mentor.name,
    )
    assert before["next_steps"] == [{"text": "Draft", "owner": None, "due_on": None}]
    whole = mentor.send("put", address, {"outcomes": "Six"}, if_match=changed["ETag"])
    assert (whole.json()["next_steps"], whole.json()["outcomes"]) == ([], "Six")


def test_steps_are_given_as_texts_or_with_owner_and_day_and_ticked(pair: Mentorship) -> None:
    session = make_session(pair, starts_at=make_logged(pair, days=3).starts_at)
    mentee = client_of(pair.mentee)
    steps = ["Ask", {"text": "Draft", "owner": str(pair.mentor.uid), "due_on": "2026-04-02"}]
    body = {"action": "complete", "outcomes": "Done", "next_steps": steps, "shared_notes": "Ours"}

    log = mentee.send("post", f"/sessions/{session.pk}", body).json()["log"]

    ask, draft = log["next_steps"]
    assert (ask["owner"], log["shared_notes"]) == (None, "Ours")
    assert (draft["owner"]["name"], draft["due_on"]) == (pair.mentor.name, "2026-04-02")
    ticked = mentee.send("post", f"/next-steps/{ask['id']}", {"done": True}).json()
    assert ticked["done_by"]["name"] == pair.mentee.name
    assert mentee.send("get", f"/next-steps/{ask['id']}").json() == ticked
    listed = f"/mentorships/{pair.uid}/next-steps"
    assert [row["text"] for row in mentee.send("get", f"{listed}?done=false").json()["next_steps"]]
    done = mentee.send("get", f"{listed}?done=true").json()
    assert [row["text"] for row in done["next_steps"]] == ["Ask"]
    assert done["pagination"]["total"] == 1
    own = client_of(pair.mentor).send("get", "/next-steps").json()["next_steps"]
    assert [row["text"] for row in own] == ["Draft", "Ask"]
    undone = mentee.send("post", f"/next-steps/{ask['id']}", {"done": False}).json()
    assert (undone["done_at"], undone["done_by"]) == (None, None)


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"outcomes": ""}, ["outcomes"]),
        ({"outcomes": "x" * 100_000}, ["outcomes"]),
        ({"duration_minutes": True}, ["duration_minutes"]),
        ({"duration_minutes": 2**40}, ["duration_minutes"]),
        ({"next_steps": [""]}, ["next_steps.0.text"]),
        ({"next_steps": ["a", {"text": "b", "due_on": "soon"}]}, ["next_steps.1.due_on"]),
        ({"next_steps": [{"text": "b", "due_on": "9999-12-31"}]}, ["next_steps.0.due_on"]),
        ({"next_steps": [{"text": "b", "owner": "me"}]}, ["next_steps.0.owner"]),
        ({"next_steps": ["a"] * 51}, ["next_steps"]),
        ({"shared_notes": "a\0b"}, ["shared_notes"]),
        ({"colour": "red"}, ["colour"]),
    ],
)
def test_a_bad_value_is_refused_at_its_field(
    pair: Mentorship, change: dict[str, Any], fields: list[str]
) -> None:
    session = make_logged(pair)

    reply = client_of(pair.mentor).send(
        "patch", f"/sessions/{session.pk}/log", change, if_match=f'"{session.version}"'
    )

    assert_problem(reply, 422, "invalid_input", *fields)
    assert SessionLog.objects.get().outcomes == "Eight questions"


def test_a_text_that_is_too_long_is_said_to_have_too_many_characters(pair: Mentorship) -> None:
    searched = client_of(pair.mentor).send("get", f"/sessions?q={'x' * 201}")

    assert searched.json()["errors"][0]["detail"] == "At most 200 characters."


def test_a_private_note_is_given_to_its_author_alone(pair: Mentorship) -> None:
    session = make_session(pair)
    address = f"/sessions/{session.pk}/note"
    assert client_of(pair.mentee).send("put", address, {"text": "sentinel"}).status_code == 204

    assert client_of(pair.mentee).send("get", address).json()["text"] == "sentinel"
    for other in (pair.mentor, make_admin()):
        assert b"sentinel" not in client_of(other).send("get", address).content
        assert b"sentinel" not in client_of(other).send("get", f"/sessions/{session.pk}").content
    assert_problem(client_of(make_user()).send("get", address), 404, "not_found")
    assert_problem(
        client_of(make_admin()).send("put", address, {"text": "x"}), 403, "not_permitted"
    )


def test_a_draft_is_kept_as_it_was_typed_right_or_wrong(pair: Mentorship) -> None:
    session = make_session(pair)
    mentee = client_of(pair.mentee)
    for address in (f"/sessions/{session.pk}/log/draft", f"/mentorships/{pair.uid}/log/draft"):
        assert mentee.send("get", address).json() == NOTHING
        form = {"outcomes": "x" * 100_000, "duration_minutes": "a while", "rating": 9}
        kept = mentee.send("put", address, {"form": form | {"next_steps": [{"text": "Dra"}]}})

        assert kept.status_code == 200
        again = mentee.send("get", address).json()["form"]
        assert (len(again["outcomes"]), again["rating"]) == (100_000, "9")
        assert again["next_steps"][0]["text"] == "Dra"
        assert client_of(pair.mentor).send("get", address).json() == NOTHING
        assert mentee.send("delete", address).status_code == 204
        assert mentee.send("get", address).json() == NOTHING


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"outcomes": "x" * 150_001}, "form.outcomes"),
        ({"outcomes": "a\0b"}, "form.outcomes"),
        ({"colour": "red"}, "form.colour"),
        ({"next_steps": [{}] * 61}, "form.next_steps"),
    ],
)
def test_what_no_form_could_hold_is_not_kept(
    pair: Mentorship, form: dict[str, Any], field: str
) -> None:
    reply = client_of(pair.mentee).send("put", f"/mentorships/{pair.uid}/log/draft", {"form": form})
    assert_problem(reply, 422, "invalid_input", field)


def test_an_administrator_writes_no_log_of_others(pair: Mentorship) -> None:
    admin, session = client_of(make_admin()), make_logged(pair)
    reply = admin.send("post", f"/mentorships/{pair.uid}/sessions", {"outcomes": "x"})
    assert_problem(reply, 403, "not_permitted")
    change = admin.send(
        "patch", f"/sessions/{session.pk}/log", {"outcomes": "x"}, if_match=f'"{session.version}"'
    )
    assert_problem(change, 403, "not_permitted")
    draft = admin.send("put", f"/mentorships/{pair.uid}/log/draft", {"form": {}})
    assert_problem(draft, 403, "not_permitted")
