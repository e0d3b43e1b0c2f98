"""Writing the ledger, and working it off."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from tutelage.core.clock import now
from tutelage.core.transactions import one_transaction
from tutelage.domain.journal.models import Entry
from tutelage.domain.notifications.lifecycle import RETRY_AFTER, NoticeKind, NoticeState
from tutelage.domain.notifications.models import Notice
from tutelage.domain.notifications.queries import (
    due_notices,
    find_session,
    list_unasked,
    list_unreminded,
)
from tutelage.domain.people.models import User
from tutelage.domain.scheduling.lifecycle import OfferState
from tutelage.domain.scheduling.models import TimeOffer
from tutelage.domain.scheduling.queries import AGREED_OR_ASKED
from tutelage.domain.sessions.lifecycle import AGREED
from tutelage.domain.sessions.models import Participant, Session
from tutelage.domain.sessions.queries import has_answered

KIND_OF: Final[Mapping[str, NoticeKind]] = {
    "session.requested": NoticeKind.ASKED,
    "session.countered": NoticeKind.ASKED,
    "session.move_offered": NoticeKind.ASKED,
    "session.scheduled": NoticeKind.ACCEPTED,
    "session.reinstated": NoticeKind.ACCEPTED,
    "session.declined": NoticeKind.DECLINED,
    "session.expired": NoticeKind.DECLINED,
    "session.move_declined": NoticeKind.DECLINED,
    "session.move_expired": NoticeKind.DECLINED,
    "session.rescheduled": NoticeKind.MOVED,
    "session.rezoned": NoticeKind.REZONED,
    "session.cancelled": NoticeKind.CANCELLED,
    "session.withdrawn": NoticeKind.CANCELLED,
    "session.no_show": NoticeKind.SETTLED,
    "session.corrected": NoticeKind.SETTLED,
}
_BATCH = 200


def tell_of(entry: Entry) -> int:
    """Enter into the ledger whom a journal entry concerns; again changes nothing."""
    kind = KIND_OF.get(entry.type)
    session = find_session(entry.subject_id)
    if kind is None or session is None:
        return 0
    start = entry.payload.get("starts_at") or session.starts_at
    if kind == NoticeKind.CANCELLED and entry.at >= session.ends_at:
        kind = NoticeKind.SETTLED  # both say that it was called off: nobody is to stay away
    people = Participant.objects.filter(session=session, user__is_active=True)
    told = people.exclude(user=entry.actor_id) if entry.actor_id else people
    made = Notice.objects.bulk_create(
        (
            Notice(
                person_id=person_id,
                kind=kind,
                session=session,
                slot_start=start,
                entry_id=entry.pk,
            )
            for person_id in told.values_list("user_id", flat=True)
        ),
        ignore_conflicts=True,
    )
    return len(made)


def plan_reminders() -> int:
    """Enter the reminders of all sessions that begin within the hour and lack them."""
    made = Notice.objects.bulk_create(
        (
            Notice(
                person_id=each.user_id,
                kind=NoticeKind.REMINDER,
                session=each.session,
                slot_start=each.session.starts_at,
            )
            for each in list_unreminded()
        ),
        ignore_conflicts=True,
        batch_size=500,
    )
    return len(made)


def plan_missed_questions() -> int:
    """Ask those who were in a session that is over what became of it. A sweep of the worker."""
    made = Notice.objects.bulk_create(
        (
            Notice(
                person_id=each.user_id,
                kind=NoticeKind.MISSED,
                session=each.session,
                slot_start=each.session.starts_at,
            )
            for each in list_unasked()
        ),
        ignore_conflicts=True,
        batch_size=500,
    )
    return len(made)


@one_transaction
def claim_due() -> list[int]:
    """Take the notices that are due, so that nobody else takes them; the caller defers jobs."""
    rows = Notice.objects.select_for_update(skip_locked=True).filter(due_notices())
    ids = list(rows.order_by("due_at").values_list("pk", flat=True)[:_BATCH])
    Notice.objects.filter(pk__in=ids).update(state=NoticeState.CLAIMED, claimed_at=now())
    return ids


@one_transaction
def check_again(notice_id: int) -> tuple[Notice, User | None] | None:
    """A claimed notice just before it goes out, or None: told already, or no longer true."""
    rows = Notice.objects.select_for_update(of=("self",)).select_related("person", "session")
    notice = rows.filter(pk=notice_id, state=NoticeState.CLAIMED).first()
    if notice is None:
        return None
    if not _still_true(notice):
        _settle(notice, NoticeState.DROPPED)
        return None
    if notice.attempts > len(RETRY_AFTER):  # each try ended without a word: do not go on for ever
        _settle(notice, NoticeState.FAILED)
        return None
    notice.claimed_at = now()
    notice.attempts += 1
    notice.save(update_fields=["claimed_at", "attempts"])
    actor_id = Entry.objects.filter(pk=notice.entry_id).values_list("actor_id", flat=True).first()
    return notice, User.objects.filter(pk=actor_id).first() if actor_id else None


def _still_true(notice: Notice) -> bool:
    """Nobody is sent to a session that was cancelled or moved meanwhile."""
    session, at = notice.session, now()
    if not notice.person.is_active:
        return False
    if notice.kind in {NoticeKind.ACCEPTED, NoticeKind.MOVED, NoticeKind.REMINDER}:
        stands = session.status in AGREED
        return stands and session.starts_at == notice.slot_start and session.ends_at > at
    if notice.kind == NoticeKind.REZONED:
        return session.ends_at > at and _stands_or_is_offered(session, notice.slot_start)
    if notice.kind == NoticeKind.MISSED:
        return session.is_unresolved(at) and not has_answered(session, notice.person)
    if notice.kind == NoticeKind.ASKED:
        waiting = TimeOffer.objects.filter(
            session=session, state=OfferState.OPEN, expires_at__gt=at
        )
        return waiting.filter(starts_at=notice.slot_start, expires_at__gt=at).exists()
    return True


def _stands_or_is_offered(session: Session, start: datetime) -> bool:
    if session.status in AGREED_OR_ASKED and session.starts_at == start:
        return True
    offered = TimeOffer.objects.filter(session=session, state=OfferState.OPEN, starts_at=start)
    return offered.exists()


@one_transaction
def mark_sent(notice_id: int) -> None:
    notice = Notice.objects.select_for_update().get(pk=notice_id)
    notice.sent_at, notice.trouble = now(), ""
    _settle(notice, NoticeState.SENT)


@one_transaction
def mark_failed(notice_id: int, trouble: str, *, for_good: bool) -> None:
    """Try again after 1, 5, 15 and 60 minutes; a refusal for good is not asked again."""
    notice = Notice.objects.select_for_update().get(pk=notice_id)
    notice.trouble = trouble[:200]
    if for_good or notice.attempts > len(RETRY_AFTER):
        _settle(notice, NoticeState.FAILED)
        return
    notice.due_at = now() + RETRY_AFTER[notice.attempts - 1]
    _settle(notice, NoticeState.DUE)


def _settle(notice: Notice, state: NoticeState) -> None:
    notice.state = state
    notice.save(update_fields=["state", "sent_at", "due_at", "trouble"])
