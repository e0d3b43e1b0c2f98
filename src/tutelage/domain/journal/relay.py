"""Hands new journal entries to their readers, as jobs. It runs in the worker process."""

import logging
from collections.abc import Mapping, Sequence
from threading import Event as Signal
from typing import Protocol

from django.db import Error, connection, transaction
from procrastinate.types import JSONDict

from tutelage.core.events import Event
from tutelage.domain.journal.models import ReaderCursor
from tutelage.domain.journal.queries import list_after

BATCH = 500
CHANNEL = "tutelage"
log = logging.getLogger(__name__)


class Reader(Protocol):
    """A job that takes an `entry_id`, and does no harm when run twice."""

    def batch_defer(self, *jobs: JSONDict) -> list[int]: ...


Readers = Mapping[type[Event], Sequence[Reader]]


@transaction.atomic
def relay(readers: Readers, *, batch: int = BATCH) -> int:
    """Hand on the next entries and say how many; jobs and cursor are kept together or not at all.

    The cursor's row is locked first, by a statement of its own: the next one's snapshot is
    then newer than whatever another relay did meanwhile.
    """
    cursor, _ = ReaderCursor.objects.select_for_update().get_or_create(reader="relay")
    entries = list_after(cursor.xid, cursor.entry_id, batch)
    if not entries:
        return 0
    for event, jobs in readers.items():
        found: list[JSONDict] = [
            {"entry_id": entry.pk} for entry in entries if entry.type == event.type
        ]
        for job in jobs if found else ():
            job.batch_defer(*found)
    cursor.xid, cursor.entry_id = entries[-1].xid, entries[-1].pk
    cursor.save()
    return len(entries)


def ring() -> None:
    """Wake every process that follows the journal; it says nothing, and may be lost.

    Never in a transaction of the domain: `NOTIFY` takes a lock that all who commit share.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


def relay_until(stop: Signal, readers: Readers, *, every: float = 0.2) -> None:
    """Relay until told to stop, ringing after each batch; a lost database is waited for."""
    while not stop.is_set():
        try:
            handed_on = relay(readers)
            if handed_on:
                ring()
        except Error:
            log.exception("The journal could not be read; trying again.")
            connection.close()
            handed_on = 0
        if handed_on < BATCH:
            stop.wait(every)
    connection.close()
