"""What people wrote in a file is kept only as long as somebody may want to look at it."""

from tutelage.core.clock import now
from tutelage.core.transactions import one_transaction
from tutelage.domain.imports.lifecycle import CELLS_KEPT_FOR, BatchState
from tutelage.domain.imports.models import ImportBatch

_AT_ONCE = 20


@one_transaction
def forget_cells() -> int:
    """Delete the cells of files of 30 days ago, and what quotes them; fates and counts stay.

    Files that nobody ever imported go altogether. A sweep of the worker.
    """
    before = now() - CELLS_KEPT_FOR
    old = ImportBatch.objects.filter(made_at__lt=before, forgotten_at=None)
    old.filter(state__in=(BatchState.READING, BatchState.STAGED)).delete()
    over = old.filter(state__in=(BatchState.DONE, BatchState.FAILED))
    batches = list(over.select_for_update(skip_locked=True).order_by("made_at")[:_AT_ONCE])
    for batch in batches:
        batch.rows.update(cells=[], errors=[])
        batch.header, batch.mapping = [], {}
        batch.mapped_at, batch.forgotten_at = None, now()
        batch.save()
    return len(batches)
