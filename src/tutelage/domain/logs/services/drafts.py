"""A log that is not written yet is kept as it is typed, until it is saved or discarded.

Nothing is published: a draft is not a fact yet, and its author's alone.
"""

from functools import cache
from uuid import UUID

from django.db.models import Q

from tutelage.core.clock import now
from tutelage.core.compiled import Given, Statement
from tutelage.core.transactions import one_transaction
from tutelage.domain.logs import policies
from tutelage.domain.logs.inputs import DraftForm
from tutelage.domain.logs.models import LogDraft
from tutelage.domain.people.models import User
from tutelage.domain.programs.models import Mentorship, Program
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.services.rows import take_session


@one_transaction
def keep_draft(
    *, actor: User, session_id: UUID, form: DraftForm, seen_version: int | None = None
) -> LogDraft:
    """Keep what was typed into the log of a session.

    With the version that the form was opened with, one that arrives after the log was saved is
    refused: it would come back as a draft of what is written already.
    """
    session, role = take_session(actor, session_id, seen_version=seen_version)
    policies.can_keep_draft(session, role).require()
    draft, _is_new = LogDraft.objects.update_or_create(
        session=session, author=actor, defaults={"form": form.typed(), "kept_at": now()}
    )
    return draft


@one_transaction
def keep_past_draft(*, actor: User, mentorship: Mentorship, form: DraftForm) -> LogDraft:
    """The same for a session of a pair that was never planned here."""
    policies.can_draft_past(actor, mentorship).require()
    draft, _is_new = LogDraft.objects.update_or_create(
        program=mentorship.program,
        author=actor,
        defaults={"form": form.typed(), "kept_at": now()},
    )
    return draft


def forget(actor: User, *, session: Session | None = None, program: Program | None = None) -> None:
    """The actor's draft is not needed any more: it was saved, or is not wanted."""
    of = {"session": session and session.pk, "program": program and program.pk}
    _forgetting().change({"author": actor.pk, **of})


@cache
def _forgetting() -> Statement:
    of = Q(session=Given("session", "uuid")) | Q(program=Given("program", "bigint"))
    return Statement.deleting(LogDraft.objects.filter(of, author=Given("author", "bigint")))


@one_transaction
def discard_draft(*, actor: User, session_id: UUID) -> None:
    session, _role = take_session(actor, session_id)
    forget(actor, session=session)


@one_transaction
def discard_past_draft(*, actor: User, mentorship: Mentorship) -> None:
    forget(actor, program=mentorship.program)
