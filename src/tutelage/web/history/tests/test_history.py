"""The history page: what it says of each session, how it is narrowed, and what it costs."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tutelage.core.clock import now
from tutelage.domain.feedback.inputs import GiveRating
from tutelage.domain.feedback.services import rate_session
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.lifecycle import Party
from tutelage.domain.sessions.models import NextStep, Session, SessionEnding
from tutelage.domain.sessions.tests.builders import (
    make_admin,
    make_log,
    make_pair,
    make_session,
    make_user,
)

pytestmark = pytest.mark.django_db
ADDRESS = "/jam/sessions"
HTMX = {"HX-Request": "true"}


def make_held(pair: Mentorship, outcomes: str = "A first draft", **given: object) -> Session:
    session = make_session(pair, status="completed", **given)  # type: ignore[arg-type]  # as given
    make_log(session, outcomes)
    return session


def make_ending(session: Session, **given: object) -> None:
    SessionEnding.objects.create(session=session, status=session.status, **given)


def read(client: Client, query: str = "") -> str:
    reply = client.get(f"{ADDRESS}{query}")
    assert reply.status_code == 200
    return reply.content.decode()


@pytest.fixture
def pair() -> Mentorship:
    mentor = make_user(name="Dr. Samuel Oyelaran", zone="America/New_York")
    return make_pair(mentor=mentor, mentee=make_user(name="Aroha Ngata", zone="Pacific/Auckland"))


def test_a_card_names_the_other_person_and_tells_what_came_of_it(
    client: Client, pair: Mentorship
) -> None:
    session = make_held(pair, "Eight questions", starts_at=datetime(2026, 3, 18, 20, tzinfo=UTC))
    NextStep.objects.create(session=session, text="Draft the guide")
    for reader, title in (
        (pair.mentee, "Session with Dr. Samuel Oyelaran"),
        (pair.mentor, "Session with Aroha Ngata"),
        (make_admin(), "Dr. Samuel Oyelaran with Aroha Ngata"),
    ):
        client.force_login(reader)
        page = read(client)
        assert title in page
        assert "Eight questions" in page
        assert "Draft the guide" in page


def test_day_and_length_are_on_the_clocks_of_the_reader(client: Client, pair: Mentorship) -> None:
    make_held(pair, starts_at=datetime(2026, 3, 18, 20, tzinfo=UTC), minutes=58)
    client.force_login(pair.mentee)

    page = read(client)

    assert "19 Mar" in page
    assert "09:00 • 58 minutes" in page


def test_own_stars_show_at_once_and_the_others_once_the_seal_is_open(
    client: Client, pair: Mentorship
) -> None:
    session = make_held(pair)
    rate_session(actor=pair.mentor, session_id=session.pk, given=GiveRating(stars=2))
    client.force_login(pair.mentee)
    sealed = read(client)
    assert "Dr. Samuel Oyelaran rated" not in sealed
    assert "Rate<" in sealed

    rate_session(actor=pair.mentee, session_id=session.pk, given=GiveRating(stars=5))
    opened = read(client)
    assert "You rated" in opened
    assert "Dr. Samuel Oyelaran rated" in opened
    assert "Sealed until" not in opened


def test_a_sealed_rating_says_until_when(client: Client, pair: Mentorship) -> None:
    session = make_held(pair)
    rate_session(actor=pair.mentee, session_id=session.pk, given=GiveRating(stars=4))
    client.force_login(pair.mentee)

    assert "Sealed until" in read(client)


@pytest.mark.parametrize(
    ("status", "ending", "by", "says"),
    [
        ("cancelled", {"party": Party.PARTICIPANT}, "mentee", "Cancelled by you, in time."),
        (
            "cancelled",
            {"party": Party.HOST, "late": True},
            "mentor",
            "Cancelled by Dr. Samuel Oyelaran, late.",
        ),
        ("cancelled", {"party": Party.ADMIN}, "admin", "Cancelled by an administrator, in time."),
        ("declined", {"party": Party.HOST}, "mentor", "Declined by Dr. Samuel Oyelaran."),
        ("declined", {}, None, "Nobody answered in time."),
        ("no_show", {"party": Party.HOST}, None, "Dr. Samuel Oyelaran did not come."),
        ("no_show", {"party": Party.PARTICIPANT}, None, "You did not come."),
        ("no_show", {"party": Party.BOTH}, None, "Nobody came."),
    ],
)
def test_a_session_not_held_says_whose_doing_it_was_and_why(
    pair: Mentorship, status: str, ending: dict[str, object], by: str | None, says: str
) -> None:
    people = {"mentee": pair.mentee, "mentor": pair.mentor, "admin": make_admin()}
    session = make_session(pair, status=status)
    who = people[by] if by else None
    make_ending(session, by=who, reason="The <night> shift", **ending)
    client = Client()
    client.force_login(pair.mentee)

    page = read(client)

    assert says in page
    assert "The &lt;night&gt; shift" in page


def test_a_session_that_is_over_and_not_logged_leads_to_its_log(
    client: Client, pair: Mentorship
) -> None:
    session = make_session(pair, starts_at=now() - timedelta(days=1))
    client.force_login(pair.mentee)
    assert f"/sessions/{session.pk}/log" in read(client)

    client.force_login(make_admin())
    assert f"/sessions/{session.pk}/log" not in read(client)


def test_what_is_still_to_come_shows_only_when_its_status_is_asked_for(
    client: Client, pair: Mentorship
) -> None:
    session = make_session(pair)
    client.force_login(pair.mentee)

    assert str(session.pk) not in read(client)
    assert str(session.pk) in read(client, "?status=upcoming")


def test_strangers_find_nothing_of_others(client: Client, pair: Mentorship) -> None:
    make_held(pair, "Between the two of us")
    client.force_login(make_user())

    page = read(client)

    assert "Between the two of us" not in page
    assert "No sessions yet" in page
    assert client.get(f"{ADDRESS}?mentorship={pair.uid}").status_code == 404


@pytest.mark.parametrize("count", [3, 60])
def test_the_list_costs_the_same_whatever_its_length(
    client: Client,
    pair: Mentorship,
    count: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(count):
        session = make_held(pair, starts_at=now() - timedelta(days=number + 1))
        NextStep.objects.create(session=session, text="A step")
        if number % 2:
            rate_session(actor=pair.mentor, session_id=session.pk, given=GiveRating(stars=3))
            rate_session(actor=pair.mentee, session_id=session.pk, given=GiveRating(stars=5))
    client.force_login(pair.mentee)

    with django_assert_max_num_queries(6):
        read(client, "?limit=50")


def test_hits_outside_of_outcomes_and_steps_are_shown_where_they_are(
    client: Client, pair: Mentorship
) -> None:
    session = make_session(pair, status="completed")
    make_log(session, "A first draft", objectives="The cafés", shared_notes="See <the> café")
    client.force_login(pair.mentee)

    page = read(client, "?q=cafe")

    assert "The <mark>café</mark>s" in page
    assert "See &lt;the&gt; <mark>café</mark>" in page
    assert "See &lt;the&gt;" not in read(client)


def test_the_table_shows_the_same_sessions(client: Client, pair: Mentorship) -> None:
    session = make_held(pair, "Eight questions")
    rate_session(actor=pair.mentee, session_id=session.pk, given=GiveRating(stars=4))
    client.force_login(pair.mentee)

    page = read(client, "?view=table&q=eight")

    assert "<table" in page
    assert "<mark>Eight</mark> questions" in page
    assert "You rated" in page
    assert "<table" not in read(client)
