"""Spreadsheets of one's own making, and the way of a file from bytes to sessions."""

import csv
from collections.abc import Sequence
from datetime import timedelta
from io import StringIO
from typing import Any

from tutelage.core.clock import now
from tutelage.domain.imports.inputs.mapping import ImportMapping
from tutelage.domain.imports.models import ImportBatch, ImportRow
from tutelage.domain.imports.services.running import advance_import, start_import
from tutelage.domain.imports.services.staging import map_import, stage_import
from tutelage.domain.people.models import User
from tutelage.domain.programs.models import Mentorship

HEADER = ("Mentor e-mail", "Mentee e-mail", "Date", "Start", "Duration", "Status", "Notes")


def make_file(
    *rows: Sequence[object], header: Sequence[str] = HEADER, delimiter: str = ","
) -> bytes:
    text = StringIO()
    csv.writer(text, delimiter=delimiter).writerows([header, *rows])
    return text.getvalue().encode()


def stage(actor: User, content: bytes, **mapping: Any) -> ImportBatch:
    """Upload a file and tell its columns by the guess, with what a test says otherwise."""
    batch = stage_import(actor=actor, file_name="sessions.csv", content=content)
    given = ImportMapping.model_validate({**batch.mapping, **mapping})
    return map_import(actor=actor, batch_id=batch.uid, given=given)


def run(actor: User, batch: ImportBatch) -> ImportBatch:
    """Import all that is staged, as the worker does."""
    start_import(actor=actor, batch_id=batch.uid)
    while advance_import(batch.uid).goes_on:
        pass
    batch.refresh_from_db()
    return batch


def bring_in(actor: User, content: bytes, **mapping: Any) -> ImportBatch:
    return run(actor, stage(actor, content, **mapping))


def fates(batch: ImportBatch) -> list[str]:
    rows = ImportRow.objects.filter(batch=batch).order_by("number")
    return list(rows.values_list("fate", flat=True))


def faults(batch: ImportBatch) -> list[tuple[int, str]]:
    """The number of each refused row, and the columns named."""
    rows = ImportRow.objects.filter(batch=batch, fate="refused").order_by("number")
    return [(row.number, " ".join(field for field, _detail in row.errors)) for row in rows]


def rows_of(pair: Mentorship, count: int) -> list[list[object]]:
    """As many sessions of a pair as wanted, a day each, long ago."""
    day = now() - timedelta(days=4_000)
    people = [pair.mentor.email, pair.mentee.email]
    days = [(day + timedelta(days=number)).date().isoformat() for number in range(count)]
    return [[*people, day, "14:00", 60, "held", f"Day {number}"] for number, day in enumerate(days)]
