"""What is to become of a row, given what is here. The same for the forecast and the import."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from json import dumps
from typing import Final
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.errors import FieldError
from tutelage.domain.imports.inputs.mapping import ImportMapping
from tutelage.domain.imports.inputs.rows import Reading, RowReader
from tutelage.domain.imports.lifecycle import Column, Fate, Source
from tutelage.domain.imports.models import ImportRow
from tutelage.domain.imports.queries import (
    Known,
    Ref,
    find_known,
    fingerprint,
)
from tutelage.domain.people.models import User
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.policies import can_plan_sessions
from tutelage.domain.sessions.lifecycle import Status

# The ORM's way, a CASE for each column, takes ten times as long.
_KEEP_FATES: Final = """
    UPDATE import_row SET fate = kept.fate, errors = kept.errors::jsonb, session_id = kept.session
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::uuid[]) AS kept(id, fate, errors, session)
    WHERE import_row.id = kept.id
"""


@dataclass(slots=True)
class Candidate:
    """A row that makes sense, with those of ours whom it speaks of."""

    reading: Reading
    mentor: User
    mentee: User
    pair: Mentorship | None
    refs: list[Ref]

    @property
    def is_planned(self) -> bool:
        return self.reading.status == Status.SCHEDULED


@dataclass(slots=True)
class Verdict:
    """A row with its fate. WAITING means that it can be imported."""

    row: ImportRow
    fate: Fate = Fate.WAITING
    errors: list[FieldError] = field(default_factory=list)
    session_id: UUID | None = None
    candidate: Candidate | None = None
    repeats: bool = False  # the same session stands in an earlier row that is being imported

    def refuse(self, errors: Collection[FieldError]) -> None:
        self.fate, self.errors, self.session_id = Fate.REFUSED, list(errors), None


class Claims:
    """Sessions that earlier rows of the same run are about to become."""

    def __init__(self) -> None:
        self._rows: dict[Ref, Ref] = {}

    def claim(self, refs: Sequence[Ref]) -> tuple[bool, bool]:
        """Whether an earlier row is this one again, and whether it has our id for another."""
        own = refs[0]
        others = [self._rows[ref] for ref in refs if ref in self._rows]
        if not others:
            self._rows.update(dict.fromkeys(refs, own))
        return own in others, any(other != own for other in others)


def judge_rows(
    actor: User, mapping: ImportMapping, rows: Sequence[ImportRow], claims: Claims
) -> list[Verdict]:
    """Read rows and compare them with what is here, in four queries."""
    reader = RowReader(mapping, now())
    verdicts, readings = [Verdict(row) for row in rows], []
    for verdict in verdicts:
        reading, errors = reader.read(verdict.row.cells)
        if reading is None:
            verdict.refuse(errors)
        else:
            readings.append((verdict, reading))
    known = find_known([reading for _verdict, reading in readings])
    for verdict, reading in readings:
        verdict.candidate = _find_candidate(verdict, reading, known)
        if verdict.candidate and not _is_here(verdict, verdict.candidate, known):
            _judge_new(actor, mapping, verdict, verdict.candidate)
            _look_before(verdict, verdict.candidate, claims)
    return verdicts


def keep_fates(verdicts: Sequence[Verdict]) -> None:
    """Write down what became of rows, in one statement."""
    rows = [
        (each.row.pk, each.fate.value, dumps(each.errors), each.session_id) for each in verdicts
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_KEEP_FATES, [list(column) for column in zip(*rows, strict=True)])


def _find_candidate(verdict: Verdict, reading: Reading, known: Known) -> Candidate | None:
    said = reading.said
    unknown = [
        FieldError(
            column,
            _("Nobody here has the e-mail %(email)s. Add the person first, or correct it.")
            % {"email": email},
        )
        for column, email in ((Column.MENTOR, said.mentor), (Column.MENTEE, said.mentee))
        if email not in known.people
    ]
    if said.mentor == said.mentee:
        unknown = [FieldError(Column.MENTEE, _("Mentor and mentee are the same person."))]
    if unknown:
        verdict.refuse(unknown)
        return None
    mentor, mentee = known.people[said.mentor], known.people[said.mentee]
    refs: list[Ref] = [(Source.ROW, fingerprint(mentor, mentee, reading.slot.starts_at))]
    if said.id:
        refs.append((Source.ID, said.id))
    return Candidate(reading, mentor, mentee, known.pairs.get((mentor.pk, mentee.pk)), refs)


def _is_here(verdict: Verdict, candidate: Candidate, known: Known) -> bool:
    """Whether a session is known by this row, by its id, or stands at the very same start."""
    own, *given = candidate.refs
    by_row = known.refs.get(own)
    if by_row is None and candidate.pair is not None:
        start = candidate.reading.slot.starts_at
        by_row = known.sessions.get((candidate.pair.program_id, start))
    by_id = known.refs.get(given[0]) if given else None
    if by_id is not None and by_id != by_row:
        verdict.refuse([_other_row()])
        return True
    if by_row is None:
        return False
    verdict.fate, verdict.session_id = Fate.UNCHANGED, by_row
    candidate.refs = [ref for ref in candidate.refs if ref not in known.refs]
    return True


def _judge_new(actor: User, mapping: ImportMapping, verdict: Verdict, candidate: Candidate) -> None:
    """History of a pair that ended is welcome; plans are for active ones."""
    detail = ""
    if candidate.pair is None and not mapping.make_pairs:
        detail = _("These two are no pair here. Make the pair, or let the import make it.")
    elif candidate.pair is not None and candidate.is_planned:
        detail = can_plan_sessions(actor, candidate.pair).reason
    if detail:
        verdict.refuse([FieldError(Column.MENTEE, detail)])


def _look_before(verdict: Verdict, candidate: Candidate, claims: Claims) -> None:
    if verdict.fate == Fate.WAITING:
        again, is_other = claims.claim(candidate.refs)
        verdict.repeats = again or is_other
        verdict.errors = [_other_row()] if is_other else []


def _other_row() -> FieldError:
    return FieldError(
        Column.ID,
        _(
            "This id belongs to a session with other people or another start. If this is another "
            "spreadsheet, import it without its id column; if the session moved, change it here."
        ),
    )
