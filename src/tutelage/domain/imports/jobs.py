"""Background work of imports. Each may run twice, or be killed, without importing a row twice."""

from uuid import UUID

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import JobAborted
from procrastinate.types import JSONDict

from tutelage.domain.imports.queries import list_stalled
from tutelage.domain.imports.services.running import advance_or_fail
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
    while advance_or_fail(batch_id).goes_on:
        if context.should_abort():
            raise JobAborted  # the sweep lets another worker go on
