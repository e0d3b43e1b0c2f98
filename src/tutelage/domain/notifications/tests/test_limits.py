"""How often a mail is tried, when another worker takes it over, and how long is asked."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tutelage.domain.journal.models import Entry
from tutelage.domain.notifications import services
from tutelage.domain.notifications.lifecycle import NoticeState
from tutelage.domain.notifications.models import Notice
from tutelage.domain.notifications.queries import list_unasked
from tutelage.domain.notifications.tests.test_telling import tell_all
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.services.cancelling import cancel_session
from tutelage.domain.scheduling.tests.builders import make_agreed, make_request
from tutelage.domain.sessions.tests.builders import make_session

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
pytestmark = pytest.mark.django_db


def claim(at: datetime) -> list[int]:
    with time_machine.travel(at, tick=False):
        return services.claim_due()


def test_a_mail_is_tried_after_1_5_15_and_60_minutes_and_then_no_more() -> None:
    with time_machine.travel(NOW, tick=False):
        make_request(make_pair(), NOW + timedelta(days=9))
        tell_all()
    at = NOW
    for minutes in (1, 5, 15, 60):
        [notice_id] = claim(at)
        with time_machine.travel(at, tick=False):
            services.check_again(notice_id)
            services.mark_failed(notice_id, "451 Try later", for_good=False)
        at += timedelta(minutes=minutes)
        assert claim(at - SECOND) == []

    [notice_id] = claim(at)
    with time_machine.travel(at, tick=False):
        services.check_again(notice_id)
        services.mark_failed(notice_id, "451 Try later", for_good=False)

    assert Notice.objects.get().state == NoticeState.FAILED


def test_what_a_worker_took_and_never_sent_is_taken_by_another_after_five_minutes() -> None:
    with time_machine.travel(NOW, tick=False):
        make_request(make_pair(), NOW + timedelta(days=9))
        tell_all()
    assert len(claim(NOW)) == 1

    assert claim(NOW + timedelta(minutes=5)) == []
    assert len(claim(NOW + timedelta(minutes=5) + SECOND)) == 1


@pytest.mark.parametrize(
    ("after", "asked"),
    [
        (timedelta(minutes=15), 0),
        (timedelta(minutes=15, seconds=1), 2),
        (timedelta(days=7) - SECOND, 2),
        (timedelta(days=7), 0),
    ],
)
def test_what_became_of_it_is_asked_for_a_week_after_the_end(after: timedelta, asked: int) -> None:
    session = make_session(starts_at=NOW)

    with time_machine.travel(session.ends_at + after, tick=False):
        assert len(list_unasked()) == asked


@pytest.mark.parametrize(
    ("until_the_end", "kind"),
    [(SECOND, "cancelled"), (timedelta(), "settled"), (-SECOND, "settled")],
)
def test_nobody_is_told_to_stay_away_from_what_is_over(until_the_end: timedelta, kind: str) -> None:
    with time_machine.travel(NOW - timedelta(days=2), tick=False):
        session = make_agreed(make_pair(), NOW)
        cancel_session(actor=session.host, session_id=session.pk, reason="Ill")
    [called_off] = Entry.objects.filter(type="session.cancelled")
    called_off.at = session.ends_at - until_the_end  # which the database says, by its own clock

    services.tell_of(called_off)

    assert [notice.kind for notice in Notice.objects.all()] == [kind]
