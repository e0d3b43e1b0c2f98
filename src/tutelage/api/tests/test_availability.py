"""When mentors can be booked, over HTTP."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from tutelage.api.tests.clients import assert_problem, client_of
from tutelage.core.clock import now
from tutelage.domain.scheduling.tests.builders import make_agreed, make_bookable, whole_hour
from tutelage.domain.sessions.tests.builders import make_pair, make_user

pytestmark = pytest.mark.django_db
ALL_WEEK = [(day, 0, 24) for day in range(7)]


def week(**said: Any) -> dict[str, Any]:
    hours = [{"weekday": 0, "starts": "09:00", "ends": "12:00"}]
    return {"zone": "Pacific/Auckland", "hours": hours, **said}


def days(ahead: int, count: int) -> str:
    first = now().date() + timedelta(days=ahead)
    return f"from={first}&to={first + timedelta(days=count)}"


def test_a_mentor_says_and_reads_when_they_can_be_booked() -> None:
    mentor = client_of(make_user())
    assert_problem(mentor.send("get", "/me/availability"), 404, "not_found")

    said = mentor.send("put", "/me/availability", week(daily_limit=3, outright=True))

    assert said.status_code == 200
    assert said.json() == mentor.send("get", "/me/availability").json()
    assert said.json()["hours"] == week()["hours"]
    assert (said.json()["daily_limit"], said.json()["cancellation_hours"]) == (3, 24)


def test_a_day_is_closed_and_opened_again() -> None:
    mentor = client_of(make_user())
    day = (now() + timedelta(days=5)).date().isoformat()
    path = f"/me/availability/overrides/{day}"

    closed = mentor.send("put", path, {"hours": []})
    assert closed.json() == {"overrides": [{"day": day, "hours": []}]}
    own = mentor.send("put", path, {"hours": [{"starts": "10:00", "ends": "00:00"}]})
    assert own.json()["overrides"][0]["hours"] == [{"starts": "10:00", "ends": "00:00"}]
    assert mentor.send("get", "/me/availability/overrides").json() == own.json()
    assert mentor.send("put", path, {"hours": None}).json() == {"overrides": []}
    assert_problem(mentor.send("put", path, {}), 422, "invalid_input", "hours")


def test_a_mentee_finds_a_free_time_and_books_it() -> None:
    pair = make_bookable(ALL_WEEK, zone="Asia/Kathmandu", outright=True)
    mentee = client_of(pair.mentee)
    path = f"/people/{pair.mentor.uid}"

    found = mentee.send("get", f"{path}/slots?{days(2, 1)}&zone=Pacific/Auckland").json()
    slot = next(each for each in found["slots"] if each["free"])
    wish = {"local_start": slot["host_local_start"], "zone": found["host_zone"]}
    booked = mentee.send("post", f"{path}/bookings", wish)

    assert (booked.status_code, booked.json()["status"]) == (201, "scheduled")
    assert booked.json()["starts_at"] == slot["starts_at"]
    why = mentee.send("get", f"{path}/slots/why?local_start={wish['local_start']}&zone=UTC")
    assert why.status_code == 200
    taken = mentee.send("post", f"{path}/bookings", wish)
    assert_problem(taken, 409, "time_not_free", "local_start")
    said = mentee.send(
        "get", f"{path}/slots/why?local_start={wish['local_start']}&zone={wish['zone']}"
    ).json()
    assert [each["code"] for each in said["reasons"]] == ["host_busy", "participant_busy"]


def test_the_slots_of_a_month_take_six_statements_at_most(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    pair = make_bookable(ALL_WEEK, daily_limit=4)
    make_agreed(pair)
    mentee = client_of(pair.mentee)
    path = f"/people/{pair.mentor.uid}/slots?{days(1, 30)}"
    mentee.send("get", path)  # remembers when the token was used

    with django_assert_max_num_queries(6):
        found = mentee.send("get", path)

    assert len(found.json()["slots"]) > 1_000


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("", set()),
        ("from=2026-01-01&to=2026-12-31", {"to"}),
        ("from=2026-01-10&to=2026-01-01", {"to"}),
        ("from=nothing&to=2026-01-01", {"from"}),
        ("from=2026-01-01&to=2026-01-02&zone=Mars/Base", {"zone"}),
        ("from=2026-01-01&to=2026-01-02&duration_minutes=4", {"duration_minutes"}),
        ("from=2026-01-01&to=2026-01-02&duration_minutes=721", {"duration_minutes"}),
        ("from=2026-01-01&to=2026-01-02&colour=red", {"colour"}),
        ("from=2000-01-01&to=2000-01-01", set()),
        ("from=2099-12-31&to=2099-12-31", set()),
    ],
)
def test_a_span_that_is_none_is_refused_at_its_field(query: str, fields: set[str]) -> None:
    pair = make_bookable(ALL_WEEK)

    reply = client_of(pair.mentee).send("get", f"/people/{pair.mentor.uid}/slots?{query}")

    assert reply.status_code == (422 if fields else 200)
    assert {each["field"] for each in reply.json().get("errors", [])} == fields


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"zone": "Mars/Base"}, "zone"),
        ({"hours": [{"weekday": 0, "starts": "12:00", "ends": "11:00"}]}, "hours.0.ends"),
        ({"hours": "never"}, "hours"),
        ({"step_minutes": 0}, "step_minutes"),
        ({"daily_limit": 0}, "daily_limit"),
        ({"horizon_days": 10**30}, "horizon_days"),
        ({"min_notice_hours": -1}, "min_notice_hours"),
        ({"audience": "friends"}, "audience"),
        ({"note": "a" * 100_000}, "note"),
        ({"outright": "perhaps"}, "outright"),
    ],
)
def test_hours_that_are_none_are_refused_at_their_field(said: dict[str, Any], field: str) -> None:
    reply = client_of(make_user()).send("put", "/me/availability", week(**said))

    assert_problem(reply, 422, "invalid_input", field)


def test_a_gap_of_the_clocks_and_a_past_time_are_refused_in_words() -> None:
    pair = make_bookable(ALL_WEEK)
    mentee, path = client_of(pair.mentee), f"/people/{pair.mentor.uid}/bookings"

    gap = {"local_start": "2027-03-28T02:30", "zone": "Europe/Berlin"}
    assert_problem(mentee.send("post", path, gap), 422, "invalid_input", "local_start")
    past = {"local_start": "2020-03-28T02:30", "zone": "UTC"}
    assert_problem(mentee.send("post", path, past), 409, "time_not_free", "local_start")


def test_a_stranger_is_told_what_is_told_of_nobody() -> None:
    pair, stranger = make_bookable(ALL_WEEK), client_of(make_user())
    query = f"slots?{days(1, 1)}"

    known = stranger.send("get", f"/people/{pair.mentor.uid}/{query}")

    assert_problem(known, 404, "not_found")
    assert known.content == stranger.send("get", f"/people/{uuid4()}/{query}").content


def test_who_cancelled_lets_it_stand_again() -> None:
    pair = make_pair()
    session = make_agreed(pair, whole_hour(days=3))
    mentee = client_of(pair.mentee)
    path = f"/sessions/{session.pk}"
    mentee.send("post", path, {"action": "cancel", "reason": "Ill"})

    other = client_of(pair.mentor).send("post", path, {"action": "reinstate"})
    assert_problem(other, 403, "not_permitted")
    again = mentee.send("post", path, {"action": "reinstate"})

    assert (again.status_code, again.json()["status"]) == (200, "scheduled")
    assert again.json()["ending"] is None
