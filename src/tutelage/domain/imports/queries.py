"""Reading imports, and what a file's rows may already be here as. Begins with what one may see."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from tutelage.core.cells import quote_cell
from tutelage.core.clock import now
from tutelage.core.errors import NotFound
from tutelage.core.paging import Page, Paged, paginate
from tutelage.domain.imports import policies
from tutelage.domain.imports.inputs.mapping import ImportMapping, RowFilters
from tutelage.domain.imports.inputs.rows import Reading, RowReader
from tutelage.domain.imports.lifecycle import STALLED_AFTER, BatchState, Column, Fate, Source
from tutelage.domain.imports.models import ImportBatch, ImportRow
from tutelage.domain.people.models import User
from tutelage.domain.people.queries import find_people_by_email
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.scheduling.models import Reservation
from tutelage.domain.sessions.lifecycle import Status
from tutelage.domain.sessions.models import ExternalRef, Session

_SHOWN = 50
Ref = tuple[str, str]
Pair = tuple[int, int]
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Known:
    """What of the people, pairs and sessions that some rows speak of is here."""

    people: dict[str, User]
    pairs: dict[Pair, Mentorship]
    refs: dict[Ref, UUID]
    sessions: dict[tuple[int, datetime], UUID]


class Fault(NamedTuple):
    """What is wrong with a row, with the cell that it is about."""

    field: str
    detail: str
    cell: str

    @property
    def label(self) -> str:
        """The column's name; of the row as a whole, none."""
        return str(Column(self.field).label) if self.field else ""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row for the eye: what it was read as, by the mapping that holds now."""

    row: ImportRow
    reading: Reading | None
    faults: list[Fault]


@dataclass(frozen=True, slots=True)
class RowWindow:
    rows: list[ShownRow]
    has_more: bool
    last: int


def list_imports(*, actor: User, asked: Paged) -> Page[ImportBatch]:
    """Imports, newest first, in two queries."""
    policies.can_import(actor).require()
    rows = ImportBatch.objects.visible_to(actor).exclude(state=BatchState.READING)
    return paginate(rows.select_related("by"), asked, newest="made_at")


def get_import(*, actor: User, batch_id: UUID) -> ImportBatch:
    rows = ImportBatch.objects.visible_to(actor).select_related("by")
    batch = rows.filter(uid=batch_id).first()
    if batch is None:
        raise NotFound(_("There is no such import."))
    return batch


def get_mapping(batch: ImportBatch) -> ImportMapping:
    """What was said about the columns; of a batch that was mapped."""
    return ImportMapping.model_validate(batch.mapping)


def list_rows(batch: ImportBatch, asked: RowFilters, *, limit: int = _SHOWN) -> RowWindow:
    """Rows of an import that the actor may see, in the order of the file, in one query."""
    rows = ImportRow.objects.filter(batch=batch, number__gt=asked.after).select_related("session")
    if asked.fate:
        rows = rows.filter(fate=asked.fate)
    found = list(rows.order_by("number")[: limit + 1])
    cut, has_more = found[:limit], len(found) > limit
    reader = RowReader(get_mapping(batch), now()) if batch.mapped_at else None
    shown = [_show(row, reader) for row in cut]
    return RowWindow(shown, has_more, cut[-1].number if cut else asked.after)


def _show(row: ImportRow, reader: RowReader | None) -> ShownRow:
    """Cells that were forgotten are no rows to read."""
    reading = reader.read(row.cells)[0] if reader and row.cells else None
    faults = [
        Fault(field, detail, reader.text(row.cells, Column(field)) if reader and field else "")
        for field, detail in row.errors
    ]
    return ShownRow(row, reading, faults)


def list_first_rows(batch: ImportBatch, *, limit: int = 5) -> list[ImportRow]:
    return list(ImportRow.objects.filter(batch=batch).order_by("number")[:limit])


def iterate_refused(batch: ImportBatch) -> Iterator[list[str]]:
    """A table of the refused rows, to be mended and imported again; no cell is a formula."""
    rows = ImportRow.objects.filter(batch=batch, fate=Fate.REFUSED).order_by("number")
    yield [quote_cell(name) for name in (_("Row"), _("What is wrong"), *batch.header)]
    for row in rows.iterator(chunk_size=1_000):
        faults = _show(row, None).faults
        wrong = "; ".join(f"{each.label}: {each.detail}".removeprefix(": ") for each in faults)
        yield [quote_cell(cell) for cell in (str(row.number), wrong, *row.cells)]


def list_stalled() -> list[UUID]:
    """Imports that run, yet have not come on for a while: whoever ran them is gone."""
    rows = ImportBatch.objects.filter(
        state=BatchState.RUNNING, touched_at__lt=now() - STALLED_AFTER
    )
    return list(rows.order_by("touched_at").values_list("uid", flat=True)[:20])


def find_known(readings: Collection[Reading]) -> Known:
    """All that has to be known to judge some rows, in four queries."""
    addresses = {address for each in readings for address in (each.said.mentor, each.said.mentee)}
    people = find_people_by_email(addresses)
    pairs = _find_pairs({each.pk for each in people.values()})
    starts = {each.slot.starts_at for each in readings}
    return Known(
        people,
        pairs,
        _find_refs(readings, people),
        _find_sessions({pair.program_id for pair in pairs.values()}, starts),
    )


def fingerprint(mentor: User, mentee: User, starts_at: datetime) -> str:
    """What makes a row the same row in another file: ids, so that it holds nobody's address."""
    return f"{mentor.pk}:{mentee.pk}:{starts_at:%Y-%m-%dT%H:%MZ}"


