"""Many at once, with what guards them taken away or the moments between stretched."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest
from django.db import DatabaseError, connection

from tutelage.core.errors import DomainError
from tutelage.domain.scheduling.services import booking, offering, reinstating, rezoning

SLOW_INSERTS = """
    CREATE FUNCTION be_slow() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN PERFORM pg_sleep(%s); RETURN NEW; END';
    CREATE TRIGGER be_slow BEFORE INSERT ON reservation
        FOR EACH ROW EXECUTE FUNCTION be_slow();
"""


def at_once(attempts: list[Callable[[], Any]]) -> Counter[str]:
    """Start all at the same moment, each on its own connection; count how they ended."""
    start = Barrier(len(attempts))

    def run(attempt: Callable[[], Any]) -> str:
        try:
            connection.ensure_connection()
            start.wait()
            attempt()
        except (DomainError, DatabaseError) as error:
            return type(error).__name__
        else:
            return "done"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(attempts)) as pool:
        return Counter(pool.map(run, attempts))


def met(outcome: dict[str, int], race: Callable[[], Counter[str]], times: int = 5) -> bool:
    """Whether a race of two without guards ends so: on a busy machine one may come too late."""
    return any(race() == outcome for _ in range(times))


@contextmanager
def slowly(seconds: float) -> Iterator[None]:
    """Stretch the moment between the two rows of a booking, in which rivals can interlock."""
    with connection.cursor() as cursor:
        cursor.execute(SLOW_INSERTS % seconds)
        try:
            yield
        finally:
            cursor.execute("DROP FUNCTION be_slow CASCADE")


@pytest.fixture
def no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    for services in (offering, booking, reinstating, rezoning):
        monkeypatch.setattr(services, "lock_calendars", lambda _people: None)
