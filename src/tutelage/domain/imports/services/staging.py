"""A file is read, its columns are told, and the fate of each row is foretold.

Nothing here is one long transaction: the journal's readers would wait for its end.
"""

from collections.abc import Sequence
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tutelage.core.errors import NotFound, invalid_field
from tutelage.core.transactions import one_transaction
from tutelage.domain.imports import policies
from tutelage.domain.imports.inputs.headers import guess_columns, guess_unit
from tutelage.domain.imports.inputs.mapping import ImportMapping
from tutelage.domain.imports.inputs.moments import find_order
from tutelage.domain.imports.inputs.tables import Table, read_table
from tutelage.domain.imports.inputs.words import find_meaning, fold_word
from tutelage.domain.imports.lifecycle import BatchState, Column, Fate
from tutelage.domain.imports.models import ImportBatch, ImportRow
from tutelage.domain.imports.services.batches import require_staged, take_staged
from tutelage.domain.imports.services.foretelling import foretell
from tutelage.domain.people.models import User

_INSERTED_AT_ONCE = 1_000
_WORDS_SHOWN = 50


def stage_import(*, actor: User, file_name: str, content: bytes) -> ImportBatch:
    """Keep the rows of a file, and guess what its columns hold. Nothing is imported yet."""
    policies.can_import(actor).require()
    table = read_table(content)
    batch = ImportBatch.objects.create(
        by=actor,
        file_name=_shown_name(file_name),
        header=table.header,
        mapping=_guess(actor, table),
        rows_count=len(table.rows),
    )
    rows = (ImportRow(batch=batch, number=number, cells=cells) for number, cells in table.rows)
    while some := list(islice(rows, _INSERTED_AT_ONCE)):
        ImportRow.objects.bulk_create(some)
    batch.state = BatchState.STAGED
    batch.save(update_fields=["state"])
    return batch


def map_import(
    *, actor: User, batch_id: UUID, given: ImportMapping, seen_version: int | None = None
) -> ImportBatch:
    """Say what the columns hold, and foretell the fate of each row.

    Raises:
        InvalidInput: the mapping leaves something open, such as whether 05/03 is in March.
        Stale: somebody else mapped it since.
    """
    batch = _take(actor, batch_id, seen_version)
    mapping = _complete(batch, given)
    with transaction.atomic():
        batch = take_staged(batch.pk, seen_version=batch.version)
        batch.mapping, batch.mapped_at = mapping.model_dump(mode="json"), None
        batch.version += 1
        batch.save(update_fields=["mapping", "mapped_at", "version"])
        batch.rows.exclude(fate=Fate.WAITING).update(fate=Fate.WAITING, errors=[], session_id=None)
    return foretell(actor, batch, mapping)


@one_transaction
def discard_import(*, actor: User, batch_id: UUID) -> None:
    """Delete a file that was not imported, with all its rows."""
    policies.can_import(actor).require()
    rows = ImportBatch.objects.visible_to(actor).select_for_update().filter(uid=batch_id)
    batch = rows.first()
    if batch is None:
        raise NotFound(_("There is no such import."))
    require_staged(batch, seen_version=None)
    batch.delete()


def list_strange_words(batch: ImportBatch, given: ImportMapping) -> list[str]:
    """Words for how it went that nobody has explained yet, in their order, each once."""
    at = given.columns().get(Column.STATUS)
    if at is None:
        return []
    found: dict[str, str] = {}
    for (word,) in _cells(batch, [at]):
        text = " ".join(word.split())[:200]
        if text and find_meaning(text, given.words) is None:
            found.setdefault(fold_word(text), text)
    return list(found.values())[:_WORDS_SHOWN]


def _take(actor: User, batch_id: UUID, seen_version: int | None) -> ImportBatch:
    policies.can_import(actor).require()
    batch = ImportBatch.objects.visible_to(actor).filter(uid=batch_id).first()
    if batch is None:
        raise NotFound(_("There is no such import."))
    require_staged(batch, seen_version=seen_version)
    return batch


def _shown_name(file_name: str) -> str:
    name = "".join(
        sign for sign in file_name.replace("\\", "/").split("/")[-1] if sign.isprintable()
    )
    return name[-200:] or _("spreadsheet.csv")


def _guess(actor: User, table: Table) -> dict[str, object]:
    """What the names of the columns say; it is a beginning, and need not be whole."""
    columns = guess_columns(table.header, [cells for _number, cells in table.rows[:20]])
    guess: dict[str, object] = {**columns, "usual_zone": actor.own_zone}
    if "duration" in columns:
        guess["duration_unit"] = guess_unit(table.header[columns["duration"]]).value
    return guess


def _complete(batch: ImportBatch, given: ImportMapping) -> ImportMapping:
    """Find in the file what the mapping leaves open, or ask for it."""
    width = len(batch.header)
    for column, at in given.columns().items():
        if at >= width:
            raise invalid_field(column, _("The file has no such column."))
    if strange := list_strange_words(batch, given):
        detail = _("Say what these words mean: %(words)s.") % {"words": ", ".join(strange[:5])}
        raise invalid_field("words", detail)
    if given.day_order:
        return given
    columns = given.columns()
    places = [at for column, at in columns.items() if column in {Column.DATE, Column.END}]
    order, doubtful = find_order(cell for cells in _cells(batch, places) for cell in cells)
    if order is None and doubtful:
        detail = _("%(date)s can be read in two ways. Say which comes first in this file.")
        raise invalid_field("day_order", detail % {"date": doubtful})
    return given.model_copy(update={"day_order": order})


def _cells(batch: ImportBatch, places: Sequence[int]) -> list[list[str]]:
    """The cells of a few columns, of all rows."""
    rows = batch.rows.order_by("number").values_list("cells", flat=True)
    return [[cells[at] if at < len(cells) else "" for at in places] for cells in rows]
