"""When a country changes the rules of its clocks, what lies ahead keeps its local time."""

import logging
from datetime import datetime
from uuid import UUID

from django.db import transaction

from tutelage.core.clock import now
from tutelage.core.events import publish
from tutelage.core.times import Slot
from tutelage.core.transactions import one_transaction
from tutelage.domain.scheduling.events import SessionRezoned
from tutelage.domain.scheduling.lifecycle import OfferState
from tutelage.domain.scheduling.models import TimeOffer
from tutelage.domain.scheduling.queries import AGREED_OR_ASKED, list_displaced, list_doubled
from tutelage.domain.scheduling.services.reserving import (
    SlotTaken,
    free,
    hold,
    hold_beside_others,
    lock_calendars,
    sides_of,
)
from tutelage.domain.sessions.lifecycle import Status
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.services.planning import move_to
from tutelage.domain.sessions.services.rows import keep_session

log = logging.getLogger(__name__)


def follow_zone_rules() -> int:
    """Move what lies ahead to where its local time is by today's zone data; say how much.

    One that meets another waits until that one has moved as well. If they meet still, it keeps
    its local time all the same, and both sides are told that it stands beside another one; once
    there is room, it has its time to itself again. A sweep of the worker, which finds something
    when a release has brought other zone data.
    """
    displaced = waiting = list_displaced()
    while waiting:
        left = [each for each in waiting if not _follow(each)]
        if len(left) == len(waiting):
            break
        waiting = left
    for each in waiting:
        _follow(each, beside=True)
    for each in list_doubled():
        _follow(each)
    return len(displaced)


def _follow(session_id: UUID, *, beside: bool = False) -> bool:
    """Move one; False if somebody is taken then, and it is not to stand beside that."""
    try:
        _move(session_id, beside=beside)
    except SlotTaken:
        return False
    return True


@one_transaction
def _move(session_id: UUID, *, beside: bool) -> None:
    """Look again under the session's lock: it may have been moved or called off meanwhile."""
    rows = Session.objects.select_for_update().filter(pk=session_id, status__in=AGREED_OR_ASKED)
    session = rows.first()
    if session is None:
        return
    offers = TimeOffer.objects.select_for_update().filter(session=session, state=OfferState.OPEN)
    offer = offers.first()
    people = sides_of(session)
    lock_calendars(people)
    before = [each.starts_at for each in (session, offer) if each]
    slot = Slot(session.local_start, session.zone, session.ends_at - session.starts_at)
    move_to(session, slot)
    if session.status == Status.SCHEDULED:
        _hold_agreed(session, people, slot, beside=beside)
    if offer:
        offer.session = session
        _move_offer(offer, people, beside=beside)
    after = [each.starts_at for each in (session, offer) if each]
    if before != after:
        keep_session(session)
        _tell(session, before, after)


def _hold_agreed(session: Session, people: list[int], slot: Slot, *, beside: bool) -> None:
    try:
        with transaction.atomic():
            free(session)
            hold(session, people, slot)
    except SlotTaken:
        if not beside:
            raise
        hold_beside_others(session, people, slot)
        log.warning("Session %s stands beside another one by new zone data.", session.pk)


def _move_offer(offer: TimeOffer, people: list[int], *, beside: bool) -> None:
    """One that is taken by now cannot be accepted any more: it runs out."""
    slot = offer.slot
    offer.starts_at, offer.ends_at = slot.starts_at, slot.ends_at
    offer.expires_at = min(offer.expires_at, offer.starts_at)
    try:
        with transaction.atomic():
            offer.reservations.all().delete()
            hold(offer.session, people, slot, offer=offer)
    except SlotTaken:
        if not beside:
            raise
        offer.reservations.all().delete()
        offer.expires_at = now()
    offer.save(update_fields=["starts_at", "ends_at", "expires_at"])


def _tell(session: Session, before: list[datetime], after: list[datetime]) -> None:
    """Of the session if it has moved, or else of the time that is offered for it."""
    was, stands = next(pair for pair in zip(before, after, strict=True) if pair[0] != pair[1])
    publish(
        SessionRezoned(subject_id=session.pk, actor_id=None, from_starts_at=was, starts_at=stands)
    )
