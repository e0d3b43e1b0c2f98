"""Home: what comes next, what needs the reader, and what it costs."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tutelage.core.clock import now
from tutelage.domain.logs.inputs import DraftForm
from tutelage.domain.logs.services.drafts import keep_draft
from tutelage.domain.meetings.services import set_meeting_link
from tutelage.domain.people.models import User
from tutelage.domain.programs.inputs import ProposeMentorship
from tutelage.domain.programs.lifecycle import PairSide
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.services import propose_mentorship
from tutelage.domain.scheduling.tests.builders import make_agreed, make_request
from tutelage.domain.sessions.models import NextStep
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


def test_an_administrator_sees_how_many_pairs_need_attention_and_is_led_to_them(
    client: Client,
) -> None:
    long_ago = now() - timedelta(days=90)
    ailing = make_pair(started_at=long_ago, status_since=long_ago)
    make_session(ailing, starts_at=now() - timedelta(days=20))  # never logged, and nothing planned
    well = make_pair()
    client.force_login(make_admin())

    page = home(client)

    figure = re.search(r'<a href="([^"]+)">Pair that needs attention</a></dt><dd>(\d+)</dd>', page)
    assert figure is not None
    assert figure[2] == "1"
    shown = client.get(figure[1]).content.decode()
    assert f"/mentorships/{ailing.uid}" in shown
    assert f"/mentorships/{well.uid}" not in shown


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
        begun = make_session(pair, starts_at=now() - timedelta(days=number, hours=5))
        keep_draft(
            actor=pair.mentee, session_id=begun.pk, form=DraftForm(outcomes="Half a thought")
        )
        NextStep.objects.create(session=begun, program=pair.program, text="Send the outline")
    make_session(pair, starts_at=now() + timedelta(minutes=5))

    with django_assert_max_num_queries(10):
        home(client)


def test_an_administrators_home_keeps_the_budget(
    client: Client, pair: Mentorship, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    make_agreed(pair)
    client.force_login(make_admin())

    with django_assert_max_num_queries(12):
        home(client)


def test_answers_stand_by_their_deadline_and_begun_logs_before_ratings(
    client: Client, pair: Mentorship
) -> None:
    make_session(pair, status="completed", starts_at=now() - timedelta(days=3))
    begun = make_session(pair, starts_at=now() - timedelta(days=2))
    keep_draft(actor=pair.mentee, session_id=begun.pk, form=DraftForm(outcomes="Half a thought"))
    with time_machine.travel(now() - timedelta(hours=5)):
        sooner = make_request(pair, now() + timedelta(days=9), by=pair.mentor)
    later = make_request(pair, now() + timedelta(days=4), by=pair.mentor)

    page = home(client)

    signs = [f"{sooner.pk}/accept", f"{later.pk}/accept", "Finish the log of", "Rate your"]
    places = [page.index(sign) for sign in signs]
    assert places == sorted(places)
    assert "What happened on" not in page
    assert "4 things need you." in page


def test_a_proposal_waits_for_whom_it_was_made_to(client: Client) -> None:
    mentor, mentee = make_user(name="Samuel Oyelaran"), make_user(name="Aroha Ngata")
    given = ProposeMentorship(email=mentee.email, role=PairSide.MENTOR)
    propose_mentorship(actor=mentor, given=given)

    client.force_login(mentee)
    assert "Samuel Oyelaran proposes a mentorship" in home(client)
    client.force_login(mentor)
    assert "proposes a mentorship" not in home(client)


def test_the_week_stands_by_day(client: Client, pair: Mentorship) -> None:
    with time_machine.travel(MORNING, tick=False):
        client.force_login(pair.mentee)
        make_session(pair, starts_at=MORNING + timedelta(hours=3))
        make_session(pair, starts_at=MORNING + timedelta(days=2))
        week = home(client).split('id="week"')[1].split("</section>")[0]

    days = re.findall(r'<time datetime="([0-9-]+)">([^<]+)<', week)
    assert days == [("2026-04-02", "Today"), ("2026-04-04", "Sat 4 Apr")]


def test_a_pair_shows_how_it_is_doing_and_what_to_do(client: Client, pair: Mentorship) -> None:
    with time_machine.travel(now() + timedelta(days=11)):
        client.force_login(pair.mentee)
        page = home(client)

    assert "Worth a look" in page
    assert "First meeting not planned" in page


def test_home_speaks_spanish(client: Client, pair: Mentorship) -> None:
    User.objects.filter(pk=pair.mentee_id).update(locale="es")
    with time_machine.travel(MORNING, tick=False):
        client.force_login(pair.mentee)
        make_session(pair, starts_at=MORNING + timedelta(hours=3, minutes=8))
        page = home(client)

    assert 'lang="es"' in page
    assert "Buenos días, Aroha" in page
    assert "Jueves 2 de abril de 2026. 1 sesión hoy." in page
    assert "Empieza en 3 horas" in page
