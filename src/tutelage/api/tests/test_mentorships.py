"""Pairs over HTTP: proposing, answering, changing and ending them."""

from datetime import timedelta

import pytest

from tutelage.api.tests.clients import assert_problem, client_of
from tutelage.core.clock import now
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.sessions.tests.builders import make_session, make_user

pytestmark = pytest.mark.django_db


def test_a_pair_from_its_proposal_to_its_end() -> None:
    aroha, samuel = make_user(name="Aroha"), make_user(name="Samuel")
    mentee, mentor = client_of(aroha), client_of(samuel)

    asked = mentee.send("post", "/mentorships/proposals", {"email": samuel.email, "role": "mentee"})
    assert (asked.status_code, asked.json()["status"]) == (201, "proposed")
    assert asked.json()["proposed_by"]["name"] == "Aroha"
    path = asked["Location"].removeprefix("/api")

    assert_problem(mentee.send("post", path, {"action": "accept"}), 403, "not_permitted")
    seen = mentor.send("get", path)["ETag"]
    accepted = mentor.send("post", path, {"action": "accept"}, if_match=seen)
    assert (accepted.status_code, accepted.json()["status"]) == (200, "active")
    assert_problem(mentee.send("post", path, {"action": "withdraw"}), 409, "transition_refused")

    stale = mentee.send("patch", path, {"goals": "A guide"}, if_match=seen)
    assert_problem(stale, 412, "stale")
    assert mentee.send("patch", path, {"goals": "A guide"}).status_code == 428
    changed = mentee.send("patch", path, {"goals": "A guide"}, if_match=accepted["ETag"])
    assert (changed.json()["goals"], changed.json()["cadence_days"]) == ("A guide", 14)

    assert_problem(mentor.send("post", path, {"action": "end"}), 422, "invalid_input", "reason")
    mentor.send("post", path, {"action": "end", "reason": "It is written"})
    moves = mentee.send("get", f"{path}/moves").json()["moves"]
    assert [(each["action"], each["status"], each["by"]["name"]) for each in moves] == [
        ("accept", "active", "Samuel"),
        ("end", "ended", "Samuel"),
    ]
    assert moves[-1]["reason"] == "It is written"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"role": "mentor"}, "email"),
        ({"email": "aroha@example.org", "role": "mentor"}, "email"),
        ({"email": "nobody@example.org", "role": "mentor"}, "email"),
        ({"email": "sam@example.org", "role": "both"}, "role"),
        ({"email": "sam@example.org", "role": "mentor", "cadence_days": 0}, "cadence_days"),
        ({"email": "sam@example.org", "role": "mentor", "cadence_days": True}, "cadence_days"),
        ({"email": "sam@example.org", "role": "mentor", "cadence_days": None}, "cadence_days"),
        ({"email": "sam@example.org", "role": "mentor", "goals": "\x00"}, "goals"),
        ({"email": "sam@example.org", "role": "mentor", "goals": "a" * 100_000}, "goals"),
    ],
)
def test_what_cannot_be_proposed_is_refused_at_its_field(
    given: dict[str, object], field: str
) -> None:
    make_user(email="sam@example.org")
    caller = client_of(make_user(email="aroha@example.org"))

    refused = caller.send("post", "/mentorships/proposals", given)

    assert_problem(refused, 422, "invalid_input", field)
    assert Mentorship.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"cadence_days": None}, "cadence_days"),
        ({"goals": None}, "goals"),
        ({"cadence_days": 366}, "cadence_days"),
    ],
)
def test_a_change_to_nothing_is_refused(given: dict[str, object], field: str) -> None:
    pair = make_pair()

    refused = client_of(pair.mentor).send(
        "patch", f"/mentorships/{pair.uid}", given, if_match='"1"'
    )

    assert_problem(refused, 422, "invalid_input", field)


def test_how_pairs_are_doing_is_told_worst_first_with_what_to_do() -> None:
    long_ago = now() - timedelta(days=40)
    pair = make_pair(started_at=long_ago, status_since=long_ago, cadence_days=7)
    make_pair(mentor=pair.mentor)
    for days in (36, 26):
        make_session(pair, starts_at=now() - timedelta(days=days), status="completed")
    caller = client_of(pair.mentor)

    listed = caller.send("get", "/mentorships/pulse").json()
    assert [each["pulse"]["level"] for each in listed["pairs"]] == ["watch", "good"]
    assert listed["pagination"]["total"] == 2
    [sign] = listed["pairs"][0]["pulse"]["signs"]
    assert (sign["sign"], sign["says"]) == ("nothing_planned", "Nothing planned")
    assert sign["advice"].startswith("Ask for the next time")
    assert len(caller.send("get", "/mentorships/pulse?pulse=good").json()["pairs"]) == 1
    assert_problem(
        caller.send("get", "/mentorships/pulse?pulse=odd&page=0"),
        422, "invalid_input", "pulse", "page",
    )  # fmt: skip

    one = caller.send("get", f"/mentorships/{pair.uid}/pulse").json()
    assert (one["level"], one["signs"]) == ("watch", [sign])
    rhythm = one["rhythm"]
    assert (rhythm["agreed_days"], rhythm["met_every_days"]) == (7, 10)
    assert [each["status"] for each in rhythm["meetings"]] == ["completed", "completed"]
