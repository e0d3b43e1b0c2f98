"""Offering a time: for a new session, in answer to another offer, or to move a session."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.compiled import Reading
from tutelage.core.errors import Conflict, invalid_field
from tutelage.core.events import publish
from tutelage.core.inserting import insert
from tutelage.core.times import Slot
from tutelage.core.transactions import one_transaction
from tutelage.core.updating import update
from tutelage.domain.people.models import User
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.policies import can_plan_sessions
from tutelage.domain.programs.queries import get_mentorship
from tutelage.domain.scheduling import policies
from tutelage.domain.scheduling.events import MoveOffered, SessionCountered
from tutelage.domain.scheduling.inputs import AskForTime, CounterTime, RescheduleSession
from tutelage.domain.scheduling.lifecycle import FARTHEST, HELD_FOR, OfferState
from tutelage.domain.scheduling.models import TimeOffer
from tutelage.domain.scheduling.services.reserving import free, hold, lock_calendars, sides_of
from tutelage.domain.sessions import policies as session_policies
from tutelage.domain.sessions.events import (
    SessionRequested,
    SessionRescheduled,
    SessionScheduled,
)
from tutelage.domain.sessions.lifecycle import Action, Status, next_status
from tutelage.domain.sessions.models import Participant, Session
from tutelage.domain.sessions.services.planning import create_for_pair, draft_for_pair, move_to
from tutelage.domain.sessions.services.rows import keep_session, take_session


class NoOpenOffer(Conflict):
    code = "no_open_offer"


class OfferPending(Conflict):
    code = "offer_pending"


class Planned(NamedTuple):
    """A session that somebody planned; without an offer it stands.

    With its people it is new: there can be neither log nor rating of it.
    """

    session: Session
    people: Sequence[Participant] = ()
    offer: TimeOffer | None = None


def ask_for_time(*, actor: User, given: AskForTime) -> Session:
    """Propose a time, for who needs no more than the session."""
    return propose_time(actor=actor, given=given).session


@one_transaction
def propose_time(*, actor: User, given: AskForTime) -> Planned:
    """Propose a time for a session of a pair, and hold it for both until the other side answers.

    An administrator who is neither side sets the time: it stands at once.
    """
    mentorship = get_mentorship(actor=actor, mentorship_id=given.mentorship)
    lock_calendars(mentorship.sides)
    if actor.pk in mentorship.sides:
        return request_time(actor, mentorship, given)
    return Planned(_schedule(actor, mentorship, given.slot, given.title))


def request_time(actor: User, mentorship: Mentorship, given: AskForTime) -> Planned:
    """The same for one of the two sides, whose calendars are locked."""
    can_plan_sessions(actor, mentorship).require()
    slot = given.slot
    _require_sensible(slot)
    session, people = draft_for_pair(mentorship, slot, Status.REQUESTED, title=given.title)
    offer = _draft_offer(actor, session, slot, given.note)
    insert(session, *people, offer)
    hold(session, mentorship.sides, slot, offer=offer)
    publish(SessionRequested(subject_id=session.pk, actor_id=actor.pk, starts_at=session.starts_at))
    return Planned(session, people, offer)


@one_transaction
def schedule_session(
    *, actor: User, mentorship: Mentorship, slot: Slot, title: str = ""
) -> Session:
    """Set a time of a pair. It stands at once, which is an administrator's to say."""
    lock_calendars(mentorship.sides)
    return _schedule(actor, mentorship, slot, title)


def _schedule(actor: User, mentorship: Mentorship, slot: Slot, title: str) -> Session:
    policies.can_set_time(actor).require()
    can_plan_sessions(actor, mentorship).require()
    _require_sensible(slot)
    session = create_for_pair(mentorship, slot, Status.SCHEDULED, title=title)
    hold(session, mentorship.sides, slot)
    publish(_scheduled(actor, session))
    return session


