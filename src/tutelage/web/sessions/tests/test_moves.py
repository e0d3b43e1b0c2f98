"""The forms of another time, and of calling a session off."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tutelage.core.clock import now
from tutelage.core.times import to_local
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.scheduling.models import TimeOffer
from tutelage.domain.scheduling.tests.builders import make_agreed, make_request, whole_hour
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import make_admin, make_pair, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(client: Client) -> Mentorship:
    made = make_pair(
        mentor=make_user(name="Samuel Oyelaran", zone="America/New_York"),
        mentee=make_user(name="Aroha", zone="Pacific/Auckland"),
    )
    client.force_login(made.mentor)
    return made


def typed(at: datetime, zone: str = "America/New_York", **more: Any) -> dict[str, Any]:
    local = to_local(at, zone)
    fields = {"day": f"{local:%Y-%m-%d}", "hour": f"{local:%H:%M}", "zone": zone}
    return {**fields, "duration_minutes": "45", **more}


def send(client: Client, session: Session, action: str, **sent: Any) -> Any:
    return client.post(f"/sessions/{session.pk}/{action}", sent)


def test_another_time_goes_back_to_who_asked(client: Client, pair: Mentorship) -> None:
    session, later = make_request(pair), whole_hour(days=4)

    answer = send(client, session, "counter", **typed(later, note="I teach until then", version=1))

    assert answer.status_code == 302
    offer = TimeOffer.objects.get(state="open")
    assert (offer.by, offer.starts_at, offer.note) == (pair.mentor, later, "I teach until then")


def test_the_form_starts_from_the_present_time_on_the_readers_clocks(
    client: Client, pair: Mentorship
) -> None:
    session = make_agreed(pair, whole_hour(days=3))
    local = to_local(session.starts_at, "America/New_York")

    shown = client.get(f"/sessions/{session.pk}/reschedule").content.decode()

    assert f'value="{local:%Y-%m-%d}"' in shown
    assert f'value="{local:%H:%M}"' in shown


def test_a_session_keeps_its_time_until_the_move_is_accepted(
    client: Client, pair: Mentorship
) -> None:
    session = make_agreed(pair)
    before, later = session.starts_at, whole_hour(days=4)

    send(client, session, "reschedule", **typed(later, version=session.version))

    session.refresh_from_db()
    assert session.starts_at == before
    assert TimeOffer.objects.get(state="open").starts_at == later


def test_an_administrator_moves_it_at_once(client: Client, pair: Mentorship) -> None:
    session, later = make_agreed(pair), whole_hour(days=4)
    client.force_login(make_admin())
    assert "it moves at once" in client.get(f"/sessions/{session.pk}/reschedule").content.decode()

    send(client, session, "reschedule", **typed(later, version=session.version))

    session.refresh_from_db()
    assert session.starts_at == later


def test_a_taken_time_is_refused_at_its_field_and_what_was_typed_stays(
    client: Client, pair: Mentorship
) -> None:
    taken = make_agreed(pair, whole_hour(days=4))
    session = make_agreed(pair, whole_hour(days=6))

    answer = send(client, session, "reschedule", **typed(taken.starts_at, note="Sorry", version=2))

    shown = answer.content.decode()
    assert answer.status_code == 409
    assert 'id="day-error"' in shown
    assert "cannot be in two places" in shown
    assert "Sorry</textarea>" in shown
    assert '<option value="45" selected>' in shown


def test_a_form_that_has_grown_old_says_so_and_keeps_what_was_typed(
    client: Client, pair: Mentorship
) -> None:
    session = make_agreed(pair)

    answer = send(
        client, session, "reschedule", **typed(whole_hour(days=4), note="Train", version=1)
    )

    shown = answer.content.decode()
    assert answer.status_code == 412
    assert "Somebody changed this session since you read it" in shown
    assert "Train</textarea>" in shown
    assert f'name="version" value="{session.version}"' in shown


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"hour": "10:00"}, "day"),
        ({"day": "2030-02-30", "hour": "10:00"}, "day"),
        ({"day": "2030-02-20"}, "hour"),
        ({"day": "0001-01-01", "hour": "10:00"}, "day"),
        ({"day": "2020-01-01", "hour": "10:00"}, "day"),
        ({"day": "2090-01-01", "hour": "10:00"}, "day"),
        ({"day": "2030-01-01", "hour": "10:00", "zone": "Mars/Base"}, "zone"),
        (
            {"day": "2030-01-01", "hour": "10:00", "duration_minutes": "9" * 5000},
            "duration_minutes",
        ),
    ],
)
def test_what_is_no_time_is_refused_where_it_was_typed(
    client: Client, pair: Mentorship, sent: dict[str, str], field: str
) -> None:
    session = make_agreed(pair)

    answer = send(client, session, "reschedule", **{"zone": "UTC", "version": "2", **sent})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.content.decode()


def test_cancelling_needs_a_reason(client: Client, pair: Mentorship) -> None:
    session = make_agreed(pair)

    answer = send(client, session, "cancel", version=session.version)

    assert answer.status_code == 422
    assert 'id="reason-error"' in answer.content.decode()
    session.refresh_from_db()
    assert session.status == "scheduled"


def test_cancelling_says_who_is_told_and_whether_it_is_late(
    client: Client, pair: Mentorship
) -> None:
    soon = make_agreed(pair, now() + timedelta(hours=5))
    later = make_agreed(pair, now() + timedelta(days=5))

    shown = client.get(f"/sessions/{soon.pk}/cancel").content.decode()
    assert "Aroha" in shown
    assert "counts as cancelled late" in shown
    assert "cancelled late" not in client.get(f"/sessions/{later.pk}/cancel").content.decode()

    send(client, soon, "cancel", reason="Ill", version=soon.version)
    soon.refresh_from_db()
    assert (soon.status, soon.ending.reason, soon.ending.late) == ("cancelled", "Ill", True)
