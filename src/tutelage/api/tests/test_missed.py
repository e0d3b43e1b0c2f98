"""What became of a session, over HTTP: answers, no-shows, corrections, averages, the other link."""

from datetime import timedelta
from typing import Any

import pytest

from tutelage.api.tests.clients import ApiClient, assert_problem, client_of
from tutelage.core.clock import now
from tutelage.domain.feedback.models import Rating
from tutelage.domain.people.models import User
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.models import Session
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
    return make_pair()


@pytest.fixture
def missed(pair: Mentorship) -> Session:
    return make_session(pair, starts_at=now() - timedelta(hours=3))


def say(client: ApiClient, session: Session, answer: str, **given: Any) -> Any:
    return client.send("post", f"/sessions/{session.pk}/missed", {"answer": answer, **given})


def act(client: ApiClient, session: Session, action: str, **given: Any) -> Any:
    return client.send("post", f"/sessions/{session.pk}", {"action": action, **given})


def test_both_sides_are_asked_and_settle_it(pair: Mentorship, missed: Session) -> None:
    mentor, mentee = client_of(pair.mentor), client_of(pair.mentee)

    first = say(mentor, missed, "no_show", party="participant").json()
    assert (first["asked"], first["status"], len(first["answers"])) == (True, "scheduled", 1)
    [unread] = mentee.send("get", f"/sessions/{missed.pk}/missed").json()["answers"]
    assert (unread["answer"], unread["party"]) == (None, None)

    other = say(mentee, missed, "called_off").json()
    assert (other["disputed"], other["answers"][0]["answer"]) == (True, "no_show")
    [listed] = client_of(make_admin()).send("get", "/missed").json()["missed"]
    assert (listed["session_id"], listed["disputed"]) == (str(missed.pk), True)

    settled = say(mentee, missed, "no_show", party="participant").json()
    assert (settled["asked"], settled["status"]) == (False, "no_show")
    ending = mentor.send("get", f"/sessions/{missed.pk}").json()["ending"]
    assert (ending["party"], ending["by"], ending["action"]) == (
        "participant", None, "mark_no_show",
    )  # fmt: skip
    assert_problem(say(mentor, missed, "happened"), 409, "not_unresolved")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"answer": "maybe"}, "answer"),
        ({"answer": True}, "answer"),
        ({}, "answer"),
        ({"answer": "no_show"}, "party"),
        ({"answer": "no_show", "party": "admin"}, "party"),
        ({"answer": "happened", "party": "host"}, "party"),
        ({"answer": "happened", "why": "so"}, "why"),
    ],
)
def test_an_answer_that_is_none_is_refused_at_its_field(
    pair: Mentorship, missed: Session, given: dict[str, Any], field: str
) -> None:
    reply = client_of(pair.mentor).send("post", f"/sessions/{missed.pk}/missed", given)

    assert_problem(reply, 422, "invalid_input", field)


def test_a_no_show_is_marked_and_corrected(pair: Mentorship, missed: Session) -> None:
    mentor = client_of(pair.mentor)

    marked = act(mentor, missed, "mark_no_show", party="participant", reason="I waited")
    assert (marked.status_code, marked.json()["status"]) == (200, "no_show")
    assert marked.json()["ending"]["by"]["name"] == pair.mentor.name
    told = {"to": "completed", "reason": "Wrong day", "outcomes": "A plan"}
    corrected = act(mentor, missed, "correct", **told)
    assert (corrected.status_code, corrected.json()["status"]) == (200, "completed")
    assert (corrected.json()["ending"], corrected.json()["log"]["outcomes"]) == (None, "A plan")

    reply = client_of(pair.mentee).send("get", f"/sessions/{missed.pk}/corrections")
    newest, first = reply.json()["corrections"]
    assert (newest["status"], newest["to_status"], newest["reason"]) == (
        "no_show", "completed", "Wrong day",
    )  # fmt: skip
    assert (newest["ending_reason"], newest["said_by"]["name"]) == ("I waited", pair.mentor.name)
    assert first["status"] == "scheduled"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"to": "scheduled", "reason": "x"}, "to"),
        ({"to": "cancelled"}, "reason"),
        ({"to": "cancelled", "reason": " "}, "reason"),
        ({"to": "no_show", "reason": "x"}, "party"),
        ({"to": "no_show", "reason": "x", "party": "admin"}, "party"),
    ],
)
def test_a_correction_is_refused_at_its_field(
    pair: Mentorship, given: dict[str, Any], field: str
) -> None:
    held = make_session(pair, status="completed")
    make_log(held)

    reply = act(client_of(pair.mentor), held, "correct", **given)
    assert_problem(reply, 422, "invalid_input", field)


