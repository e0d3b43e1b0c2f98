"""A file whose rows' fates were seen is imported, a batch of rows at a time.

Each batch is a transaction: killed in the middle, an import goes on where it was, by whoever
comes next, and each row becomes a session once.
"""

from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.errors import NotFound, invalid_field
from tutelage.core.events import publish
from tutelage.core.transactions import TROUBLES, one_transaction
from tutelage.domain.imports import policies
from tutelage.domain.imports.events import ImportFinished, ImportStarted
from tutelage.domain.imports.lifecycle import BATCH, BatchState, Fate
from tutelage.domain.imports.models import ImportBatch
from tutelage.domain.imports.queries import get_mapping
from tutelage.domain.imports.services.batches import require_staged
from tutelage.domain.imports.services.judging import Claims, judge_rows, keep_fates
from tutelage.domain.imports.services.writing import write_rows
from tutelage.domain.people.models import User

_IMPORTS = 1 << 57  # the number of our lock


class Progress(NamedTuple):
    settled: int
    total: int
    goes_on: bool


@one_transaction
def start_import(*, actor: User, batch_id: UUID, seen_version: int | None = None) -> ImportBatch:
    """Let the import begin, or go on after it stopped. The worker does the rest.

    What was foretold is asked anew for each row: people may have been added meanwhile.
    """
    policies.can_import(actor).require()
    rows = ImportBatch.objects.visible_to(actor).select_for_update(of=("self",))
    batch = rows.select_related("by").filter(uid=batch_id).first()
    if batch is None:
        raise NotFound(_("There is no such import."))
    if batch.state != BatchState.FAILED:
        require_staged(batch, seen_version=seen_version)
        if batch.mapped_at is None:
            raise invalid_field("date", _("Say first what the columns of this file hold."))
        batch.rows.exclude(fate=Fate.WAITING).update(fate=Fate.WAITING, errors=[], session_id=None)
        batch.unchanged_count = batch.refused_count = 0
    batch.state, batch.touched_at, batch.by = BatchState.RUNNING, now(), actor
    batch.version += 1
    batch.save()
    publish(ImportStarted(subject_id=batch.uid, actor_id=actor.pk))
    return batch


@one_transaction
def advance_import(batch_id: UUID) -> Progress:
    """Import the next rows. Nobody asks but the worker, or the command that started it."""
    rows = ImportBatch.objects.select_for_update(of=("self",)).select_related("by")
    batch = rows.get(uid=batch_id)
    if batch.state != BatchState.RUNNING:
        return Progress(batch.settled_count, batch.rows_count, goes_on=False)
    policies.can_import(batch.by).require()
    _lock_imports()
    with translation.override(batch.by.locale):
        _import_next(batch)
    return Progress(
        batch.settled_count, batch.rows_count, goes_on=batch.state == BatchState.RUNNING
    )


def _lock_imports() -> None:
    """One batch of all imports at a time, so that what one brings in is known to the next.

    A statement of its own, for what comes after has to see what was waited for.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s::bigint)", [_IMPORTS])


def _import_next(batch: ImportBatch) -> None:
    waiting = batch.rows.filter(fate=Fate.WAITING).order_by("number")
    verdicts = judge_rows(batch.by, get_mapping(batch), list(waiting[:BATCH]), Claims())
    write_rows(batch, verdicts)
    # A row that repeats an earlier one waits for the next batch, where that one is known.
    settled = [verdict for verdict in verdicts if verdict.fate != Fate.WAITING]
    keep_fates(settled)
    for verdict in settled:
        name = f"{verdict.fate}_count"
        setattr(batch, name, getattr(batch, name) + 1)
    batch.touched_at = now()
    if not batch.waiting_count:
        batch.state, batch.finished_at = BatchState.DONE, now()
        publish(
            ImportFinished(
                subject_id=batch.uid,
                actor_id=batch.by_id,
                created=batch.created_count,
                unchanged=batch.unchanged_count,
                refused=batch.refused_count,
            )
        )
    batch.save()


def advance_or_fail(batch_id: UUID) -> Progress:
    """Import the next rows; a fault of ours stops the import.

    What the database cannot just now is no such fault: the worker's sweep lets it go on.
    """
    try:
        return advance_import(batch_id)
    except TROUBLES:
        raise
    except Exception:
        fail_import(batch_id)
        raise


def fail_import(batch_id: UUID) -> None:
    """Say that an import stopped by a fault of ours; what is done stays, and it can go on."""
    ImportBatch.objects.filter(uid=batch_id, state=BatchState.RUNNING).update(
        state=BatchState.FAILED, touched_at=now()
    )
