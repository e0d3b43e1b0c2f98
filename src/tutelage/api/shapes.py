"""What goes out over the wire. An output never has defaults: each field is always there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import msgspec
from ninja import Schema
from pydantic import AwareDatetime, Field

from tutelage.core.clock import now
from tutelage.core.paging import Pagination
from tutelage.core.times import ClockChange, WallClock, clock_change
from tutelage.domain.meetings.lifecycle import Way
from tutelage.domain.meetings.queries import NO_WAYS
from tutelage.domain.people.lifecycle import Role
from tutelage.domain.programs.lifecycle import PairStatus
from tutelage.domain.sessions.lifecycle import (
    DOOR_OPENS,
    Action,
    Kind,
    ParticipantRole,
    Party,
    Status,
)

if TYPE_CHECKING:
    from tutelage.domain.feedback.models import Rating
    from tutelage.domain.meetings.queries import Ways
    from tutelage.domain.people.models import User
    from tutelage.domain.programs.models import Mentorship
    from tutelage.domain.scheduling.models import TimeOffer
    from tutelage.domain.sessions.models import (
        NextStep,
        Participant,
        Session,
        SessionEnding,
        SessionLog,
    )

__all__ = ["Pagination"]


class PersonOut(Schema):
    id: UUID = Field(alias="uid")
    name: str


class MeOut(PersonOut):
    email: str
    role: Role
    zone: str
    locale: str


class ParticipantOut(PersonOut):
    role: ParticipantRole


class MentorshipOut(Schema):
    id: UUID
    status: PairStatus
    mentor: PersonOut
    mentee: PersonOut
    cadence_days: int
    goals: str
    proposed_by: PersonOut | None
    started_at: AwareDatetime
    status_since: AwareDatetime
    ended_at: AwareDatetime | None


CLOCK_CHANGE: Final = Field(
    description="Whether the clocks of the zone skip `local_start`, or show it twice."
)


class OfferOut(Schema):
    """A time that waits for an answer."""

    id: UUID
    by: PersonOut
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    local_start: WallClock
    zone: str
    clock_change: ClockChange | None = CLOCK_CHANGE
    note: str
    expires_at: AwareDatetime


class StepOut(Schema):
    """A next step: what, who, until when, and whether it is done."""

    id: UUID
    text: str
    owner: PersonOut | None = Field(description="Null stands for both.")
    due_on: date | None
    done_at: AwareDatetime | None
    done_by: PersonOut | None
    session_id: UUID
    mentorship_id: UUID | None


class LogOut(Schema):
    objectives: str
    outcomes: str
    next_steps: list[StepOut]
    shared_notes: str
    logged_late: bool
    logged_by: PersonOut | None
    logged_at: AwareDatetime


class EndingOut(Schema):
    """How a session came not to be held."""

    action: Action | None = Field(description="By which move; none for what was imported.")
    party: Party | None = Field(description="Whose doing it was, or whom the session missed.")
    by: PersonOut | None
    reason: str
    late: bool
    at: AwareDatetime


class RatingOut(Schema):
    id: UUID
    by: PersonOut
    of: PersonOut
    stars: int = Field(description="1 to 5.")
    comment: str
    given_at: AwareDatetime
    sealed_until: AwareDatetime | None = Field(
        description="Until both sides have rated, or this time has come, only its author reads it."
    )


class SessionRow(Schema):
    """A session in a list."""

    id: UUID
    kind: Kind
    status: Status
    title: str
    mentorship_id: UUID | None
    host: PersonOut
    participants: list[ParticipantOut]
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    local_start: WallClock
    zone: str
    duration_minutes: int = Field(description="As it really was, or else as planned.")
    outcomes: str | None
    logged_late: bool
    your_rating: int | None
    archived_at: AwareDatetime | None


class SessionOut(Schema):
    """A session, whole. Its `ETag` moves with its own fields and its log."""

    id: UUID
    kind: Kind
    status: Status
    title: str
    mentorship_id: UUID | None
    host: PersonOut
    participants: list[ParticipantOut]
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    local_start: WallClock
    zone: str
    clock_change: ClockChange | None = CLOCK_CHANGE
    duration_minutes: int = Field(description="As it really was, or else as planned.")
    started_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    archived_at: AwareDatetime | None
    door_opens_at: AwareDatetime = Field(description="From then until the end one can join.")
    has_meeting_link: bool = Field(description="The link itself is given only by joining.")
    has_backup_link: bool
    active_link: Way = Field(description="Where joining leads: the link, or its backup.")
    offer: OfferOut | None
    log: LogOut | None
    ending: EndingOut | None
    ratings: list[RatingOut]


def mentorship_out(mentorship: "Mentorship") -> dict[str, Any]:
    fields = (
        "status", "mentor", "mentee", "cadence_days", "goals", "proposed_by", "started_at",
        "status_since", "ended_at",
    )  # fmt: skip
    return {"id": mentorship.uid, **{name: getattr(mentorship, name) for name in fields}}


def rating_out(rating: "Rating") -> dict[str, Any]:
    return {
        "id": rating.uid,
        "by": rating.author,
        "of": rating.subject,
        "stars": rating.stars,
        "comment": rating.comment,
        "given_at": rating.given_at,
        "sealed_until": None if rating.is_open(now()) else rating.unseals_at,
    }


@dataclass(frozen=True, slots=True)
class Parts:
    """What belongs to a session, as far as its reader may know of it."""

    people: "Iterable[Participant]"
    offer: "TimeOffer | None" = None
    log: "SessionLog | None" = None
    ending: "SessionEnding | None" = None
    ratings: "Sequence[Rating]" = ()
    ways: "Ways" = NO_WAYS


def session_out(session: "Session", parts: Parts) -> dict[str, Any]:
    fields = (
        "id", "kind", "status", "title", "host", "starts_at", "ends_at", "local_start", "zone",
        "duration_minutes", "started_at", "ended_at", "archived_at",
    )  # fmt: skip
    return {
        **{name: getattr(session, name) for name in fields},
        "mentorship_id": _mentorship_id(session),
        "participants": [
            {"id": each.user.uid, "name": each.user.name, "role": each.role}
            for each in parts.people
        ],
        "clock_change": clock_change(session.local_start, session.zone),
        "door_opens_at": _door_opens_at(session),
        "has_meeting_link": parts.ways.has_main,
        "has_backup_link": parts.ways.has_backup,
        "active_link": parts.ways.active,
        "offer": parts.offer and _offer_out(parts.offer),
        "log": parts.log and log_out(session, parts.log),
        "ending": parts.ending and _ending_out(parts.ending),
        "ratings": [rating_out(rating) for rating in parts.ratings],
    }


def as_json(body: object) -> bytes:
    """Straight to JSON: an output model would ask for each field a second time."""
    return msgspec.json.encode(body, enc_hook=_person_out)


def _person_out(known: "User") -> dict[str, Any]:
    """People alone stand in an answer as what they are."""
    return {"id": known.uid, "name": known.name}


def _offer_out(offer: "TimeOffer") -> dict[str, Any]:
    fields = ("by", "starts_at", "ends_at", "local_start", "zone", "note", "expires_at")
    return {
        "id": offer.uid,
        "clock_change": clock_change(offer.local_start, offer.zone),
        **{name: getattr(offer, name) for name in fields},
    }


def _mentorship_id(session: "Session") -> UUID | None:
    held = session.kind == Kind.MENTORSHIP and session.program is not None
    return session.program.uid if held and session.program else None


def _door_opens_at(session: "Session") -> datetime:
    return session.starts_at - DOOR_OPENS


def step_out(step: "NextStep") -> dict[str, Any]:
    fields = ("text", "owner", "due_on", "done_at", "done_by", "session_id")
    pair = step.program if step.program and step.program.kind == Kind.MENTORSHIP else None
    return {
        "id": step.uid,
        "mentorship_id": pair and pair.uid,
        **{name: getattr(step, name) for name in fields},
    }


def log_out(session: "Session", log: "SessionLog") -> dict[str, Any]:
    fields = ("objectives", "outcomes", "shared_notes", "logged_late", "logged_by", "logged_at")
    steps = [step_out(step) for step in session.next_steps.all()]
    return {"next_steps": steps, **{name: getattr(log, name) for name in fields}}


def _ending_out(ending: "SessionEnding") -> dict[str, Any]:
    return {
        "action": ending.action or None,
        "party": ending.party or None,
        "by": ending.by,
        "reason": ending.reason,
        "late": ending.late,
        "at": ending.at,
    }
