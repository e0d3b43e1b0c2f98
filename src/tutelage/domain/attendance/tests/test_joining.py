"""The door: when it opens, to whom, where it leads, and what is kept of it."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from tutelage.core.errors import NotFound, NotPermitted
from tutelage.domain.attendance.models import Evidence
from tutelage.domain.meetings.models import PersonalLink
from tutelage.domain.meetings.queries import find_tokens, get_personal_link
from tutelage.domain.meetings.services import (
    DoorClosed,
    NoMeetingLink,
    join_by_link,
    join_session,
    set_meeting_link,
    set_usual_room,
)
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.services.cancelling import cancel_session
from tutelage.domain.scheduling.tests.builders import make_agreed
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import make_admin, make_user

pytestmark = pytest.mark.django_db
ROOM = "https://meet.example.org/sentinel"


@pytest.fixture
def agreed() -> Session:
    pair = make_pair()
    set_usual_room(actor=pair.mentor, link=ROOM)
    return make_agreed(pair)


def token_of_guest(session: Session) -> str:
    guest = session.participants.exclude(user=session.host).get()
    return find_tokens([guest.pk])[guest.pk]


@pytest.mark.parametrize(
    ("minutes", "is_open"), [(-16, False), (-15, True), (0, True), (59, True), (60, False)]
)
def test_the_door_is_open_from_a_quarter_of_an_hour_before_until_the_end(
    agreed: Session, minutes: int, is_open: bool
) -> None:
    with time_machine.travel(agreed.starts_at + timedelta(minutes=minutes), tick=False):
        if is_open:
            assert join_session(actor=agreed.host, session_id=agreed.pk) == ROOM
        else:
            with pytest.raises(DoorClosed):
                join_session(actor=agreed.host, session_id=agreed.pk)
        assert Evidence.objects.count() == is_open


def test_joining_is_kept_as_evidence_of_the_kind_it_is(agreed: Session) -> None:
    token = token_of_guest(agreed)
    guest = get_personal_link(token).participant.user
    with time_machine.travel(agreed.starts_at, tick=False):
        join_session(actor=agreed.host, session_id=agreed.pk)
        join_by_link(token=token, logged_in_as=None)
        join_by_link(token=token, logged_in_as=guest)
        join_by_link(token=token, logged_in_as=make_user())

    rows = Evidence.objects.order_by("id").select_related("participant__user")
    assert [(row.source, row.participant.user) for row in rows if row.participant] == [
        ("join", agreed.host),
        ("link", guest),
        ("join", guest),
        ("link", guest),
    ]


def test_the_door_is_for_those_who_take_part(agreed: Session) -> None:
    with time_machine.travel(agreed.starts_at, tick=False):
        with pytest.raises(NotFound):
            join_session(actor=make_user(), session_id=agreed.pk)
        with pytest.raises(NotPermitted):
            join_session(actor=make_admin(), session_id=agreed.pk)
    assert not Evidence.objects.exists()


def test_no_link_leads_into_a_session_that_was_cancelled(agreed: Session) -> None:
    token = token_of_guest(agreed)
    cancel_session(actor=agreed.host, session_id=agreed.pk, reason="Ill")
    with (
        time_machine.travel(agreed.starts_at, tick=False),
        pytest.raises(DoorClosed),
    ):
        join_by_link(token=token, logged_in_as=None)


@pytest.mark.parametrize("spoil", [lambda t: t[::-1], lambda _: "", lambda t: t.lower()])
def test_a_token_that_is_not_somebodys_opens_nothing(agreed: Session, spoil: object) -> None:
    assert callable(spoil)
    with pytest.raises(NotFound):
        get_personal_link(spoil(token_of_guest(agreed)))


def test_a_revoked_link_opens_nothing(agreed: Session) -> None:
    token = token_of_guest(agreed)
    PersonalLink.objects.update(revoked_at=agreed.starts_at)
    with pytest.raises(NotFound):
        get_personal_link(token)


def test_the_host_changes_where_it_leads_and_personal_links_follow(agreed: Session) -> None:
    other = "https://other.example.org/room"
    set_meeting_link(actor=agreed.host, session_id=agreed.pk, link=other)
    guest = get_personal_link(token_of_guest(agreed)).participant.user
    with pytest.raises(NotPermitted):
        set_meeting_link(actor=guest, session_id=agreed.pk, link=ROOM)
    with time_machine.travel(agreed.starts_at, tick=False):
        assert join_by_link(token=token_of_guest(agreed), logged_in_as=None) == other


def test_without_a_link_there_is_no_door_yet() -> None:
    session = make_agreed(make_pair())
    with time_machine.travel(session.starts_at, tick=False), pytest.raises(NoMeetingLink):
        join_session(actor=session.host, session_id=session.pk)


def test_the_link_stands_nowhere_in_the_database_as_it_is(agreed: Session) -> None:
    token = token_of_guest(agreed)
    tables = ("meeting", "host_room", "journal_entry", "session", "personal_link")
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")  # noqa: S608
            [rows] = cursor.fetchone()
            assert "sentinel" not in (rows or "")
            assert token not in (rows or "")
