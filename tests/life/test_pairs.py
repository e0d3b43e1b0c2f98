"""What changes sessions of a pair beside the moves of one session: the pulse hears of it at once.

The moves themselves are in `test_life`, ratings and days that pass in `tests/half_year`.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection

from tutelage.core.clock import now
from tutelage.domain.erasure.services.erasing import erase_person
from tutelage.domain.feedback.inputs import LogPastAndRate
from tutelage.domain.feedback.services import log_past_and_rate
from tutelage.domain.imports.tests.builders import bring_in, make_file
from tutelage.domain.insights.facts import COMPUTE
from tutelage.domain.insights.queries import _read
from tutelage.domain.insights.tests.agreement import catch_up, check_facts, read_at_once
from tutelage.domain.journal.models import Entry
from tutelage.domain.people.tests.builders import make_admin
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.scheduling.inputs import AskForTime
from tutelage.domain.scheduling.services.answering import accept_time, withdraw_time
from tutelage.domain.scheduling.services.offering import ask_for_time
from tutelage.domain.scheduling.services.rezoning import follow_zone_rules
from tutelage.domain.scheduling.tests.zone_data import NewRules, new_rules
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.tests.builders import make_pair

__all__ = ["new_rules"]
pytestmark = pytest.mark.django_db
TEN = datetime(2026, 7, 6, 10)  # noqa: DTZ001  # on the clocks of a zone
Change = Callable[[Mentorship], object]


@pytest.fixture(autouse=True)
def _worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    read_at_once(monkeypatch)
    with time_machine.travel("2026-06-01T12:00:00Z", tick=False):
        yield


def asked(pair: Mentorship, at: datetime = TEN) -> Session:
    given = AskForTime(mentorship=pair.program.uid, local_start=at, zone="Europe/Berlin")
    return ask_for_time(actor=pair.mentee, given=given)


def agreed(pair: Mentorship, at: datetime = TEN) -> Session:
    return accept_time(actor=pair.mentor, session_id=asked(pair, at).pk).session


def bring_in_one(pair: Mentorship, day: str, status: str) -> None:
    row = [pair.mentor.email, pair.mentee.email, day, "14:00", 60, status, ""]
    assert bring_in(make_admin(), make_file(row)).created_count == 1


def withdraw(pair: Mentorship) -> None:
    session = Session.objects.get(status="requested")
    withdraw_time(actor=pair.mentee, session_id=session.pk, reason="")


def log_past(pair: Mentorship) -> None:
    at = (now() - timedelta(days=3)).replace(tzinfo=None)
    given = LogPastAndRate.model_validate(
        {"local_start": at, "zone": "UTC", "duration_minutes": 30, "outcomes": "Met by chance"}
    )
    log_past_and_rate(actor=pair.mentor, mentorship=pair, given=given)


CHANGES: dict[str, tuple[Change, Change]] = {
    "a past session is imported": (agreed, lambda pair: bring_in_one(pair, "2026-05-05", "held")),
    "a planned one is imported": (agreed, lambda pair: bring_in_one(pair, "2026-08-05", "planned")),
    "one is logged that was never planned": (agreed, log_past),
    "a time is asked for": (lambda _pair: None, asked),
    "a request is withdrawn": (asked, withdraw),
    "somebody is forgotten": (agreed, lambda pair: erase_person(pair.mentee.pk)),
}


def facts_of(pair: Mentorship) -> list[object]:
    Mentorship.objects.filter(pk=pair.pk).update(status="active", ended_at=None)
    [row] = _read(COMPUTE, [pair.pk], now())
    return list(row)


def check_that_it_is_heard_of(pair: Mentorship, before: list[object]) -> None:
    assert facts_of(pair) != before, "Nothing has changed: this shows nothing."
    assert check_facts() == 0
    catch_up()
    assert check_facts() == 1


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_else_changes_sessions_of_a_pair_is_heard_of(name: str) -> None:
    first, change = CHANGES[name]
    pair = make_pair()
    first(pair)
    catch_up()
    before = facts_of(pair)
    assert check_facts() == 1

    change(pair)

    check_that_it_is_heard_of(pair, before)


def test_new_rules_of_a_zone_are_heard_of(new_rules: NewRules) -> None:
    pair = make_pair()
    agreed(pair)
    catch_up()
    before = facts_of(pair)

    new_rules("Europe/Berlin", "Africa/Lagos")
    assert follow_zone_rules() == 1

    check_that_it_is_heard_of(pair, before)


def test_a_change_that_nobody_tells_of_would_be_found() -> None:
    pair = make_pair()
    agreed(pair)
    catch_up()
    last = Entry.objects.order_by("id").last()
    assert last is not None
    asked(pair, TEN + timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_entry WHERE id > %s", [last.pk])

    with pytest.raises(AssertionError):
        check_facts()
