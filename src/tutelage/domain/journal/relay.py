"""Hands new journal entries to their readers, as jobs. It runs in the worker process.

Rows commit out of order, so `id > last` would skip those of a slow transaction. An entry is
read once every transaction that began before its own has ended; from then on nothing can
appear before it in the order of (xid, id).
"""

import logging
from collections.abc import Mapping, Sequence
from threading import Event as Signal
from typing import Protocol

from django.db import Error, connection, transaction
from procrastinate.types import JSONDict

from tutelage.core.events import Event
from tutelage.domain.journal.models import ReaderCursor, Entry

BATCH = 500
_NEXT = """
    SELECT * FROM journal_entry
    WHERE (xid, id) > (%s::xid8, %s::bigint) AND xid < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY xid, id LIMIT %s::bigint
"""
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
    entries = list(Entry.objects.raw(_NEXT, [cursor.xid, cursor.entry_id, batch]))
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


def relay_until(stop: Signal, readers: Readers, *, every: float = 0.2) -> None:
    """Relay until told to stop; a database that went away is waited for."""
    while not stop.is_set():
        try:
            handed_on = relay(readers)
        except Error:
            log.exception("The journal could not be read; trying again.")
            connection.close()
            handed_on = 0
        if handed_on < BATCH:
            stop.wait(every)
    connection.close()
