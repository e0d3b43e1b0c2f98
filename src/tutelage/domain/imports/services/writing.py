"""Rows become sessions: those of the past all at once, those to come one by one."""

from collections.abc import Iterable, Sequence
from itertools import chain

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from tutelage.core.errors import DomainError, FieldError
from tutelage.core.events import publish
from tutelage.domain.feedback.models import Rating
from tutelage.domain.imports.events import SessionImported
from tutelage.domain.imports.lifecycle import Column, Fate
from tutelage.domain.imports.models import ImportBatch
from tutelage.domain.imports.queries import Pair, find_open_pair
from tutelage.domain.imports.services import drafting
from tutelage.domain.imports.services.judging import Candidate, Verdict
from tutelage.domain.people.models import User
from tutelage.domain.programs.inputs import MakeMentorship
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.services import make_mentorship
from tutelage.domain.scheduling.services.offering import schedule_session
from tutelage.domain.scheduling.services.reserving import lock_calendars
from tutelage.domain.sessions.lifecycle import Status
from tutelage.domain.sessions.models import (
    ExternalRef,
    NextStep,
    Participant,
    Session,
    SessionEnding,
    SessionLog,
)
from tutelage.domain.sessions.services.searching import index_sessions

_COLUMNS = {
    "local_start": Column.DATE,
    "mentor_email": Column.MENTOR,
    "mentee_email": Column.MENTEE,
}
_REFUSALS = (DataError, IntegrityError, DomainError)
Possible = tuple[Verdict, Candidate]


def write_rows(batch: ImportBatch, verdicts: Sequence[Verdict]) -> None:
    """Make what can be made of these rows. One that fails is refused, and it alone."""
    _adopt(verdicts)
    possible: list[Possible] = [
        (each, each.candidate)
        for each in verdicts
        if each.candidate and each.fate == Fate.WAITING and not each.repeats
    ]
    planned = [each for each in possible if each[1].is_planned]
    # All at once and in one order, before any row is written: two imports, or an import and
    # somebody who books, would otherwise wait for each other.
    if planned:
        lock_calendars({side.pk for _v, row in planned for side in (row.mentor, row.mentee)})
    _write_past(batch, [each for each in possible if not each[1].is_planned])
    for each in planned:
        _write_planned(batch, each)


def _adopt(verdicts: Iterable[Verdict]) -> None:
    """Remember sessions that are here already under what the file calls them."""
    refs = (
        ExternalRef(source=source, uid=uid, session_id=each.session_id)
        for each in verdicts
        if each.candidate and each.session_id
        for source, uid in each.candidate.refs
    )
    ExternalRef.objects.bulk_create(refs, ignore_conflicts=True)


def _write_past(batch: ImportBatch, rows: Sequence[Possible]) -> None:
    """All in a few statements; if the database refuses, by halves until it is one row."""
    if not rows:
        return
    try:
        with transaction.atomic():
            _insert_past(batch, rows)
    except _REFUSALS as error:
        if len(rows) == 1:
            rows[0][0].refuse(_faults(error))
            return
        middle = len(rows) // 2
        _write_past(batch, rows[:middle])
        _write_past(batch, rows[middle:])


def _insert_past(batch: ImportBatch, rows: Sequence[Possible]) -> None:
    made: dict[Pair, Mentorship] = {}
    drafts = [
        (row, drafting.draft_session(row, _pair_of(batch.by, row, made))) for _verdict, row in rows
    ]
    Session.objects.bulk_create([session for _row, session in drafts])
    _insert_parts(batch.by, drafts)
    index_sessions([session.pk for _row, session in drafts])
    for (verdict, _row), (_same, session) in zip(rows, drafts, strict=True):
        publish(
            SessionImported(
                subject_id=session.pk,
                actor_id=batch.by_id,
                import_id=batch.uid,
                status=Status(session.status),
                starts_at=session.starts_at,
            )
        )
        verdict.fate, verdict.session_id = Fate.CREATED, session.pk


def _insert_parts(actor: User, drafts: Sequence[tuple[Candidate, Session]]) -> None:
    """All that hangs on the sessions, a statement a table."""
    flat = chain.from_iterable
    Participant.objects.bulk_create(
        flat(drafting.draft_participants(row, session) for row, session in drafts)
    )
    SessionLog.objects.bulk_create(
        flat(drafting.draft_log(actor, row.reading.said, session) for row, session in drafts)
    )
    NextStep.objects.bulk_create(
        flat(drafting.draft_steps(row.reading.said, session) for row, session in drafts)
    )
    SessionEnding.objects.bulk_create(
        flat(drafting.draft_ending(actor, row, session) for row, session in drafts)
    )
    Rating.objects.bulk_create(
        flat(drafting.draft_ratings(row, session) for row, session in drafts)
    )
    ExternalRef.objects.bulk_create(
        flat(drafting.draft_refs(row, session) for row, session in drafts)
    )


def _write_planned(batch: ImportBatch, possible: Possible) -> None:
    """What lies ahead takes its time by the reservations that everybody else's takes."""
    verdict, row = possible
    try:
        with transaction.atomic():
            session = schedule_session(
                actor=batch.by,
                mentorship=_pair_of(batch.by, row, {}),
                slot=row.reading.slot,
                title=row.reading.said.title,
            )
            ExternalRef.objects.bulk_create(drafting.draft_refs(row, session))
    except _REFUSALS as error:
        verdict.refuse(_faults(error))
    else:
        verdict.fate, verdict.session_id = Fate.CREATED, session.pk


def _pair_of(actor: User, row: Candidate, made: dict[Pair, Mentorship]) -> Mentorship:
    """The pair of a row, made now if there is none: whoever mapped the file asked for it."""
    if row.pair is not None:
        return row.pair
    key = (row.mentor.pk, row.mentee.pk)
    if key not in made:
        given = MakeMentorship(mentor_email=row.mentor.email, mentee_email=row.mentee.email)
        made[key] = find_open_pair(*key) or make_mentorship(actor=actor, given=given)
    return made[key]


def _faults(error: Exception) -> list[FieldError]:
    if not isinstance(error, DomainError):
        return [FieldError("", _("The database did not take this row."))]
    named = [FieldError(_COLUMNS.get(field, field), detail) for field, detail in error.errors]
    return named or [FieldError("", error.message)]
