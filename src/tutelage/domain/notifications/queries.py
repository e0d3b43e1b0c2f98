"""Reading the ledger, and finding by their state the notices that are due."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from tutelage.core.clock import now
from tutelage.core.compiled import Reading
from tutelage.domain.notifications.lifecycle import (
    ABANDONED_AFTER,
    ASK_WITHIN,
    REMIND_BEFORE,
    NoticeKind,
    NoticeState,
)
from tutelage.domain.notifications.models import Notice
from tutelage.domain.sessions.lifecycle import (
    UNRESOLVED,
    UNRESOLVED_AFTER,
    ParticipantRole,
    Status,
)
from tutelage.domain.sessions.models import MissedAnswer, Participant, Session


def list_notices(session_id: UUID) -> list[Notice]:
    """Who was told what of a session that the actor may see, newest first; at most 100."""
    return _notices(session_id=session_id)


@Reading
def _notices(session_id: UUID) -> QuerySet[Notice]:
    return Notice.objects.filter(session=session_id).select_related("person").order_by("-id")[:100]


def find_session(session_id: UUID) -> Session | None:
    """The session that an entry is about, if it is there still: for jobs, which act for nobody."""
    found = _session(session_id=session_id)
    return found[0] if found else None


@Reading
def _session(session_id: UUID) -> QuerySet[Session]:
    return Session.objects.filter(pk=session_id)


def due_notices() -> Q:
    """What is to be sent now, what somebody claimed and never finished included."""
    at = now()
    return Q(state=NoticeState.DUE, due_at__lte=at) | Q(
        state=NoticeState.CLAIMED, claimed_at__lt=at - ABANDONED_AFTER
    )


def list_unreminded(*, limit: int = 1_000) -> list[Participant]:
    """Those whose session begins within the hour and who have no reminder of this start yet."""
    reminder = Notice.objects.filter(
        person=OuterRef("user"),
        session=OuterRef("session"),
        kind=NoticeKind.REMINDER,
        slot_start=OuterRef("session__starts_at"),
    )
    rows = Participant.objects.filter(
        ~Exists(reminder),
        session__status=Status.SCHEDULED,
        session__starts_at__gt=now(),
        session__starts_at__lte=now() + REMIND_BEFORE,
        user__is_active=True,
    )
    return list(rows.select_related("session").order_by("session__starts_at", "id")[:limit])


def list_unasked(*, limit: int = 1_000) -> list[Participant]:
    """Both sides of sessions that nobody logged, who have neither answered nor been asked yet."""
    at = now()
    asked = Notice.objects.filter(
        person=OuterRef("user"),
        session=OuterRef("session"),
        kind=NoticeKind.MISSED,
        slot_start=OuterRef("session__starts_at"),
    )
    answered = MissedAnswer.objects.filter(user=OuterRef("user"), session=OuterRef("session"))
    rows = Participant.objects.filter(
        ~Exists(asked),
        ~Exists(answered),
        role__in=(ParticipantRole.HOST, ParticipantRole.GUEST),
        session__status__in=UNRESOLVED,
        session__ends_at__lt=at - UNRESOLVED_AFTER,
        session__ends_at__gt=at - ASK_WITHIN,
        user__is_active=True,
    )
    return list(rows.select_related("session").order_by("session__ends_at", "id")[:limit])


def count_unsent() -> int:
    """How many notices are overdue by more than a minute or two: the ledger's health."""
    return Notice.objects.filter(due_notices(), due_at__lt=now() - ABANDONED_AFTER).count()
