"""The rows of ours that one row of a spreadsheet becomes."""

from collections.abc import Iterable

from tutelage.domain.feedback.models import SEALED_FOR, Rating
from tutelage.domain.imports.inputs.rows import Said
from tutelage.domain.imports.inputs.words import Meaning
from tutelage.domain.imports.services.judging import Candidate
from tutelage.domain.people.models import User
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.lifecycle import Kind, ParticipantRole, Party, Status
from tutelage.domain.sessions.models import (
    ExternalRef,
    NextStep,
    Participant,
    Session,
    SessionEnding,
    SessionLog,
)
from tutelage.domain.sessions.services.planning import move_to

_PARTIES = {
    Meaning.NO_SHOW_MENTOR: Party.HOST,
    Meaning.NO_SHOW_MENTEE: Party.PARTICIPANT,
}


def draft_session(candidate: Candidate, pair: Mentorship) -> Session:
    session = Session(
        kind=Kind.MENTORSHIP,
        status=candidate.reading.status,
        program=pair.program,
        host=pair.mentor,
        title=candidate.reading.said.title,
    )
    move_to(session, candidate.reading.slot)
    if session.status == Status.COMPLETED:
        session.started_at, session.ended_at = session.starts_at, session.ends_at
    return session


def draft_participants(candidate: Candidate, session: Session) -> Iterable[Participant]:
    yield Participant(session=session, user=candidate.mentor, role=ParticipantRole.HOST)
    yield Participant(session=session, user=candidate.mentee, role=ParticipantRole.GUEST)


def draft_log(actor: User, said: Said, session: Session) -> Iterable[SessionLog]:
    """A session that was held, and of which nothing is written, has no log."""
    outcomes = said.outcomes if session.status == Status.COMPLETED else ""
    if outcomes or said.objectives:
        yield SessionLog(
            session=session,
            objectives=said.objectives,
            outcomes=outcomes,
            logged_late=True,
            logged_by=actor,
        )


def draft_steps(said: Said, session: Session) -> Iterable[NextStep]:
    for position, step in enumerate(said.next_steps):
        yield NextStep(session=session, program=session.program, text=step.text, position=position)


def draft_ending(actor: User, candidate: Candidate, session: Session) -> Iterable[SessionEnding]:
    """Of a session that was not held, the notes say why."""
    if session.status != Status.COMPLETED:
        said = candidate.reading.said
        yield SessionEnding(
            session=session,
            status=session.status,
            party=_PARTIES.get(candidate.reading.meaning, ""),
            by=actor,
            reason=said.reason or said.outcomes,
            at=session.starts_at,
        )


def draft_ratings(candidate: Candidate, session: Session) -> Iterable[Rating]:
    """As if given when the session ended, so that a seal of long ago is open."""
    said, mentor, mentee = candidate.reading.said, candidate.mentor, candidate.mentee
    both = said.mentor_stars is not None and said.mentee_stars is not None
    sides = ((mentor, mentee, said.mentor_stars), (mentee, mentor, said.mentee_stars))
    for author, subject, stars in sides:
        if stars is not None:
            yield Rating(
                session=session,
                author=author,
                subject=subject,
                stars=stars,
                given_at=session.ends_at,
                unseals_at=session.ends_at + SEALED_FOR,
                opened_at=session.ends_at if both else None,
            )


def draft_refs(candidate: Candidate, session: Session) -> Iterable[ExternalRef]:
    for source, uid in candidate.refs:
        yield ExternalRef(source=source, uid=uid, session=session)
