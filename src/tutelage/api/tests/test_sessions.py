"""Sessions over HTTP, from the first asking to the rating."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from tutelage.api.sessions import _MOVES, SessionAction
from tutelage.api.tests.clients import assert_is, assert_problem, client_of
from tutelage.core.clock import now
from tutelage.core.times import to_local
from tutelage.domain.feedback.inputs import GiveRating
from tutelage.domain.feedback.services import rate_session
from tutelage.domain.meetings.services import set_usual_room
from tutelage.domain.people.models import User
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.tests.builders import make_agreed, make_request, whole_hour
from tutelage.domain.sessions.models import NextStep, Session
from tutelage.domain.sessions.tests.builders import make_admin, make_log, make_session, make_user

pytestmark = pytest.mark.django_db


def asking(pair: Any, **given: Any) -> dict[str, Any]:
    start = to_local(whole_hour(days=2), "Pacific/Auckland")
    wish = {
        "mentorship": str(pair.program.uid),
        "local_start": start.isoformat(),
        "zone": "Pacific/Auckland",
    }
    return wish | given


def test_each_action_has_its_move() -> None:
    union = SessionAction.__origin__.__args__  # type: ignore[attr-defined]
    assert set(union) == set(_MOVES)


def test_the_thin_way_from_asking_to_rating() -> None:
    pair = make_pair()
    set_usual_room(actor=pair.mentor, link="https://meet.example.org/sam?pwd=sentinel")
    mentor, mentee = client_of(pair.mentor), client_of(pair.mentee)

    asked = mentee.send("post", "/sessions", asking(pair, note="The interview guide"))
    assert (asked.status_code, asked.json()["status"]) == (201, "requested")
    assert asked.json()["offer"]["by"]["name"] == pair.mentee.name
    path = asked["Location"].removeprefix("/api")

    accepted = mentor.send("post", path, {"action": "accept"}, if_match=asked["ETag"])
    assert (accepted.status_code, accepted.json()["status"]) == (200, "scheduled")
    assert accepted.json()["offer"] is None
    assert accepted.json()["has_meeting_link"] is True
    assert b"sentinel" not in accepted.content
    assert_problem(mentee.send("post", f"{path}/join"), 409, "door_closed")

    with time_machine.travel(whole_hour(days=2) - timedelta(minutes=10)):
        joined = mentee.send("post", f"{path}/join")
        assert joined.json() == {"url": "https://meet.example.org/sam?pwd=sentinel"}
        [seen] = mentor.send("get", f"{path}/evidence").json()["evidence"]
        assert (seen["participant"]["name"], seen["source"]) == (pair.mentee.name, "join")
    with time_machine.travel(whole_hour(days=2) + timedelta(hours=1)):
        log = {
            "action": "complete",
            "outcomes": "Eight questions",
            "rating": 5,
            "next_steps": ["a"],
        }
        done = mentor.send("post", path, log)
        assert (done.status_code, done.json()["log"]["next_steps"][0]["text"]) == (200, "a")
        assert [rating["stars"] for rating in done.json()["ratings"]] == [5]
        assert mentee.send("get", path).json()["ratings"] == []  # sealed
        rated = mentee.send("post", f"{path}/feedback", {"stars": 4})
        assert (rated.status_code, rated.json()["sealed_until"]) == (200, None)
        both = mentee.send("get", f"{path}/feedback").json()["ratings"]
        assert [rating["stars"] for rating in both] == [5, 4]
        listed = mentee.send("get", "/sessions?q=QUESTIONS").json()
        assert listed["sessions"][0]["your_rating"] == 4


@pytest.mark.parametrize("minutes", [0, -60, 4, 721, 60.5, 1e300, True, None, "x"])
def test_a_length_that_no_session_has_is_refused_at_its_field(minutes: object) -> None:
    pair = make_pair()
    reply = client_of(pair.mentee).send("post", "/sessions", asking(pair, duration_minutes=minutes))
    assert_problem(reply, 422, "invalid_input", "duration_minutes")


def test_a_session_that_was_never_planned_is_logged_in_the_seeds_words() -> None:
    pair = make_pair()
    address = f"/jam/mentorships/{pair.program.uid}/sessions"

    logged = client_of(pair.mentee).send(
        "post", address, {"duration": 45, "outcomes": "Done", "nextSteps": "a\nb", "rating": 3}
    )

    assert logged.status_code == 201
    body = logged.json()
    assert (body["status"], body["duration_minutes"]) == ("completed", 45)
    assert body["log"]["logged_late"] is True
    assert [step["text"] for step in body["log"]["next_steps"]] == ["a", "b"]
    for mount in (address, f"/mentorships/{pair.program.uid}/sessions"):
        listed = client_of(pair.mentor).send("get", mount).json()["sessions"]
        assert [row["id"] for row in listed] == [body["id"]]


def test_the_list_is_what_its_schema_says_in_three_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    pair = make_pair()
    for _ in range(30):
        make_log(make_session(pair, status="completed"))
    client = client_of(pair.mentor)
    client.send("get", "/sessions")  # notes that the token was used

    with django_assert_num_queries(3):  # who, how many, which
        reply = client.send("get", "/sessions?limit=25")

    page = reply.json()
    assert_is(page, "SessionPage")
    assert (len(page["sessions"]), page["pagination"]["total"]) == (25, 30)
    people = {each["name"] for each in page["sessions"][0]["participants"]}
    assert people == {pair.mentor.name, pair.mentee.name}
    cursor = page["pagination"]["next_cursor"]
    following = client.send("get", f"/sessions?limit=25&cursor={cursor}").json()["sessions"]
    assert len(following) == 5
    assert not {row["id"] for row in following} & {row["id"] for row in page["sessions"]}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=upcoming", ["planned"]),
        ("status=completed", ["held"]),
        ("q=guide", ["held"]),
        ("q=gui+the", ["held"]),
        ("q=nothing", []),
        ("from=2026-03-06", []),
        ("period=week", ["held"]),
        ("period=month", ["planned"]),
        ("period=week&from=2026-03-01", []),
        ("logged_late=true", []),
        ("min_rating=4", ["held"]),
        ("min_rating=5", []),
        ("open_steps=true", ["held"]),
        ("person=00000000-0000-7000-8000-000000000000", []),
        ("unresolved=true", []),
        ("", ["planned", "held"]),
    ],
)
def test_each_filter_narrows(query: str, found: list[str]) -> None:
    pair = make_pair()
    start = now().replace(microsecond=0)
    with time_machine.travel("2026-03-01T12:00Z", tick=False):
        start = now()
        held = make_session(
            pair, starts_at=start - timedelta(days=1), status="completed", title="held"
        )
        make_log(held, "The interview GUIDE stands")
        NextStep.objects.create(session=held, text="Print it")
        give_stars(held, pair.mentee, 4)
        make_session(pair, starts_at=start + timedelta(days=4), title="planned")
        rows = client_of(pair.mentee).send("get", f"/sessions?{query}").json()["sessions"]

    assert [row["title"] for row in rows] == found


def give_stars(session: Session, author: User, stars: int) -> None:
    given = GiveRating(stars=stars)
    rate_session(actor=author, session_id=session.pk, given=given)


def test_a_person_narrows_to_what_both_take_part_in() -> None:
    pair = make_pair()
    other = make_pair(mentor=pair.mentor)
    session = make_session(pair)
    make_session(other)

    rows = client_of(pair.mentor).send("get", f"/sessions?person={pair.mentee.uid}").json()

    assert [row["id"] for row in rows["sessions"]] == [str(session.pk)]


def test_administrators_narrow_by_ratings_that_are_open() -> None:
    pair = make_pair()
    mentor, mentee, session = pair.mentor, pair.mentee, make_session(pair, status="completed")
    admin = client_of(make_admin())
    give_stars(session, mentor, 5)
    sealed = admin.send("get", "/sessions?min_rating=4").json()["sessions"]
    give_stars(session, mentee, 2)
    opened = admin.send("get", "/sessions?min_rating=4").json()["sessions"]

    assert (len(sealed), len(opened)) == (0, 1)
    assert admin.send("get", "/sessions?q=draft&min_rating=5").json()["sessions"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("min_rating=6", "min_rating"),
        ("min_rating=0", "min_rating"),
        ("period=decade", "period"),
        ("person=me", "person"),
        ("logged_late=perhaps", "logged_late"),
        ("q=" + "x" * 201, "q"),
        ("rating=4", "rating"),
    ],
)
def test_a_filter_that_means_nothing_is_named(query: str, field: str) -> None:
    reply = client_of(make_user()).send("get", f"/sessions?{query}")
    assert_problem(reply, 422, "invalid_input", field)


def test_days_are_the_readers_own_and_inclusive() -> None:
    pair = make_pair(mentee=make_user(zone="Pacific/Auckland"))
    late_on_the_fourth = "2026-03-04T10:30:00Z"  # 23:30 in Auckland
    with time_machine.travel(late_on_the_fourth, tick=False):
        make_session(pair, starts_at=now(), status="completed")
    client = client_of(pair.mentee)

    def found(query: str) -> int:
        return len(client.send("get", f"/sessions?{query}").json()["sessions"])

    assert found("from=2026-03-04&to=2026-03-04") == 1
    assert found("from=2026-03-05") == 0
    assert found("to=2026-03-04T10:30:00Z") == 0  # instants are half-open
    assert found("from=2026-03-04T10:30:00Z") == 1


def test_a_session_is_told_whole_as_its_schema_says() -> None:
    pair = make_pair()
    session = make_session(pair, starts_at=now() - timedelta(hours=3))
    step = {"text": "Print it", "owner": str(pair.mentor.uid), "due_on": "2030-01-31"}
    said = {"outcomes": "Done", "next_steps": [step], "rating": 4}
    client, path = client_of(pair.mentor), f"/sessions/{session.pk}"

    logged = client.send("post", path, {"action": "complete", **said})
    again = {"to": "no_show", "party": "host", "reason": "Ill"}
    corrected = client.send("post", path, {"action": "correct", **again})

    person = {"id": str(pair.mentor.uid), "name": pair.mentor.name}
    assert_is(logged.json(), "SessionOut")
    assert logged.json()["log"]["next_steps"][0]["owner"] == person
    assert logged.json()["ratings"][0]["by"] == person
    assert_is(corrected.json(), "SessionOut")
    assert corrected.json()["ending"]["action"] == "correct"


def test_what_is_held_already_is_refused_at_its_field() -> None:
    pair = make_pair()
    client, body = client_of(pair.mentee), asking(pair)
    client.send("post", "/sessions", body)

    reply = client.send("post", "/sessions", body)

    assert_problem(reply, 409, "slot_taken", "local_start")
    assert Session.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"action": "complete"}, "outcomes"),
        ({"action": "complete", "outcomes": "a\0b"}, "outcomes"),
        ({"action": "complete", "outcomes": "x" * 10_001}, "outcomes"),
        ({"action": "complete", "outcomes": "ok", "rating": 6}, "rating"),
        ({"action": "complete", "outcomes": "ok", "rating": True}, "rating"),
        ({"action": "cancel"}, "reason"),
        ({"action": "cancel", "reason": " "}, "reason"),
        ({"action": "accept", "reason": "tea"}, "reason"),
        ({"action": "counter", "local_start": "2026-13-01T10:00:00", "zone": "UTC"}, "local_start"),
        (
            {"action": "counter", "local_start": "2026-12-01T10:00:00Z", "zone": "UTC"},
            "local_start",
        ),
        ({"action": "counter", "local_start": "9999-12-31T10:00:00", "zone": "UTC"}, "local_start"),
        ({"action": "counter", "local_start": "2026-12-01T10:00:00", "zone": "Mars"}, "zone"),
        ({"action": "fly"}, "action"),
        ({}, "action"),
        ('"accept"', ""),
        ([], ""),
    ],
)
def test_a_bad_body_names_its_field(body: Any, field: str) -> None:
    session = make_request(make_pair())
    reply = client_of(session.host).send("post", f"/sessions/{session.pk}", body)
    assert_problem(reply, 422, "invalid_input", field)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("kind=bogus", "kind"),
        ("page=0", "page"),
        ("page=99999999999999999999999", "page"),
        ("limit=101", "limit"),
        ("cursor=x", "cursor"),
        ("from=0001-01-01", "from"),
        ("to=2026-02-30", "to"),
        ("mentorship=7", "mentorship"),
        ("staus=live", "staus"),
    ],
)
def test_a_bad_or_unknown_parameter_is_named(query: str, field: str) -> None:
    reply = client_of(make_user()).send("get", f"/sessions?{query}")
    assert_problem(reply, 422, "invalid_input", field)


def test_a_change_needs_the_version_it_is_based_on() -> None:
    session = make_session()
    client, path = client_of(session.host), f"/sessions/{session.pk}"
    read = client.send("get", path)["ETag"]

    assert_problem(client.send("patch", path, {"title": "A"}), 428, "precondition_required")
    assert_problem(client.send("patch", path, {"title": "B"}, if_match="W/" + read), 412, "stale")
    changed = client.send("patch", path, {"title": "C"}, if_match=read)
    assert (changed.status_code, changed.json()["title"], changed["ETag"] != read) == (
        200, "C", True,
    )  # fmt: skip
    assert_problem(client.send("patch", path, {"title": "D"}, if_match=read), 412, "stale")
    assert_problem(client.send("post", path, {"action": "start"}, if_match=read), 412, "stale")


def test_only_what_is_over_can_be_archived_and_the_moves_are_named() -> None:
    pair = make_pair()
    client = client_of(pair.mentor)

    def archive(session: Session) -> Any:
        path = f"/sessions/{session.pk}"
        return client.send("delete", path, if_match=client.send("get", path)["ETag"])

    assert archive(make_session(pair, status="completed")).status_code == 204
    refused = archive(make_session(pair))
    assert_problem(refused, 409, "not_archivable")
    assert "reschedule" in refused.json()["detail"]
    assert client.send("get", "/sessions").json()["pagination"]["total"] == 1
    assert client.send("get", "/sessions?archived=true").json()["pagination"]["total"] == 1


def test_who_may_not_know_of_it_is_not_told_that_it_exists() -> None:
    session = make_agreed(make_pair())
    stranger = client_of(make_user())

    for method, path in (
        ("get", f"/sessions/{session.pk}"),
        ("post", f"/sessions/{session.pk}/join"),
        ("get", f"/sessions/{session.pk}/evidence"),
        ("get", f"/mentorships/{session.program.uid}"),  # type: ignore[union-attr]
    ):
        assert_problem(stranger.send(method, path), 404, "not_found")
    assert stranger.send("get", "/sessions").json()["sessions"] == []
