"""Every way to read what goes with logs. Each starts from what the actor may see."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.compiled import Reading
from tutelage.core.errors import NotFound
from tutelage.core.paging import Page, paginate
from tutelage.domain.logs.inputs import StepFilters
from tutelage.domain.logs.models import LogDraft, PrivateNote, SessionLogRevision
from tutelage.domain.people.models import User
from tutelage.domain.programs.lifecycle import PairStatus
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.sessions.lifecycle import OPEN
from tutelage.domain.sessions.models import NextStep, Session

TICKED_STAYS = timedelta(hours=12)  # where open steps stand, one just ticked can be undone so long


def find_note(actor: User, session_id: UUID) -> PrivateNote | None:
    """The actor's own note about a session."""
    return next(iter(_note(author_id=actor.pk, session_id=session_id)), None)


@Reading
def _note(author_id: int, session_id: UUID) -> QuerySet[PrivateNote]:
    return PrivateNote.objects.of(User(id=author_id)).filter(session=session_id)


def find_draft(
    actor: User, *, session_id: UUID | None = None, mentorship: Mentorship | None = None
) -> LogDraft | None:
    """What the actor typed so far into the log of a session, or of a pair."""
    rows = LogDraft.objects.filter(author=actor)
    if session_id is not None:
        return rows.filter(session=session_id).first()
    return rows.filter(program=mentorship.program_id).first() if mentorship else None


def list_drafts(actor: User) -> list[LogDraft]:
    """Logs the actor began and has not saved, the latest first; at most twenty."""
    return _drafts(author_id=actor.pk)


@Reading
def _drafts(author_id: int) -> QuerySet[LogDraft]:
    rows = (
        LogDraft.objects.defer("form")
        .filter(author=author_id)
        .select_related(
            "session__host",
            "session__program__mentorship__mentor",
            "session__program__mentorship__mentee",
            "program__mentorship__mentor",
            "program__mentorship__mentee",
        )
    )
    return rows.order_by("-kept_at", "-id")[:20]


def list_revisions(session: Session, *, limit: int = 50) -> list[SessionLogRevision]:
    """What the log of a session said before, the newest first; the caller may see the session."""
    return _revisions(session_id=session.pk, limit=limit)


@Reading
def _revisions(session_id: UUID, limit: int) -> QuerySet[SessionLogRevision]:
    rows = SessionLogRevision.objects.filter(session=session_id).select_related("by")
    return rows.order_by("-id")[:limit]


def get_step(*, actor: User, step_id: UUID) -> NextStep:
    step = _steps(actor).filter(uid=step_id).first()
    if step is None:
        raise NotFound(_("There is no such step."))
    return step


def list_steps(*, actor: User, mentorship: Mentorship, filters: StepFilters) -> Page[NextStep]:
    """The next steps of a pair, those of the newest session first, in two queries."""
    rows = _steps(actor).filter(program=mentorship.program_id, session__archived_at=None)
    if filters.done is not None:
        rows = rows.filter(done_at__isnull=not filters.done)
    return paginate(rows.annotate(at=F("session__starts_at")), filters, newest="at")


def list_open_steps(*, actor: User, mentorship: Mentorship, limit: int = 50) -> Sequence[NextStep]:
    """What a pair has yet to do, and what was just ticked; what is due first stands first."""
    return _open_steps(
        actor_id=actor.pk,
        is_admin=actor.is_admin,
        program_id=mentorship.program_id,
        ticked_since=now() - TICKED_STAYS,
        limit=limit,
    )


@Reading
def _open_steps(
    *, actor_id: int, is_admin: bool, program_id: int, ticked_since: datetime, limit: int
) -> QuerySet[NextStep]:
    rows = _steps(User.objects.standing_for(actor_id, is_admin=is_admin))
    return _open(rows.filter(program=program_id), ticked_since)[:limit]


def list_own_steps(actor: User, *, limit: int = 20) -> Sequence[NextStep]:
    """What the actor has yet to do, in all their active pairs."""
    since = now() - TICKED_STAYS
    return _own_steps(actor_id=actor.pk, is_admin=actor.is_admin, ticked_since=since, limit=limit)


@Reading
def _own_steps(
    *, actor_id: int, is_admin: bool, ticked_since: datetime, limit: int
) -> QuerySet[NextStep]:
    pairs = Mentorship.objects.filter(
        Q(mentor=actor_id) | Q(mentee=actor_id), status=PairStatus.ACTIVE
    )
    rows = _steps(User.objects.standing_for(actor_id, is_admin=is_admin))
    rows = rows.filter(Q(owner=actor_id) | Q(owner=None), program__in=pairs.values("program"))
    return _open(rows, ticked_since)[:limit]


def list_brought_over(*, actor: User, session: Session, limit: int = 50) -> Sequence[NextStep]:
    """What the pair's earlier sessions left to do, if this is the one they meet in next."""
    if session.program_id is None or session.status not in OPEN:
        return ()
    is_sooner = Session.objects.filter(
        program=OuterRef("program"), status__in=OPEN, ends_at__gt=now()
    ).filter(starts_at__lt=session.starts_at)
    rows = _steps(actor).filter(program=session.program_id)
    rows = rows.filter(~Exists(is_sooner), session__starts_at__lt=session.starts_at)
    return list(_open(rows, now() - TICKED_STAYS)[:limit])


def _steps(actor: User) -> QuerySet[NextStep]:
    seen = Session.objects.visible_to(actor).filter(pk=OuterRef("session"))
    people = "owner", "done_by", "program"
    return NextStep.objects.filter(Exists(seen)).select_related(*people)


def _open(rows: QuerySet[NextStep], ticked_since: datetime) -> QuerySet[NextStep]:
    still = Q(done_at=None) | Q(done_at__gte=ticked_since)
    return rows.filter(still, session__archived_at=None).order_by(
        F("due_on").asc(nulls_last=True), "session__starts_at", "position", "id"
    )
