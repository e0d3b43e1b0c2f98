"""Everything that the page of one session shows, for one reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.domain.attendance.queries import read_beside
from tutelage.domain.feedback.policies import can_rate
from tutelage.domain.feedback.queries import list_ratings
from tutelage.domain.journal.queries import list_of_subject
from tutelage.domain.logs.policies import can_change_log, can_keep_note, can_tick
from tutelage.domain.logs.queries import list_brought_over
from tutelage.domain.meetings.policies import can_set_link
from tutelage.domain.meetings.queries import has_meeting_link
from tutelage.domain.notifications.queries import list_notices
from tutelage.domain.people.queries import find_named
from tutelage.domain.programs.lifecycle import PairStatus
from tutelage.domain.scheduling.lifecycle import OfferState
from tutelage.domain.scheduling.policies import can_answer, can_reinstate, can_withdraw
from tutelage.domain.scheduling.queries import list_offers
from tutelage.domain.sessions.lifecycle import AGREED, DOOR_OPENS, Action, Status, allowed_actions
from tutelage.domain.sessions.policies import can_lead, can_log, can_move
from tutelage.domain.sessions.queries import find_role, get_session
from tutelage.web import words
from tutelage.web.missed.telling import Aftermath, read_aftermath
from tutelage.web.sessions.headline import headline_of
from tutelage.web.sessions.story import Happening, tell
from tutelage.web.sides import both_of, other_side, pair_of, second_zone, title_of

if TYPE_CHECKING:
    from tutelage.domain.attendance.queries import Beside, Change, Seen
    from tutelage.domain.feedback.models import Rating
    from tutelage.domain.notifications.models import Notice
    from tutelage.domain.people.models import User
    from tutelage.domain.programs.models import Mentorship
    from tutelage.domain.scheduling.models import TimeOffer
    from tutelage.domain.sessions.models import NextStep, Session, SessionEnding, SessionLog


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody in the session, the host included, and what speaks for their presence."""

    person: "User"
    role: str
    is_reader: bool
    seen: "Seen | None"


@dataclass(frozen=True, slots=True)
class Feedback:
    own: "Rating | None"
    others: "Sequence[Rating]"
    can_rate: bool
    can_change: bool


@dataclass(frozen=True, slots=True)
class May:
    """What the reader can do here now. The services decide; this is for showing buttons."""

    answer: bool
    withdraw: bool
    move: bool
    cancel: bool
    reinstate: bool
    start: bool
    join: bool
    log: bool
    change_log: bool
    keep_note: bool
    tick: bool
    set_link: bool


@dataclass(frozen=True, slots=True)
class Room:
    session: "Session"
    at: datetime
    title: str
    pair: "Mentorship | None"
    pair_title: str
    headline: str
    is_door_open: bool
    has_link: bool
    offer: "TimeOffer | None"
    notes: "Sequence[TimeOffer]"
    waiting_for: str
    other_zone: str
    may: May
    guests: "Sequence[Guest]"
    ended_by: "User | None"
    feedback: Feedback
    log: "SessionLog | None"
    changed: "Change | None"
    brought_over: "Sequence[NextStep]"
    own_note: str
    ending: "SessionEnding | None"
    notices: "Sequence[Notice]"
    story: Sequence[Happening]
    after: Aftermath

    @property
    def is_open(self) -> bool:
        """Whether it still stands, so that one can join it and say where it meets."""
        return self.session.status in AGREED

    @property
    def is_move(self) -> bool:
        """Whether the offer is one to move a session that stands."""
        return self.offer is not None and self.session.status != Status.REQUESTED

    @property
    def door_opens_at(self) -> datetime:
        return self.session.starts_at - DOOR_OPENS

    @property
    def is_before_door(self) -> bool:
        return self.at < self.door_opens_at

    @property
    def is_loggable(self) -> bool:
        """Whether there is a log, or can be one in time."""
        return self.is_open or self.session.status == Status.COMPLETED

    @property
    def pair_is_active(self) -> bool:
        return self.pair is not None and self.pair.status == PairStatus.ACTIVE