def test_a_correction_of_a_version_that_is_gone_is_refused(pair: Mentorship) -> None:
    held = make_session(pair, status="completed")
    body = {"action": "correct", "to": "cancelled", "reason": "x"}
    mentor = client_of(pair.mentor)

    stale = mentor.send("post", f"/sessions/{held.pk}", body, if_match='"7"')
    assert_problem(stale, 412, "stale")
    assert mentor.send("post", f"/sessions/{held.pk}", body, if_match='"1"').status_code == 200


@pytest.mark.parametrize("stars", ["5", True, 0, 6, 4.5, 4.0, -1, [5], 10**30, "five"])
def test_a_rating_is_a_number_from_one_to_five_and_nothing_else(
    pair: Mentorship, stars: object
) -> None:
    held, mentor = make_session(pair, status="completed"), client_of(pair.mentor)
    over = make_session(pair, starts_at=now() - timedelta(hours=3))
    logged = {"outcomes": "Done", "rating": stars}

    rated = mentor.send("post", f"/sessions/{held.pk}/feedback", {"stars": stars})
    past = mentor.send("post", f"/mentorships/{pair.program.uid}/sessions", logged)

    assert_problem(rated, 422, "invalid_input", "stars")
    assert_problem(past, 422, "invalid_input", "rating")
    assert_problem(act(mentor, over, "complete", **logged), 422, "invalid_input", "rating")
    assert Rating.objects.count() == 0


def rate(pair: Mentorship, stars: int, *, opened: bool = True, status: str = "completed") -> None:
    session = make_session(pair, status=status, starts_at=now() - timedelta(days=9))
    at = now()
    Rating.objects.create(
        session=session,
        author=pair.mentee,
        subject=pair.mentor,
        stars=stars,
        unseals_at=at if opened else at + timedelta(days=1),
    )


def average(reader: User, person: User) -> Any:
    return client_of(reader).send("get", f"/people/{person.uid}/rating")


def test_an_average_shows_from_three_opened_ratings_of_sessions_held(pair: Mentorship) -> None:
    rate(pair, 5)
    rate(pair, 4)
    rate(pair, 1, opened=False)
    rate(pair, 1, status="no_show")
    assert average(pair.mentee, pair.mentor).json() == {
        "stars": None, "number": 2, "shown_from": 3,
    }  # fmt: skip

    rate(pair, 4)
    assert average(pair.mentee, pair.mentor).json()["stars"] == 4.3
    assert average(pair.mentor, pair.mentor).json()["number"] == 3
    assert average(make_admin(), pair.mentee).json() == {
        "stars": None, "number": 0, "shown_from": 3,
    }  # fmt: skip
    assert average(make_user(), pair.mentor).status_code == 404


def test_one_press_leads_everybody_to_the_other_link(pair: Mentorship) -> None:
    session = make_session(pair, starts_at=now() + timedelta(minutes=5))
    mentor, mentee = client_of(pair.mentor), client_of(pair.mentee)
    meeting = f"/sessions/{session.pk}/meeting"
    main, backup = "https://meet.example.org/a", "https://other.example.org/b"

    def joined() -> str:
        url: str = mentee.send("post", f"/sessions/{session.pk}/join").json()["url"]
        return url

    assert_problem(mentor.send("post", meeting, {"active": "backup"}), 409, "no_meeting_link")
    assert mentor.send("put", meeting, {"link": main}).status_code == 204
    assert mentor.send("put", meeting, {"backup": backup}).status_code == 204
    assert joined() == main
    for _ in range(2):
        assert mentor.send("post", meeting, {"active": "backup"}).status_code == 204
        assert joined() == backup
    shown = mentee.send("get", f"/sessions/{session.pk}")
    assert (shown.json()["has_backup_link"], shown.json()["active_link"]) == (True, "backup")
    assert b"example.org" not in shown.content
    assert mentee.send("post", meeting, {"active": "main"}).status_code == 403
    assert mentor.send("post", meeting, {"active": "main"}).status_code == 204
    assert joined() == main


@pytest.mark.parametrize(
    ("given", "field"),
    [({}, "link"), ({"link": "no link"}, "link"), ({"backup": "javascript:x"}, "backup")],
)
def test_a_link_that_is_none_is_refused_at_its_field(
    pair: Mentorship, given: dict[str, str], field: str
) -> None:
    session = make_session(pair)

    reply = client_of(pair.mentor).send("put", f"/sessions/{session.pk}/meeting", given)
    assert_problem(reply, 422, "invalid_input", field)
