"""The page of the link by which one usually meets."""

import pytest
from django.test import Client

from tutelage.domain.meetings.models import HostRoom, Meeting
from tutelage.domain.scheduling.tests.builders import make_agreed
from tutelage.domain.sessions.tests.builders import make_pair

pytestmark = pytest.mark.django_db
ROOM = "https://meet.example.org/mine"


def test_sessions_agreed_from_then_on_take_it_over(client: Client) -> None:
    pair = make_pair()
    client.force_login(pair.mentor)

    client.post("/settings/meeting", {"link": ROOM})

    make_agreed(pair)
    assert Meeting.objects.get().link_encrypted == ROOM
    assert ROOM in client.get("/settings/meeting").content.decode()


def test_left_empty_it_is_taken_away(client: Client) -> None:
    pair = make_pair()
    client.force_login(pair.mentor)
    client.post("/settings/meeting", {"link": ROOM})

    client.post("/settings/meeting", {"link": ""})

    assert not HostRoom.objects.exists()


def test_what_is_no_link_is_refused_and_kept(client: Client) -> None:
    client.force_login(make_pair().mentor)

    answer = client.post("/settings/meeting", {"link": "meet me"})

    assert answer.status_code == 422
    assert 'value="meet me"' in answer.content.decode()
