"""The pages of pairs."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tutelage.core.clock import now
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.tests.builders import (
    make_admin,
    make_log,
    make_pair,
    make_session,
    make_user,
)

pytestmark = pytest.mark.django_db


def test_one_sees_ones_own_pairs_and_no_others(client: Client) -> None:
    pair = make_pair(mentor=make_user(name="Samuel Oyelaran"))
    make_pair(mentor=make_user(name="Somebody Else"))
    client.force_login(pair.mentee)

    shown = client.get("/mentorships").content.decode()

    assert "Samuel Oyelaran" in shown
    assert f"/mentorships/{pair.uid}/ask" in shown
    assert "Somebody Else" not in shown


def test_in_no_pair_one_is_told_what_this_place_is_for(client: Client) -> None:
    client.force_login(make_user())

    assert "You are in no pair yet" in client.get("/mentorships").content.decode()


def test_an_administrator_sees_all_and_narrows_by_status(client: Client) -> None:
    make_pair(mentor=make_user(name="Samuel Oyelaran"))
    make_pair(mentor=make_user(name="Hinemoa Tamahori"), status="paused")
    client.force_login(make_admin())

    every = client.get("/mentorships").content.decode()
    paused = client.get("/mentorships?status=paused").content.decode()

    assert "Samuel Oyelaran" in every
    assert "Hinemoa Tamahori" in every
    assert "Samuel Oyelaran" not in paused
    assert client.get("/mentorships?status=odd").status_code == 422


@pytest.mark.parametrize("count", [1, 20])
def test_a_list_costs_the_same_whatever_its_length(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    admin = make_admin()
    for number in range(count):
        pair = make_pair(mentor=admin) if number % 2 else make_pair()
        make_session(pair)
        make_session(pair, starts_at=now() + timedelta(days=9))
    client.force_login(admin)

    with django_assert_max_num_queries(8):
        assert client.get("/mentorships").status_code == 200


def test_an_administrator_makes_a_pair(client: Client) -> None:
    mentor, mentee = make_user(), make_user()
    client.force_login(make_admin())

    answer = client.post(
        "/mentorships/new",
        {"mentor_email": mentor.email, "mentee_email": mentee.email, "cadence_days": "7"},
    )

    pair = Mentorship.objects.get()
    assert (pair.mentor, pair.mentee, pair.cadence_days) == (mentor, mentee, 7)
    assert answer.headers["Location"] == f"/mentorships/{pair.uid}"


def test_unknown_people_are_named_at_their_fields_and_what_was_typed_stays(client: Client) -> None:
    client.force_login(make_admin())

    answer = client.post(
        "/mentorships/new",
        {
            "mentor_email": "nobody@example.org",
            "mentee_email": "no mail",
            "cadence_days": "0",
            "goals": "To <learn>",
        },
    )

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="mentee_email-error"' in shown
    assert 'id="cadence_days-error"' in shown
    assert "To &lt;learn&gt;</textarea>" in shown


def test_a_pair_that_is_there_already_is_refused(client: Client) -> None:
    pair = make_pair()
    client.force_login(make_admin())

    answer = client.post(
        "/mentorships/new",
        {
            "mentor_email": pair.mentor.email,
            "mentee_email": pair.mentee.email,
            "cadence_days": "14",
        },
    )

    assert answer.status_code == 409
    assert "have an open mentorship already" in answer.content.decode()


@pytest.mark.parametrize("path", ["/mentorships/new", "/mentorships/people?mentor_email=a"])
def test_only_administrators_make_pairs_and_look_people_up(client: Client, path: str) -> None:
    client.force_login(make_user())

    assert client.get(path).status_code == 403
    assert client.post("/mentorships/new", {}).status_code == 403


def test_people_are_suggested_by_what_is_typed(client: Client) -> None:
    make_user(name="Zoë Nuñez", email="zoe@example.org")
    make_user(name="Somebody Else")
    client.force_login(make_admin())

    shown = client.get("/mentorships/people?mentor_email=nunez").content.decode()

    assert "zoe@example.org" in shown
    assert "Somebody Else" not in shown


def test_the_page_of_a_pair_shows_what_comes_and_what_was_held(client: Client) -> None:
    pair = make_pair(
        mentor=make_user(name="Samuel Oyelaran", zone="America/New_York"),
        goals="A guide that stands alone",
    )
    make_session(pair, title="Sampling")
    make_log(make_session(pair, status="completed"), "Eight questions, none leading")
    client.force_login(pair.mentee)

    shown = client.get(f"/mentorships/{pair.uid}").content.decode()

    for text in ("A guide that stands alone", "Sampling", "Eight questions", "every 14 days"):
        assert text in shown
    assert f"/mentorships/{pair.uid}/log" in shown
    assert f"/jam/sessions?mentorship={pair.uid}" in shown


@pytest.mark.parametrize("place", ["", "/ask", "/clocks"])
def test_strangers_do_not_learn_of_a_pair(client: Client, place: str) -> None:
    client.force_login(make_user())

    for uid in (make_pair().uid, uuid4()):
        assert client.get(f"/mentorships/{uid}{place}").status_code == 404


def test_names_and_titles_are_shown_as_people_wrote_them(client: Client) -> None:
    pair = make_pair(mentor=make_user(name="Siobhán O'Brien & <Sons>"))
    session = make_session(pair, title="Q&A <b>")
    client.force_login(pair.mentee)

    for place in ("", f"/{pair.uid}", f"/{pair.uid}/ask"):
        shown = client.get(f"/mentorships{place}").content.decode()
        assert "O&#x27;Brien &amp; &lt;Sons&gt;" in shown
        assert "&amp;amp;" not in shown
        assert "<Sons>" not in shown
        assert "<b>" not in shown
    room = client.get(f"/sessions/{session.pk}").content.decode()
    assert "Q&amp;A &lt;b&gt;" in room
    assert "&amp;amp;" not in room