@one_transaction
def counter_time(
    *, actor: User, session_id: UUID, given: CounterTime, seen_version: int | None = None
) -> Session:
    """Answer an offered time with another one; the time held before is free again."""
    session, role = take_session(actor, session_id, seen_version=seen_version)
    answered = take_open_offer(session)
    policies.can_answer(actor, role, answered).require()
    _require_sensible(given.slot)
    people = sides_of(session)
    lock_calendars(people)
    close_offer(answered, OfferState.COUNTERED)
    offer = _offer(actor, session, given.slot, given.note)
    if session.status == Status.REQUESTED:
        session.status = next_status(session.status, Action.COUNTER)
        move_to(session, given.slot)
        event: type[SessionCountered | MoveOffered] = SessionCountered
    else:
        next_status(session.status, Action.RESCHEDULE)
        event = MoveOffered
    hold(session, people, given.slot, offer=offer)
    keep_session(session)
    publish(
        event(
            subject_id=session.pk,
            actor_id=actor.pk,
            offer_id=offer.uid,
            starts_at=offer.starts_at,
        )
    )
    return session


@one_transaction
def reschedule_session(
    *, actor: User, session_id: UUID, given: RescheduleSession, seen_version: int | None = None
) -> Session:
    """Offer to move a session that stands; it keeps its time until the other side accepts.

    An administrator who is neither side moves it at once.
    """
    session, role = take_session(actor, session_id, seen_version=seen_version)
    session_policies.can_move(actor, role).require()
    next_status(session.status, Action.RESCHEDULE)
    _require_sensible(given.slot)
    people = sides_of(session)
    lock_calendars(people)
    _replace_own_offer(actor, session)
    if role is None:
        before = session.starts_at
        settle(session, people, given.slot)
        publish(_rescheduled(actor, session, before))
        return session
    offer = _offer(actor, session, given.slot, given.note)
    hold(session, people, given.slot, offer=offer)
    keep_session(session)
    publish(
        MoveOffered(
            subject_id=session.pk,
            actor_id=actor.pk,
            offer_id=offer.uid,
            starts_at=offer.starts_at,
        )
    )
    return session


def settle(session: Session, people: list[int], slot: Slot) -> None:
    """Put a session to the time agreed upon, in the place of all that it held, and for good."""
    free(session)
    hold(session, people, slot)
    move_to(session, slot)
    keep_session(session)


def take_open_offer(session: Session) -> TimeOffer:
    """Lock the offer that waits for an answer."""
    offer = next(iter(_locked_offer(session_id=session.pk)), None)
    if offer is None:
        raise NoOpenOffer(_("No time waits for an answer here. Look at the session again."))
    offer.session = session
    return offer


@Reading
def _locked_offer(session_id: UUID) -> QuerySet[TimeOffer]:
    return TimeOffer.objects.select_for_update().filter(session=session_id, state=OfferState.OPEN)


def close_offer(offer: TimeOffer, state: OfferState) -> None:
    """Settle an offer; what it held is free, or `settle` puts the time agreed upon in its place."""
    offer.state, offer.answered_at = state, now()
    update(offer, "state", "answered_at")
    if state != OfferState.ACCEPTED:
        offer.reservations.all().delete()


def _replace_own_offer(actor: User, session: Session) -> None:
    open_offer = TimeOffer.objects.select_for_update().filter(
        session=session, state=OfferState.OPEN
    )
    for offer in open_offer:
        if offer.by_id != actor.pk and not actor.is_admin:
            raise OfferPending(_("The other side has offered a time. Answer that one first."))
        close_offer(offer, OfferState.WITHDRAWN)


def _offer(actor: User, session: Session, slot: Slot, note: str) -> TimeOffer:
    offer = _draft_offer(actor, session, slot, note)
    insert(offer)
    return offer


def _draft_offer(actor: User, session: Session, slot: Slot, note: str) -> TimeOffer:
    return TimeOffer(
        session=session,
        by=actor,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        local_start=slot.local_start,
        zone=slot.zone,
        note=note,
        expires_at=min(now() + HELD_FOR, slot.starts_at),
    )


def _require_sensible(slot: Slot) -> None:
    if slot.starts_at <= now():
        raise invalid_field("local_start", _("This time is past. Choose a later one."))
    if slot.starts_at > now() + FARTHEST:
        raise invalid_field("local_start", _("This is more than a year ahead."))


def _scheduled(actor: User, session: Session) -> SessionScheduled:
    return SessionScheduled(subject_id=session.pk, actor_id=actor.pk, starts_at=session.starts_at)


def _rescheduled(actor: User, session: Session, before: datetime) -> SessionRescheduled:
    return SessionRescheduled(
        subject_id=session.pk,
        actor_id=actor.pk,
        from_starts_at=before,
        starts_at=session.starts_at,
    )
