"""Who is told, and of what, when a country changes the rules of its clocks."""

from datetime import datetime
from typing import Any

import pytest
import time_machine

from tutelage.domain.journal.models import Entry
from tutelage.domain.notifications import jobs, services
from tutelage.domain.notifications.lifecycle import NoticeKind, NoticeState
from tutelage.domain.notifications.models import Notice
from tutelage.domain.people.tests.builders import make_user
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.inputs import AskForTime
from tutelage.domain.scheduling.services.answering import accept_time, decline_time
from tutelage.domain.scheduling.services.cancelling import cancel_session
from tutelage.domain.scheduling.services.offering import ask_for_time
from tutelage.domain.scheduling.services.rezoning import follow_zone_rules
from tutelage.domain.scheduling.tests.zone_data import NewRules, new_rules
from tutelage.domain.sessions.models import Session

__all__ = ["new_rules"]
pytestmark = pytest.mark.django_db
TEN = datetime(2026, 7, 6, 10)  # noqa: DTZ001  # on the clocks of a zone


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2026-06-01T12:00:00Z", tick=False):
        yield


@pytest.fixture
def pair() -> Mentorship:
    return make_pair(
        mentor=make_user(name="Samuel Oyelaran", zone="Africa/Lagos"),
        mentee=make_user(name="Aroha Ngata", zone="Pacific/Auckland", locale="es"),
    )


def asked(pair: Mentorship, at: datetime, zone: str) -> Session:
    given = AskForTime(mentorship=pair.program.uid, local_start=at, zone=zone)
    return ask_for_time(actor=pair.mentee, given=given)


def agreed(pair: Mentorship, at: datetime = TEN, zone: str = "Europe/Berlin") -> Session:
    return accept_time(actor=pair.mentor, session_id=asked(pair, at, zone).pk).session


def tell_all() -> None:
    for entry in Entry.objects.order_by("id"):
        services.tell_of(entry)


def told(mailbox: Any) -> dict[str, str]:
    """What the mails say about new rules, by the reader's first name."""
    for notice_id in services.claim_due():
        jobs.send(notice_id=notice_id)
    bodies = {
        mail["To"]: mail.get_payload(decode=True).decode()
        for mail in mailbox.mails
        if NoticeKind.REZONED in kinds_of(mail)
    }
    mailbox.mails.clear()
    return bodies


def kinds_of(mail: Any) -> set[str]:
    uid = mail["Message-ID"].strip("<>").partition("@")[0]
    return set(Notice.objects.filter(uid=uid).values_list("kind", flat=True))


def test_both_are_told_the_new_hour_of_their_own_clocks(
    pair: Mentorship, mailbox: Any, new_rules: NewRules
) -> None:
    agreed(pair)
    new_rules("Europe/Berlin", "Africa/Lagos")
    follow_zone_rules()
    tell_all()
    tell_all()

    mails = told(mailbox)

    assert set(mails) == {pair.mentor.email, pair.mentee.email}
    assert "10:00 (Lagos)" in mails[pair.mentor.email]
    assert "the clocks in Berlin have changed" in mails[pair.mentor.email]
    assert "21:00 (Auckland)" in mails[pair.mentee.email]
    assert not any("another session" in text for text in mails.values())
    tell_all()
    assert told(mailbox) == {}


def test_who_has_to_be_in_two_places_then_is_named(
    pair: Mentorship, mailbox: Any, new_rules: NewRules
) -> None:
    agreed(pair)
    agreed(make_pair(mentor=pair.mentor), datetime(2026, 7, 6, 9), "UTC")  # noqa: DTZ001
    new_rules("Europe/Berlin", "Africa/Lagos")
    follow_zone_rules()
    tell_all()

    text = told(mailbox)[pair.mentor.email]

    assert "another session of Samuel Oyelaran" in " ".join(text.split())


def test_a_time_that_waits_for_an_answer_is_told_and_one_that_was_declined_is_not(
    pair: Mentorship, mailbox: Any, new_rules: NewRules
) -> None:
    session = asked(pair, TEN, "Europe/Berlin")
    new_rules("Europe/Berlin", "Africa/Lagos")
    follow_zone_rules()
    tell_all()
    assert pair.mentor.email in told(mailbox)

    new_rules("Europe/Berlin", "Europe/Paris")
    follow_zone_rules()
    tell_all()
    decline_time(actor=pair.mentor, session_id=session.pk, reason="")
    assert told(mailbox) == {}


def test_of_a_session_called_off_meanwhile_nobody_is_told(
    pair: Mentorship, mailbox: Any, new_rules: NewRules
) -> None:
    session = agreed(pair)
    new_rules("Europe/Berlin", "Africa/Lagos")
    follow_zone_rules()
    tell_all()
    cancel_session(actor=pair.mentee, session_id=session.pk, reason="Train strike")

    assert told(mailbox) == {}
    states = Notice.objects.filter(kind=NoticeKind.REZONED).values_list("state", flat=True)
    assert set(states) == {NoticeState.DROPPED}
