"""Home: what comes next, what needs the reader, and what it costs."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tutelage.core.clock import now
from tutelage.domain.meetings.services import set_meeting_link
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.scheduling.tests.builders import make_agreed, make_request
from tutelage.domain.sessions.tests.builders import make_admin, make_pair, make_session, make_user

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 4, 1, 19, 52, tzinfo=UTC)  # 08:52 in Auckland, and a day before in York


@pytest.fixture
def pair(client: Client) -> Mentorship:
    made = make_pair(
        mentor=make_user(name="Dr. Samuel Oyelaran", zone="America/New_York"),
        mentee=make_user(name="Aroha Ngata-Williams", zone="Pacific/Auckland"),
    )
    client.force_login(made.mentee)
    return made


def home(client: Client) -> str:
    reply = client.get("/")
    assert reply.status_code == 200
    return reply.content.decode()


@pytest.mark.parametrize(
    ("hour", "greets"),
    [(18, "Good morning"), (1, "Good afternoon"), (7, "Good evening"), (13, "Good evening")],
)
def test_the_greeting_goes_by_the_clock_of_the_reader(
    client: Client, pair: Mentorship, hour: int, greets: str
) -> None:
    with time_machine.travel(datetime(2026, 4, 1, hour, tzinfo=UTC), tick=False):
        client.force_login(pair.mentee)
        assert f"{greets}, Aroha" in home(client)


@time_machine.travel(MORNING, tick=False)
def test_the_next_session_shows_two_clocks_and_how_far_away_it_is(
    client: Client, pair: Mentorship
) -> None:
    make_session(pair, starts_at=MORNING + timedelta(hours=3, minutes=8))

    page = home(client)

    assert "Session with Dr. Samuel Oyelaran" in page
    assert "12:00 – 13:00" in page
    assert "19:00 – 20:00" in page
    assert "Starts in 3 hours" in page
    assert "The door opens at 11:45." in page
    assert "/join" not in page
    assert "Thursday 2 April 2026. 1 session today." in page


@time_machine.travel(MORNING, tick=False)
def test_the_join_button_is_there_while_the_door_is_open(client: Client, pair: Mentorship) -> None:
    session = make_session(pair, starts_at=MORNING + timedelta(minutes=8))
    assert "There is no meeting link yet." in home(client)

    set_meeting_link(actor=pair.mentor, session_id=session.pk, link="https://meet.example.org/room")
    page = home(client)

    assert "Starts in 8 minutes" in page
    assert "The door is open since 08:45." in page
    assert f'action="/sessions/{session.pk}/join"' in page
    assert "meet.example.org" not in page


def test_one_clock_is_enough_where_both_show_the_same(client: Client) -> None:
    pair = make_pair(mentor=make_user(zone="Europe/Paris"), mentee=make_user(zone="Europe/Berlin"))
    make_session(pair)
    client.force_login(pair.mentee)

    assert "Paris" not in home(client)


def test_what_needs_the_reader_stands_in_the_order_of_urgency(
    client: Client, pair: Mentorship
) -> None:
    make_session(pair, status="completed", starts_at=now() - timedelta(days=3))
    make_session(pair, starts_at=now() - timedelta(days=2))
    asked = make_request(pair, by=pair.mentor)

    page = home(client)

    places = [page.index(words) for words in ("asks for a time", "What happened on", "Rate your")]
    assert places == sorted(places)
    assert f'action="/sessions/{asked.pk}/accept"' in page
    assert "3 things need you." in page


def test_ones_own_offer_waits_for_the_other_side(client: Client, pair: Mentorship) -> None:
    make_request(pair)

    assert "Needs you" not in home(client)


def test_accepting_from_home_makes_it_stand(client: Client, pair: Mentorship) -> None:
    asked = make_request(pair, by=pair.mentor)

    client.post(f"/sessions/{asked.pk}/accept", {"version": asked.version})

    asked.refresh_from_db()
    assert asked.status == "scheduled"


def test_who_is_in_no_pair_is_told_what_will_happen(client: Client) -> None:
    client.force_login(make_user())

    assert "You are in no mentorship yet" in home(client)


def test_nothing_planned_leads_to_asking(client: Client, pair: Mentorship) -> None:
    page = home(client)

    assert "Nothing planned" in page
    assert f"/mentorships/{pair.uid}/ask" in page


def test_an_administrator_without_a_pair_sees_the_figures(client: Client, pair: Mentorship) -> None:
    make_agreed(pair)
    client.force_login(make_admin())

    page = home(client)

    assert "Active pair" in page
    assert "/mentorships/new" in page
    assert "Nothing planned" not in page


def test_the_card_of_the_next_session_is_a_part_of_the_page(
    client: Client, pair: Mentorship
) -> None:
    make_session(pair, starts_at=now() + timedelta(minutes=30))

    part = client.get("/home/next").content.decode()

    assert part.split("<form")[0].split("Starts in")[0].strip() in home(client)
    assert "<html" not in part


@pytest.mark.parametrize("count", [1, 12])
def test_home_costs_the_same_however_much_there_is(
    client: Client,
    pair: Mentorship,
    count: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(1, count + 1):
        make_session(pair, starts_at=now() + timedelta(hours=10 * number))
        make_session(pair, starts_at=now() - timedelta(days=number))
        make_session(pair, status="completed", starts_at=now() - timedelta(days=30 + number))
        make_request(pair, now() + timedelta(days=20 + number), by=pair.mentor)
        make_pair(mentee=pair.mentee)
    make_session(pair, starts_at=now() + timedelta(minutes=5))

    with django_assert_max_num_queries(10):
        home(client)


def test_an_administrators_home_keeps_the_budget(
    client: Client, pair: Mentorship, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_agreed(pair)
    client.force_login(make_admin())

    with django_assert_max_num_queries(10):
        home(client)
