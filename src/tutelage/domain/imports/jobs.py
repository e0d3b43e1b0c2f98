"""Background work of imports. Each may run twice, or be killed, without importing a row twice."""

from uuid import UUID

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted
from procrastinate.types import JSONDict

from tutelage.core.transactions import TROUBLES
from tutelage.domain.imports.queries import list_stalled
from tutelage.domain.imports.services.running import advance_import, fail_import
from tutelage.domain.journal.queries import get_entry


@app.task(name="imports.begin", pass_context=True)
def begin(context: JobContext, entry_id: int) -> None:
    """Run an import that was started."""
    _run(context, get_entry(entry_id).subject_id)


@app.task(name="imports.go_on", pass_context=True)
def go_on(context: JobContext, batch_id: str) -> None:
    """Run an import whose worker is gone."""
    _run(context, UUID(batch_id))


def resume_stalled() -> int:
    """Let imports go on that stand still. A sweep of the worker."""
    stalled: list[JSONDict] = [{"batch_id": str(batch_id)} for batch_id in list_stalled()]
    if stalled:
        go_on.batch_defer(*stalled)
    return len(stalled)


def _run(context: JobContext, batch_id: UUID) -> None:
    """Batch after batch, until it is done or the worker has to stop."""
    while _advance(batch_id):
        if context.should_abort():
            raise JobAborted  # the sweep lets another worker go on


def _advance(batch_id: UUID) -> bool:
    try:
        return advance_import(batch_id).goes_on
    except TROUBLES:  # no fault of the file; the sweep lets it go on
        raise
    except Exception:
        fail_import(batch_id)
        raise
