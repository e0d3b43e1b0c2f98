"""Logging a session that was never planned here, and choosing which one is meant."""

from datetime import timedelta

import pytest
from django.test import Client

from tutelage.core.clock import now
from tutelage.core.times import to_local
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import make_admin, make_pair, make_session, make_user

pytestmark = pytest.mark.django_db
TYPED = {
    "day": "2026-03-19",
    "hour": "09:00",
    "zone": "Pacific/Auckland",
    "duration_minutes": "45",
    "outcomes": "Talked it through on the train",
}


@pytest.fixture
def pair(client: Client) -> Mentorship:
    made = make_pair(mentee=make_user(zone="Pacific/Auckland"))
    client.force_login(made.mentee)
    return made


def test_a_past_session_is_kept_at_its_hour_in_its_zone(client: Client, pair: Mentorship) -> None:
    reply = client.post(f"/mentorships/{pair.uid}/log", TYPED | {"rating": "5"})

    assert reply["Location"] == "/jam/sessions"
    session = Session.objects.get()
    assert session.starts_at.isoformat() == "2026-03-18T20:00:00+00:00"
    assert (session.status, session.duration_minutes) == ("completed", 45)
    assert session.log.logged_late


def test_the_own_zone_and_an_hour_are_there_from_the_start(
    client: Client, pair: Mentorship
) -> None:
    page = client.get(f"/mentorships/{pair.uid}/log").content.decode()

    assert '<option value="Pacific/Auckland" selected>' in page
    assert 'value="60"' in page


def test_a_time_to_come_is_refused_at_its_field(client: Client, pair: Mentorship) -> None:
    in_two_days = to_local(now() + timedelta(days=2), "UTC").date().isoformat()

    reply = client.post(f"/mentorships/{pair.uid}/log", TYPED | {"day": in_two_days})

    page = reply.content.decode()
    assert reply.status_code == 422
    assert 'id="day-error"' in page
    assert "Talked it through on the train" in page
    assert f'value="{in_two_days}"' in page


@pytest.mark.parametrize(("missing", "at"), [("day", "day"), ("hour", "hour"), ("zone", "zone")])
def test_half_a_time_is_refused_and_not_guessed(
    client: Client, pair: Mentorship, missing: str, at: str
) -> None:
    reply = client.post(f"/mentorships/{pair.uid}/log", TYPED | {missing: ""})

    assert reply.status_code == 422
    assert f'id="{at}-error"' in reply.content.decode()
    assert not Session.objects.exists()


def test_planned_sessions_without_a_log_are_offered_first(client: Client, pair: Mentorship) -> None:
    waiting = make_session(pair, starts_at=now() - timedelta(days=2))

    page = client.get(f"/mentorships/{pair.uid}/log").content.decode()

    assert "Was it one of these?" in page
    assert f"/sessions/{waiting.pk}/log" in page


def test_strangers_do_not_learn_that_there_is_a_pair(client: Client, pair: Mentorship) -> None:
    client.force_login(make_user())
    assert client.get(f"/mentorships/{pair.uid}/log").status_code == 404
    assert client.post(f"/mentorships/{pair.uid}/log", TYPED).status_code == 404


def test_an_administrator_writes_no_log_for_a_pair(client: Client, pair: Mentorship) -> None:
    client.force_login(make_admin())

    assert client.get(f"/mentorships/{pair.uid}/log").status_code == 403
    assert client.post(f"/mentorships/{pair.uid}/log", TYPED).status_code == 403
    assert not Session.objects.exists()


def test_of_several_pairs_one_is_chosen(client: Client, pair: Mentorship) -> None:
    second = make_pair(mentee=pair.mentee)
    waiting = make_session(pair, starts_at=now() - timedelta(days=2))

    page = client.get("/log").content.decode()

    for address in (
        f"/mentorships/{pair.uid}/log",
        f"/mentorships/{second.uid}/log",
        f"/sessions/{waiting.pk}/log",
    ):
        assert address in page


def test_who_is_in_no_pair_is_told_so(client: Client) -> None:
    client.force_login(make_user())

    assert "Nothing to log" in client.get("/log").content.decode()
