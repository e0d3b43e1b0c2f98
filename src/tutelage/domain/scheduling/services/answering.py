"""Answering an offered time, taking it back, and letting it run out."""

from uuid import UUID

from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.errors import Conflict
from tutelage.core.events import publish
from tutelage.core.transactions import one_transaction
from tutelage.domain.people.models import User
from tutelage.domain.scheduling import policies
from tutelage.domain.scheduling.events import MoveDeclined, MoveExpired, MoveWithdrawn, OfferEvent
from tutelage.domain.scheduling.lifecycle import OfferState
from tutelage.domain.scheduling.models import TimeOffer
from tutelage.domain.scheduling.queries import list_expired_offers
from tutelage.domain.scheduling.services.offering import (
    Planned,
    close_offer,
    settle,
    take_open_offer,
)
from tutelage.domain.scheduling.services.reserving import lock_calendars, sides_of
from tutelage.domain.sessions.events import (
    SessionDeclined,
    SessionExpired,
    SessionOver,
    SessionRescheduled,
    SessionScheduled,
    SessionWithdrawn,
)
from tutelage.domain.sessions.lifecycle import Action, Status, next_status
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.queries import people_of
from tutelage.domain.sessions.services.ending import Ending, end_session
from tutelage.domain.sessions.services.rows import take_session


class OfferExpired(Conflict):
    code = "offer_expired"


@one_transaction
def accept_time(*, actor: User, session_id: UUID, seen_version: int | None = None) -> Planned:
    """Agree to the time that the other side offered: the session stands, or moves."""
    session, role = take_session(actor, session_id, seen_version=seen_version)
    offer = take_open_offer(session)
    policies.can_answer(actor, role, offer).require()
    if offer.expires_at <= now():
        raise OfferExpired(_("This offer has run out. Propose a time anew."))
    sides = sides_of(session)
    lock_calendars(sides)
    before, starts_before = session.status, session.starts_at
    is_new = before == Status.REQUESTED
    session.status = next_status(before, Action.ACCEPT if is_new else Action.RESCHEDULE)
    close_offer(offer, OfferState.ACCEPTED)
    settle(session, sides, offer.slot)
    publish(
        SessionScheduled(subject_id=session.pk, actor_id=actor.pk, starts_at=session.starts_at)
        if is_new
        else SessionRescheduled(
            subject_id=session.pk,
            actor_id=actor.pk,
            from_starts_at=starts_before,
            starts_at=session.starts_at,
        )
    )
    return Planned(session, people_of(session) if is_new else ())


@one_transaction
def decline_time(
    *, actor: User, session_id: UUID, reason: str, seen_version: int | None = None
) -> Session:
    """Say no to an offered time. A session that stands already keeps the time it has."""
    session, role = take_session(actor, session_id, seen_version=seen_version)
    offer = take_open_offer(session)
    policies.can_answer(actor, role, offer).require()
    close_offer(offer, OfferState.DECLINED)
    ending = Ending(actor, role, reason)
    _end_or_keep(session, offer, ending, Action.DECLINE, (SessionDeclined, MoveDeclined))
    return session


@one_transaction
def withdraw_time(
    *, actor: User, session_id: UUID, reason: str, seen_version: int | None = None
) -> Session:
    """Take back the time one offered oneself."""
    session, role = take_session(actor, session_id, seen_version=seen_version)
    offer = take_open_offer(session)
    policies.can_withdraw(actor, offer).require()
    close_offer(offer, OfferState.WITHDRAWN)
    ending = Ending(actor, role, reason)
    _end_or_keep(session, offer, ending, Action.WITHDRAW, (SessionWithdrawn, MoveWithdrawn))
    return session


def expire_offers() -> int:
    """Let the offers run out that nobody answered in time; say how many. Run by the worker."""
    return sum(map(_expire, list_expired_offers()))


@one_transaction
def _expire(offer_id: int) -> bool:
    """Look again under the session's lock: an answer may have come in the meantime."""
    rows = TimeOffer.objects.select_related("session")
    rows = rows.select_for_update(of=("self", "session"), skip_locked=True)
    offer = rows.filter(pk=offer_id, state=OfferState.OPEN).first()
    if offer is None:
        return False
    session = offer.session
    close_offer(offer, OfferState.EXPIRED)
    _end_or_keep(session, offer, Ending(None, None), Action.EXPIRE, (SessionExpired, MoveExpired))
    return True


def _end_or_keep(
    session: Session,
    offer: TimeOffer,
    ending: Ending,
    action: Action,
    events: tuple[type[SessionOver], type[OfferEvent]],
) -> None:
    """Without an agreed time a session ends; one that stands is only not moved."""
    over, unmoved = events
    actor_id = ending.by.pk if ending.by else None
    if session.status == Status.REQUESTED:
        before = end_session(session, action, ending)
        publish(over(subject_id=session.pk, actor_id=actor_id, from_status=before))
        return
    publish(
        unmoved(
            subject_id=session.pk,
            actor_id=actor_id,
            offer_id=offer.uid,
            starts_at=offer.starts_at,
        )
    )