def find_taken(people: Collection[int]) -> dict[int, list[Stretch]]:
    """The stretches to come in which these people cannot be anywhere else."""
    found: dict[int, list[Stretch]] = {person: [] for person in people}
    rows = Reservation.objects.filter(
        person__in=people, exclusive=True, during__endswith__gt=now()
    ).exclude(expires_at__lte=now())
    for person, during in rows.values_list("person_id", "during").order_by("during"):
        found[person].append((during.lower, during.upper))
    return found


def _find_pairs(people: Collection[int]) -> dict[Pair, Mentorship]:
    """The open mentorship of two people, or else the one that ended last."""
    rows = Mentorship.objects.filter(mentor__in=people, mentee__in=people).with_people()
    ordered = rows.order_by(F("ended_at").asc(nulls_last=True), "pk")
    return {(pair.mentor_id, pair.mentee_id): pair for pair in ordered}


def find_open_pair(mentor: int, mentee: int) -> Mentorship | None:
    rows = Mentorship.objects.filter(mentor=mentor, mentee=mentee, ended_at=None)
    return rows.with_people().first()


def _find_refs(readings: Collection[Reading], people: dict[str, User]) -> dict[Ref, UUID]:
    own = {
        fingerprint(people[each.said.mentor], people[each.said.mentee], each.slot.starts_at)
        for each in readings
        if each.said.mentor in people and each.said.mentee in people
    }
    given = {each.said.id for each in readings if each.said.id}
    rows = ExternalRef.objects.filter(
        source__in=(Source.ID, Source.ROW), uid__in=own | given, recurrence_id=""
    )
    found = rows.values_list("source", "uid", "session_id")
    return {(source, uid): session_id for source, uid, session_id in found}


def _find_sessions(
    programs: Collection[int], starts: Collection[datetime]
) -> dict[tuple[int, datetime], UUID]:
    """Sessions that stand here already at the very start of a row, however they came."""
    rows = Session.objects.filter(program__in=programs, starts_at__in=starts)
    rows = rows.exclude(status=Status.DECLINED).order_by("-created_at", "-id")
    found = rows.values_list("program_id", "starts_at", "id")
    return {(program, start): key for program, start, key in found}
