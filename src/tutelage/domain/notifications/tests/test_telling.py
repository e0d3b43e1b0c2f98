"""From a change to the mail about it: who is told what, when, and what stands in the ledger."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from tutelage.core.clock import now
from tutelage.domain.journal.models import Entry
from tutelage.domain.notifications import jobs, services
from tutelage.domain.notifications.lifecycle import NoticeKind, NoticeState
from tutelage.domain.notifications.models import Notice
from tutelage.domain.people.tests.builders import make_user
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.services.answering import accept_time, decline_time
from tutelage.domain.scheduling.services.cancelling import cancel_session
from tutelage.domain.scheduling.tests.builders import make_agreed, make_request, whole_hour

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> Mentorship:
    return make_pair(
        mentor=make_user(name="Samuel Oyelaran", zone="America/New_York"),
        mentee=make_user(name="Aroha Ngata", zone="Pacific/Auckland"),
    )


def tell_all() -> None:
    """What the relay does with each entry, here twice."""
    for entry in [*Entry.objects.order_by("id"), *Entry.objects.order_by("id")]:
        services.tell_of(entry)


def send_all() -> None:
    for notice_id in services.claim_due():
        jobs.send(notice_id=notice_id)


def ledger() -> list[tuple[str, str, str]]:
    rows = Notice.objects.order_by("id").select_related("person")
    return [(row.person.name.split()[0], row.kind, row.state) for row in rows]


def test_the_other_side_is_asked_and_told_of_the_answer_once(
    pair: Mentorship, mailbox: Any
) -> None:
    session = make_request(pair)
    tell_all()
    send_all()
    accept_time(actor=pair.mentor, session_id=session.pk)
    tell_all()
    send_all()

    assert ledger() == [("Samuel", "asked", "sent"), ("Aroha", "accepted", "sent")]
    asked, accepted = mailbox.mails
    assert (asked["To"], accepted["To"]) == (pair.mentor.email, pair.mentee.email)
    assert asked["Subject"].startswith("Aroha Ngata proposes")
    assert "New York" in asked.get_payload(decode=True).decode()
    text = accepted.get_payload(decode=True).decode()
    assert "/j/" in text
    assert "Auckland" in text


@pytest.mark.parametrize(
    ("hour", "said"),
    [
        (5, "01:00 (New York UTC−4)"),
        (6, "01:00 (New York UTC−5)"),
        (7, "02:00 (New York)"),
    ],
)
def test_of_two_like_hours_a_mail_says_which(
    pair: Mentorship, mailbox: Any, hour: int, said: str
) -> None:
    with time_machine.travel(datetime(2026, 10, 20, tzinfo=UTC), tick=False):
        make_request(pair, datetime(2026, 11, 1, hour, tzinfo=UTC))
        tell_all()
        send_all()

    [asked] = mailbox.mails
    assert said in asked.get_payload(decode=True).decode()


def test_a_decline_gives_its_reason(pair: Mentorship, mailbox: Any) -> None:
    session = make_request(pair)
    decline_time(actor=pair.mentor, session_id=session.pk, reason="On leave <b>until May</b>")
    tell_all()
    send_all()

    [declined] = mailbox.mails
    assert "On leave <b>until May</b>" in declined.get_payload(decode=True).decode()
    assert ledger() == [("Samuel", "asked", "dropped"), ("Aroha", "declined", "sent")]


def test_a_cancelled_session_cancels_what_was_still_to_be_said(
    pair: Mentorship, mailbox: Any
) -> None:
    session = make_agreed(pair, whole_hour(hours=2))
    tell_all()
    cancel_session(actor=pair.mentee, session_id=session.pk, reason="Train strike")
    tell_all()
    send_all()

    assert [(mail["To"], mail["Subject"][:9]) for mail in mailbox.mails] == [
        (pair.mentor.email, "Cancelled")
    ]


def test_a_reminder_goes_to_both_an_hour_before_and_only_once(
    pair: Mentorship, mailbox: Any
) -> None:
    session = make_agreed(pair, whole_hour(hours=5))

    with time_machine.travel(session.starts_at - timedelta(minutes=61), tick=False):
        assert services.plan_reminders() == 0
    with time_machine.travel(session.starts_at - timedelta(minutes=59), tick=False):
        assert services.plan_reminders() == 2
        assert services.plan_reminders() == 0
        send_all()
        send_all()

    assert sorted(mail["To"] for mail in mailbox.mails) == sorted(
        [pair.mentor.email, pair.mentee.email]
    )


def test_no_reminder_for_a_session_that_moved_meanwhile(pair: Mentorship, mailbox: Any) -> None:
    session = make_agreed(pair, whole_hour(hours=5))
    with time_machine.travel(session.starts_at - timedelta(minutes=30), tick=False):
        services.plan_reminders()
        type(session).objects.update(
            starts_at=session.starts_at + timedelta(hours=3),
            ends_at=session.ends_at + timedelta(hours=3),
        )
        send_all()

    assert mailbox.mails == []
    assert {row.state for row in Notice.objects.all()} == {NoticeState.DROPPED}


@pytest.mark.parametrize(
    ("answer", "state", "later"),
    [("451 Try later", NoticeState.DUE, 60), ("550 No such mailbox", NoticeState.FAILED, 0)],
)
def test_a_server_that_refuses_is_asked_again_only_if_it_may_change_its_mind(
    pair: Mentorship, mailbox: Any, answer: str, state: str, later: int
) -> None:
    make_request(pair)
    tell_all()
    mailbox.answer = answer
    with time_machine.travel(now(), tick=False):
        send_all()
        notice = Notice.objects.get()
        waits = (notice.due_at - now()).total_seconds() if state == NoticeState.DUE else 0

    assert (notice.state, waits) == (state, later)
    assert answer[:3] in notice.trouble


def test_what_a_dying_worker_left_is_sent_by_the_next_with_the_same_message_id(
    pair: Mentorship, mailbox: Any
) -> None:
    make_request(pair)
    tell_all()
    [notice_id] = services.claim_due()
    assert services.check_again(notice_id) is not None  # and here the first worker dies

    assert services.claim_due() == []
    with time_machine.travel(now() + timedelta(minutes=6), tick=False):
        send_all()

    [mail] = mailbox.mails
    assert str(Notice.objects.get().uid) in mail["Message-ID"]


def test_names_cannot_add_headers_or_recipients(mailbox: Any) -> None:
    sly = make_user(name="Sly\nBcc: everybody@example.org")
    make_request(make_pair(mentee=sly))
    tell_all()
    send_all()

    [mail] = mailbox.mails
    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("Sly Bcc")
    assert Notice.objects.get().kind == NoticeKind.ASKED