def open_room(*, actor: "User", session_id: UUID) -> Room:
    """Read the session and all that hangs on it, in a bounded number of queries."""
    session, at = get_session(actor=actor, session_id=session_id), now()
    beside = read_beside(actor=actor, session_id=session_id)
    role = find_role(session, actor)
    offers, entries = list_offers(session), list_of_subject("session", session.pk)
    offer = next((each for each in offers if each.state == OfferState.OPEN), None)
    known = {each.user_id: each.user for each in session.participants.all()}
    ending, log = getattr(session, "ending", None), getattr(session, "log", None)
    actors = {entry.actor_id for entry in entries if entry.actor_id}
    names = known | find_named((actors | ({ending.by_id} if ending else set())) - {None, *known})
    pair, other = pair_of(session), other_side(session, actor)
    return Room(
        session=session,
        at=at,
        title=title_of(session, actor),
        pair=pair,
        pair_title=other.name if other else both_of(pair) if pair else "",
        headline=headline_of(session, at),
        is_door_open=session.is_door_open(at),
        has_link=session.status in AGREED and has_meeting_link(session),
        offer=offer,
        notes=[each for each in offers if each.note and each is not offer],
        waiting_for=_waiting_for(offer, known),
        other_zone=second_zone(session.starts_at, actor, other or session.host),
        may=_may(actor, session, role, offer),
        guests=_guests(session, actor, beside),
        ended_by=names.get(ending.by_id) if ending and ending.by_id else None,
        feedback=_feedback(actor, session, role, at),
        log=log,
        changed=beside.changed if log else None,
        brought_over=list_brought_over(actor=actor, session=session),
        own_note=beside.note,
        ending=ending,
        notices=list_notices(session.pk),
        story=tell(entries, names, actor),
        after=read_aftermath(session, role, actor, beside),
    )


def _may(actor: "User", session: "Session", role: str | None, offer: "TimeOffer | None") -> May:
    moves = allowed_actions(session.status)
    leads, sides = bool(can_lead(actor, role)), bool(can_move(actor, role))
    pending = offer is not None and offer.by_id != actor.pk and not actor.is_admin
    begins = now() >= session.starts_at - DOOR_OPENS
    return May(
        answer=offer is not None and bool(can_answer(actor, role, offer)),
        withdraw=offer is not None and bool(can_withdraw(actor, offer)),
        move=sides and Action.RESCHEDULE in moves and not pending,
        cancel=Action.CANCEL in moves and (leads or (sides and now() < session.ends_at)),
        reinstate=Action.REINSTATE in moves
        and session.starts_at > now()
        and bool(can_reinstate(actor, getattr(session, "ending", None))),
        start=leads and Action.START in moves and begins,
        join=role is not None,
        log=bool(can_log(session, role))
        and Action.COMPLETE in moves
        and now() >= session.starts_at,
        change_log=bool(can_change_log(session, role)),
        keep_note=bool(can_keep_note(role)),
        tick=bool(can_tick(role)),
        set_link=bool(can_set_link(actor, role)),
    )


def _waiting_for(offer: "TimeOffer | None", people: "Mapping[int, User]") -> str:
    if offer is None:
        return ""
    names = [words.first_name(each.name) for each in people.values() if each.pk != offer.by_id]
    return ", ".join(names)


def _guests(session: "Session", reader: "User", beside: "Beside") -> list[Guest]:
    pair = pair_of(session)
    return [
        Guest(
            person=each.user,
            role=_part(each.user_id, pair) or each.get_role_display(),
            is_reader=each.user_id == reader.pk,
            seen=beside.seen.get(each.pk),
        )
        for each in session.participants.all()
    ]


def _part(person_id: int, pair: "Mentorship | None") -> str:
    if pair is None:
        return ""
    return _("Mentor") if person_id == pair.mentor_id else _("Mentee")


def _feedback(actor: "User", session: "Session", role: str | None, at: datetime) -> Feedback:
    if session.status != Status.COMPLETED:
        return Feedback(None, (), can_rate=False, can_change=False)
    ratings = list_ratings(actor=actor, session_id=session.pk)
    own = next((rating for rating in ratings if rating.author_id == actor.pk), None)
    return Feedback(
        own=own,
        others=[rating for rating in ratings if rating.author_id != actor.pk],
        can_rate=bool(can_rate(session, role)),
        can_change=own is not None and not own.is_open(at),
    )
