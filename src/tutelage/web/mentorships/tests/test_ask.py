"""Asking the other side for a time."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client

from tutelage.core.times import to_local
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.scheduling.models import TimeOffer
from tutelage.domain.scheduling.tests.builders import make_agreed, whole_hour
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import make_admin, make_pair, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(client: Client) -> Mentorship:
    made = make_pair(
        mentor=make_user(name="Dr. Samuel Oyelaran", zone="America/New_York"),
        mentee=make_user(name="Aroha", zone="Pacific/Auckland"),
    )
    client.force_login(made.mentee)
    return made


def typed(at: datetime, **more: Any) -> dict[str, Any]:
    local = to_local(at, "Pacific/Auckland")
    fields = {"day": f"{local:%Y-%m-%d}", "hour": f"{local:%H:%M}", "duration_minutes": "60"}
    return {**fields, "zone": "Pacific/Auckland", **more}


def ask(client: Client, uid: UUID, **sent: Any) -> Any:
    return client.post(f"/mentorships/{uid}/ask", sent)


def test_a_time_is_asked_for_on_ones_own_clocks(client: Client, pair: Mentorship) -> None:
    at = whole_hour(days=3)

    answer = ask(client, pair.uid, **typed(at, note="Question 6"))

    session = Session.objects.get()
    assert answer.headers["Location"] == f"/sessions/{session.pk}"
    assert (session.status, session.starts_at, session.zone) == (
        "requested",
        at,
        "Pacific/Auckland",
    )
    assert TimeOffer.objects.get().note == "Question 6"


def test_ones_own_zone_and_an_hour_are_preset(client: Client, pair: Mentorship) -> None:
    shown = client.get(f"/mentorships/{pair.uid}/ask").content.decode()

    assert '<option value="Pacific/Auckland" selected>' in shown
    assert '<option value="60" selected>' in shown
    assert "Ask Dr. Samuel Oyelaran for a time" in shown


def test_an_administrator_is_told_that_it_stands_at_once(client: Client, pair: Mentorship) -> None:
    client.force_login(make_admin(zone="Europe/Oslo"))
    shown = client.get(f"/mentorships/{pair.uid}/ask").content.decode()
    assert "nobody is asked" in shown
    assert "Schedule for" in shown

    ask(client, pair.uid, **typed(whole_hour(days=3), title="First meeting"))

    session = Session.objects.get()
    assert (session.status, session.title) == ("scheduled", "First meeting")


def test_a_time_that_is_taken_says_by_whom_and_keeps_what_was_typed(
    client: Client, pair: Mentorship
) -> None:
    taken = make_agreed(make_pair(mentor=pair.mentor), whole_hour(days=3))

    answer = ask(client, pair.uid, **typed(taken.starts_at, note="Question 6"))

    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Dr. Samuel Oyelaran cannot be in two places" in shown
    assert 'id="day-error"' in shown
    assert "Question 6</textarea>" in shown
    assert Session.objects.count() == 1


def test_without_script_the_clocks_are_shown_with_what_is_wrong(
    client: Client, pair: Mentorship
) -> None:
    answer = ask(client, pair.uid, **typed(whole_hour(days=-3)))

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "This time is past. Choose a later one." in shown
    assert "New York, " in shown


def test_all_clocks_follow_what_is_typed(client: Client, pair: Mentorship) -> None:
    with time_machine.travel("2026-03-20T00:00:00Z"):
        client.force_login(pair.mentee)
        shown = client.get(
            f"/mentorships/{pair.uid}/clocks",
            {
                "day": "2026-04-07",
                "hour": "07:00",
                "duration_minutes": "60",
                "zone": "Pacific/Auckland",
            },
        ).content.decode()

    assert "07:00 – 08:00" in shown
    assert "15:00 – 16:00" in shown
    assert "New York, Mon 6 April" in shown
    assert '<span id="hour-asked" hx-swap-oob="true">07:00</span>' in shown


@pytest.mark.parametrize(
    "sent", [{}, {"day": "x", "hour": "\x00", "zone": "y"}, {"zone": "a" * 999}]
)
def test_half_a_time_shows_no_clocks_and_no_fault(
    client: Client, pair: Mentorship, sent: dict[str, str]
) -> None:
    answer = client.get(f"/mentorships/{pair.uid}/clocks", sent)

    assert answer.status_code == 200
    assert "Choose a day and an hour" in answer.content.decode()
