"""Writing down what sessions show of pairs."""

from datetime import timedelta
from time import monotonic
from typing import Final

from django.db import connection

from tutelage.core.clock import now
from tutelage.core.transactions import one_transaction
from tutelage.domain.insights.facts import READER, WRITE
from tutelage.domain.insights.models import PairFacts
from tutelage.domain.journal.services import follow

BATCH: Final = 500


def keep_facts(*, for_at_most: timedelta = timedelta(seconds=3), batch: int = BATCH) -> int:
    """Catch up with the journal, and with pairs of whom nothing is written down yet.

    Nobody waits for it: until then whoever asks looks at the sessions. A sweep of the worker.
    """
    until, number = monotonic() + for_at_most.total_seconds(), 0
    while monotonic() < until:
        read, written = _keep(batch)
        number += written
        if max(read, written) < batch:
            break
    return number


@one_transaction
def _keep(batch: int) -> tuple[int, int]:
    """How many entries were read, and rows written.

    The place in the journal is taken first, in a statement of its own: so one writes at a time,
    and sees all that the entries tell of. What is written and how far has been read are kept
    together; where no place is known, nothing that is written counts.
    """
    entries = follow(READER, batch)
    if entries is None:
        PairFacts.objects.all().delete()
        entries = []
    sessions = [each.subject_id for each in entries if each.subject_type == "session"]
    with connection.cursor() as cursor:
        cursor.execute(WRITE, {"sessions": sessions, "now": now(), "most": batch})
        return len(entries), cursor.rowcount
