"""Planning and sending, minute by minute, over the moments at which clocks are odd.

The clock that everything asks is moved; mails go to a real server. None is lost, none goes out
twice, and each names the hour that its reader's clock will show.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

import pytest
import time_machine

from tutelage.core.times import to_local
from tutelage.domain.journal.models import Entry
from tutelage.domain.notifications import jobs, services
from tutelage.domain.notifications.models import Notice
from tutelage.domain.notifications.tests.conftest import Sink, mailbox
from tutelage.domain.people.tests.builders import make_user
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.tests.builders import make_agreed
from tutelage.domain.sessions.models import Session

__all__ = ["mailbox"]
pytestmark = pytest.mark.django_db
HOUR: Final = timedelta(hours=1)


class Moment(NamedTuple):
    """An instant, and whose clocks make it odd."""

    at: datetime
    zone: str


MOMENTS: Final = {
    "forward": Moment(datetime(2026, 3, 29, 1, tzinfo=UTC), "Europe/Berlin"),
    "back": Moment(datetime(2026, 10, 25, 1, tzinfo=UTC), "Europe/Berlin"),
    "back by half an hour": Moment(datetime(2026, 4, 4, 15, tzinfo=UTC), "Australia/Lord_Howe"),
    "forward at midnight": Moment(datetime(2026, 9, 6, 4, tzinfo=UTC), "America/Santiago"),
    "back over midnight": Moment(datetime(2026, 10, 29, 21, tzinfo=UTC), "Africa/Cairo"),
    "New Year": Moment(datetime(2026, 12, 31, 11, tzinfo=UTC), "Pacific/Auckland"),
    "leap day": Moment(datetime(2028, 2, 29, tzinfo=UTC), "UTC"),
    "after a leap day": Moment(datetime(2028, 3, 1, tzinfo=UTC), "Asia/Kathmandu"),
    "32 bits of seconds": Moment(datetime(2038, 1, 19, 3, 14, tzinfo=UTC), "America/St_Johns"),
}


def tell_all() -> None:
    for entry in Entry.objects.order_by("id"):
        services.tell_of(entry)


def send_all() -> None:
    for notice_id in services.claim_due():
        jobs.send(notice_id=notice_id)


def plan(moment: Moment) -> list[Session]:
    """A session every hour from one before to two after, each of its own pair of that zone."""
    with time_machine.travel(moment.at - 30 * HOUR, tick=False):
        made = []
        for passed in (-1, 0, 1, 2):
            people = [make_user(zone=moment.zone) for _side in range(2)]
            pair = make_pair(mentor=people[0], mentee=people[1])
            made.append(make_agreed(pair, moment.at + passed * HOUR))
        tell_all()
        send_all()
    return made


def ticks(moment: Moment) -> list[datetime]:
    """Every quarter of an hour, and the minutes about those at which something is due."""
    quarters = [moment.at + number * timedelta(minutes=15) for number in range(-9, 9)]
    due = [moment.at + passed * HOUR for passed in (-2, -1, 0, 1)]
    about = [at + number * timedelta(minutes=1) for at in due for number in (-1, 0, 1)]
    return sorted({*quarters, *about})


def sweep(at: Iterable[datetime]) -> None:
    """What the worker does again and again, at these instants."""
    for each in at:
        with time_machine.travel(each, tick=False):
            services.plan_reminders()
            send_all()


def uid_of(mail: Any) -> str:
    return str(mail["Message-ID"]).strip("<>").partition("@")[0]


def reminded(mails: list[Any]) -> list[tuple[Notice, Any]]:
    """What stands in the ledger of each mail, in the order of the mails."""
    rows = {str(row.uid): row for row in Notice.objects.select_related("session", "person")}
    return [(rows[uid_of(mail)], mail) for mail in mails]


def ahead(row: Notice) -> timedelta:
    assert row.sent_at is not None
    return row.session.starts_at - row.sent_at


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_each_reminder_goes_out_once_and_in_time(moment: Moment, mailbox: Sink) -> None:
    sessions = plan(moment)
    mailbox.mails.clear()

    sweep(ticks(moment))

    told = reminded(mailbox.mails)
    assert Counter(row.session_id for row, _mail in told) == {each.pk: 2 for each in sessions}
    assert {(row.kind, ahead(row)) for row, _mail in told} == {("reminder_1h", HOUR)}
    for row, mail in told:
        local = to_local(row.session.starts_at, moment.zone)
        assert f" {local:%H:%M} (" in " ".join(mail["Subject"].split())
        assert mail["To"] == row.person.email


def test_a_worker_that_sleeps_for_the_hour_that_comes_twice_would_be_found(mailbox: Sink) -> None:
    """As one would that waits for what the wall clock says."""
    moment = MOMENTS["back"]
    plan(moment)
    mailbox.mails.clear()

    sweep(at for at in ticks(moment) if not moment.at - HOUR <= at < moment.at)

    assert len(reminded(mailbox.mails)) == 6, "Of two, the session came before their reminder."
