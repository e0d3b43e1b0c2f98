"""The page of one session: what it shows to whom, and what it keeps to itself."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tutelage.core.clock import now
from tutelage.domain.feedback.inputs import GiveRating, LogAndRate
from tutelage.domain.feedback.services import log_and_rate, rate_session
from tutelage.domain.logs.services.notes import keep_note
from tutelage.domain.meetings.services import join_by_link, join_session, set_meeting_link
from tutelage.domain.notifications.lifecycle import NoticeKind
from tutelage.domain.notifications.models import Notice
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.scheduling.services.cancelling import cancel_session
from tutelage.domain.scheduling.tests.builders import make_agreed, make_request
from tutelage.domain.sessions.events import SessionEvent
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import (
    make_admin,
    make_pair,
    make_session,
    make_user,
)
from tutelage.web.links.tests.builders import link_of
from tutelage.web.sessions.story import TOLD

pytestmark = pytest.mark.django_db
ROOM = "https://meet.example.org/the-secret-room"


@pytest.fixture
def pair(client: Client) -> Mentorship:
    made = make_pair(
        mentor=make_user(name="Dr. Samuel Oyelaran", zone="America/New_York"),
        mentee=make_user(name="Aroha Ngata-Williams", zone="Pacific/Auckland"),
    )
    client.force_login(made.mentee)
    return made


def page(client: Client, session: Session) -> str:
    answer = client.get(f"/sessions/{session.pk}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_strangers_do_not_learn_that_it_exists(client: Client) -> None:
    session = make_session()
    client.force_login(make_user())

    assert client.get(f"/sessions/{session.pk}").status_code == 404


def test_it_names_the_other_side_and_shows_both_clocks(client: Client, pair: Mentorship) -> None:
    session = make_session(pair, starts_at=now().replace(hour=20, minute=0) + timedelta(days=3))

    shown = page(client, session)
    assert "Session with Dr. Samuel Oyelaran" in shown
    assert "Auckland, " in shown
    assert "New York, " in shown


def test_a_third_person_sees_both_names(client: Client, pair: Mentorship) -> None:
    client.force_login(make_admin())

    assert "Dr. Samuel Oyelaran with Aroha Ngata-Williams" in page(client, make_session(pair))


def test_the_door_opens_a_quarter_of_an_hour_before(client: Client, pair: Mentorship) -> None:
    session = make_session(pair, starts_at=now() + timedelta(minutes=40))
    set_meeting_link(actor=pair.mentor, session_id=session.pk, link=ROOM)

    assert "Join session" not in page(client, session)
    with time_machine.travel(session.starts_at - timedelta(minutes=15), tick=False):
        client.force_login(pair.mentee)
        shown = page(client, session)
        assert "Join session" in shown
        assert "Starts in 15 minutes" in shown
        assert "Door open" in shown


def test_nobody_reads_the_meeting_link_not_even_its_host(client: Client, pair: Mentorship) -> None:
    session = make_session(pair, starts_at=now())
    set_meeting_link(actor=pair.mentor, session_id=session.pk, link=ROOM)

    for person in (pair.mentor, pair.mentee, make_admin()):
        client.force_login(person)
        assert ROOM not in page(client, session)


def test_only_who_answers_sees_how_to_answer(client: Client, pair: Mentorship) -> None:
    session = make_request(pair)

    own = page(client, session)
    assert "Waiting for Samuel" in own
    assert "Take the offer back" in own
    assert "Accept " not in own
    client.force_login(pair.mentor)
    theirs = page(client, session)
    assert "Aroha asks for this time" in theirs
    assert "Accept " in theirs
    assert "Take the offer back" not in theirs


def test_it_tells_who_was_seen_and_how_sure_that_is(client: Client, pair: Mentorship) -> None:
    session = make_agreed(pair, now() + timedelta(minutes=10))
    set_meeting_link(actor=pair.mentor, session_id=session.pk, link=ROOM)
    join_session(actor=pair.mentor, session_id=session.pk)
    join_by_link(token=link_of(session, pair.mentee), logged_in_as=None)

    shown = page(client, session)
    assert "Joined " in shown
    assert "Opened the personal link " in shown


def test_a_cancelled_one_says_by_whom_why_and_that_it_was_late(
    client: Client, pair: Mentorship
) -> None:
    session = make_agreed(pair, now() + timedelta(hours=5))
    cancel_session(actor=pair.mentor, session_id=session.pk, reason="<b>Ill</b>")

    shown = page(client, session)
    assert "Cancelled by Dr. Samuel Oyelaran" in shown
    assert "&lt;b&gt;Ill&lt;/b&gt;" in shown
    assert "Late" in shown


def test_the_others_rating_stays_sealed(client: Client, pair: Mentorship) -> None:
    session = make_session(pair, starts_at=now() - timedelta(hours=2))
    given = LogAndRate(outcomes="A first draft", rating=2, comment="It was too short")
    log_and_rate(actor=pair.mentor, session_id=session.pk, given=given)

    shown = page(client, session)
    assert "A first draft" in shown
    assert "It was too short" not in shown
    client.force_login(pair.mentor)
    assert "It was too short" in page(client, session)


def test_the_ledger_says_who_was_told_and_what_went_wrong(client: Client, pair: Mentorship) -> None:
    session = make_agreed(pair)
    common = {"session": session, "slot_start": session.starts_at, "kind": NoticeKind.ACCEPTED}
    Notice.objects.create(person=pair.mentee, state="sent", sent_at=now(), **common)
    Notice.objects.create(person=pair.mentor, state="failed", trouble="Mailbox <full>", **common)

    shown = page(client, session)
    assert "<strong>Time accepted</strong>" in shown
    assert "You" in shown
    assert "by e-mail. Failed" in shown
    assert "Mailbox &lt;full&gt;" in shown


def test_every_event_of_a_session_has_words() -> None:
    def kinds(base: type[SessionEvent]) -> set[type[SessionEvent]]:
        below = set(base.__subclasses__())
        return below.union(*(kinds(each) for each in below)) if below else set()

    named = {kind for kind in kinds(SessionEvent) if "type" in vars(kind)}
    assert named == TOLD


def test_the_story_is_told_in_words(client: Client, pair: Mentorship) -> None:
    session = make_agreed(pair)

    shown = page(client, session)
    assert "<strong>Asked</strong> by you" in shown
    assert "<strong>Scheduled</strong> by Samuel" in shown


def test_a_long_story_costs_no_more_queries(
    client: Client,
    pair: Mentorship,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    session = make_agreed(pair, timezone.now() + timedelta(minutes=10))
    set_meeting_link(actor=pair.mentor, session_id=session.pk, link=ROOM)
    with transaction.atomic():
        for _ in range(20):
            join_session(actor=pair.mentor, session_id=session.pk)
            set_meeting_link(actor=make_admin(), session_id=session.pk, link=ROOM)

    with django_assert_max_num_queries(12):
        page(client, session)


@pytest.mark.parametrize("side", ["mentor", "mentee"])
def test_a_session_that_was_held_costs_ten_queries(
    client: Client,
    pair: Mentorship,
    side: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    session = make_session(pair, status="completed")
    for person in (pair.mentor, pair.mentee):
        rate_session(actor=person, session_id=session.pk, given=GiveRating(stars=4))
        keep_note(actor=person, session_id=session.pk, text="My own")
    client.force_login(getattr(pair, side))

    with django_assert_max_num_queries(10):
        assert "My own" in page(client, session)
