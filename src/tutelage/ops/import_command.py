"""Brings in a spreadsheet from the command line: each row's fate, then a progress bar."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress
from rich.table import Table
from rich.text import Text

from tutelage.core.errors import InvalidInput, NotFound
from tutelage.domain.imports.inputs.mapping import ImportMapping, RowFilters
from tutelage.domain.imports.inputs.words import Meaning
from tutelage.domain.imports.lifecycle import MAX_BYTES, Column, Fate
from tutelage.domain.imports.models import ImportBatch
from tutelage.domain.imports.queries import get_import, get_mapping, iterate_refused, list_rows
from tutelage.domain.imports.services.running import advance_or_fail, start_import
from tutelage.domain.imports.services.staging import (
    discard_import,
    list_strange_words,
    map_import,
    stage_import,
)
from tutelage.domain.people.lifecycle import Role
from tutelage.domain.people.models import User
from tutelage.domain.people.queries import find_person

_SHOWN: Final = 50  # refused rows; the rest is in the file that can be asked for


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line says of the file."""

    actor: str
    columns: Sequence[str]
    words: Sequence[str]
    options: Mapping[str, object]
    refused: Path | None


def bring_in(path: Path, wish: Wish, *, dry_run: bool) -> bool:
    """Import a file, and say whether every row found its place."""
    console = Console()
    actor = _actor(wish.actor)
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    batch = stage_import(actor=actor, file_name=path.name, content=content)
    try:
        batch = _tell_columns(actor, batch, wish)
    except BaseException:
        discard_import(actor=actor, batch_id=batch.uid)
        raise
    console.print(_columns(batch))
    if dry_run:
        console.print(
            f"{batch.waiting_count} would be imported, {batch.unchanged_count} are here already, "
            f"{batch.refused_count} would be refused; {batch.pairs_count} pairs would be made."
        )
    else:
        batch = _run(actor, batch, console)
        console.print(
            f"{batch.created_count} imported, {batch.unchanged_count} were here already, "
            f"{batch.refused_count} refused."
        )
    _tell_refused(batch, console, wish.refused)
    if dry_run:
        discard_import(actor=actor, batch_id=batch.uid)
    return not batch.refused_count


def _actor(email: str) -> User:
    """In whose name: who is said, or else the superadmin who has been here longest."""
    if email:
        person = find_person(email)
    else:
        admins = User.objects.filter(role=Role.SUPERADMIN, is_active=True)
        person = admins.order_by("joined_at", "pk").first()
    if person is None:
        raise NotFound("There is no such administrator. Say who imports: --as name@example.org.")
    return person


def _tell_columns(actor: User, batch: ImportBatch, wish: Wish) -> ImportBatch:
    said = {**batch.mapping, **wish.options, **_positions(batch, wish.columns)}
    missing = [name for name in ("mentor", "mentee", "date") if name not in said]
    if missing:
        known = ", ".join(repr(name) for name in batch.header)
        raise InvalidInput(
            f"Say which column holds: {', '.join(missing)}. As in --column "
            f'"{missing[0]}=Name of the column". The columns are: {known}.'
        )
    pairs = (word.rpartition("=") for word in wish.words)
    words = {word: meaning for word, _sign, meaning in pairs}
    given = ImportMapping.model_validate({**said, "words": words})
    strange = dict.fromkeys(list_strange_words(batch, given), Meaning.UNCLEAR)
    if strange:
        given = given.model_copy(update={"words": {**given.words, **strange}})
    return map_import(actor=actor, batch_id=batch.uid, given=given)


def _positions(batch: ImportBatch, columns: Sequence[str]) -> dict[str, int]:
    found = {}
    for said in columns:
        name, _sign, header = said.partition("=")
        if name not in Column.values or header not in batch.header:
            raise InvalidInput(
                f"--column {said!r} is not known. Give one of {', '.join(Column.values)}, then =, "
                f"then a name of the first row: {', '.join(map(repr, batch.header))}."
            )
        found[name] = batch.header.index(header)
    return found


def _columns(batch: ImportBatch) -> Table:
    table = Table("Read as", "Column", title=Text(batch.file_name), title_justify="left")
    mapping = get_mapping(batch)
    for column, at in mapping.columns().items():
        table.add_row(str(column.label), Text(batch.header[at]))
    table.add_row("Times are of", mapping.usual_zone)
    return table


def _run(actor: User, batch: ImportBatch, console: Console) -> ImportBatch:
    """In this process: no worker need run, and one that does may lend a hand."""
    start_import(actor=actor, batch_id=batch.uid)
    with Progress(*Progress.get_default_columns(), MofNCompleteColumn(), console=console) as bar:
        task = bar.add_task("Importing", total=batch.rows_count)
        goes_on = True
        while goes_on:
            settled, _total, goes_on = advance_or_fail(batch.uid)
            bar.update(task, completed=settled)
    return get_import(actor=actor, batch_id=batch.uid)


def _tell_refused(batch: ImportBatch, console: Console, path: Path | None) -> None:
    if not batch.refused_count:
        return
    table = Table("Row", "Column", "What is wrong", title="Refused", title_justify="left")
    for shown in list_rows(batch, RowFilters(fate=Fate.REFUSED), limit=_SHOWN).rows:
        for fault in shown.faults:
            cell = f" “{fault.cell[:40]}”" if fault.cell else ""
            table.add_row(str(shown.row.number), Text(f"{fault.label}{cell}"), Text(fault.detail))
    console.print(table)
    if batch.refused_count > _SHOWN:
        console.print(f"These are the first {_SHOWN} of {batch.refused_count} refused rows.")
    if path is not None:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(iterate_refused(batch))
        console.print(f"All refused rows are in {path}.")
