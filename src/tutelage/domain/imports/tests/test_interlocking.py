"""An import, and who asks for a time meanwhile, never wait for each other."""

from collections import Counter
from functools import partial
from time import monotonic, sleep

import pytest
from django.db import connection

from tutelage.core import transactions
from tutelage.domain.imports.services import writing
from tutelage.domain.imports.services.running import advance_import, start_import
from tutelage.domain.imports.tests.builders import make_file, stage
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.scheduling.services.offering import ask_for_time
from tutelage.domain.scheduling.tests.builders import whole_hour, wish
from tutelage.domain.scheduling.tests.racing import at_once, met, slowly
from tutelage.domain.sessions.tests.builders import make_admin, make_pair, make_user

HELD = """
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
    WHERE datname = current_database() AND locktype = 'advisory' AND granted
"""


def ask_once_calendars_are_locked(pair: Mentorship) -> None:
    """By the import, which has a lock of its own besides."""
    until = monotonic() + 20
    with connection.cursor() as cursor:
        while monotonic() < until:
            cursor.execute(HELD)
            if cursor.fetchone()[0] > 1:
                break
            sleep(0.01)
    ask_for_time(actor=pair.mentee, given=wish(pair, whole_hour(days=9)))


def import_against_asking() -> Counter[str]:
    """The import comes to the second of the pair first, and to the first of them last."""
    first, second = make_user(), make_user()
    days = [f"{whole_hour(days=number):%Y-%m-%d}" for number in (3, 4)]
    pairs = [make_pair(mentor=second), make_pair(mentor=first)]
    rows = [
        (pair.mentor.email, pair.mentee.email, day, "10:00", 60, "planned", "")
        for pair, day in zip(pairs, days, strict=True)
    ]
    admin = make_admin()
    batch = stage(admin, make_file(*rows))
    start_import(actor=admin, batch_id=batch.uid)
    asking = partial(ask_once_calendars_are_locked, make_pair(mentor=first, mentee=second))
    with slowly(0.4):
        return at_once([partial(advance_import, batch.uid), asking])


@pytest.mark.django_db(transaction=True)
def test_all_calendars_of_an_import_are_locked_before_any_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transactions, "RETRIES", 0)

    assert import_against_asking() == {"done": 2}


@pytest.mark.django_db(transaction=True)
def test_locked_one_by_one_they_wait_for_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transactions, "RETRIES", 0)
    monkeypatch.setattr(writing, "lock_calendars", lambda _people: None)

    assert met({"done": 1, "OperationalError": 1}, import_against_asking)
