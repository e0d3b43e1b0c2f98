"""The demo shows each thing that a page can show."""

import pytest
import time_machine

from tutelage.core.clock import now
from tutelage.domain.people.models import User
from tutelage.domain.sessions.lifecycle import Status
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.queries import find_next, list_unlogged
from tutelage.ops import demo_data
from tutelage.ops.demo_people import AROHA


@pytest.mark.django_db
@pytest.mark.parametrize("minute", [0, 1, 14, 44, 57, 59])
def test_it_loads_at_any_minute_and_something_is_about_to_begin(minute: int) -> None:
    with time_machine.travel(f"2026-11-20T10:{minute:02}:00Z", tick=False):
        demo_data.load()
        aroha = User.objects.get(email=AROHA.email)
        soon = find_next(aroha)

        assert soon is not None
        assert 2 <= (soon.starts_at - now()).total_seconds() / 60 <= 18
        assert len(list_unlogged(aroha)) == 1
        statuses = set(Session.objects.values_list("status", flat=True))
    assert statuses == {
        Status.REQUESTED,
        Status.SCHEDULED,
        Status.COMPLETED,
        Status.CANCELLED,
        Status.NO_SHOW,
    }
