"""What can happen to an offered time, and to the hours of a mentor."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from tutelage.core.events import Event
from tutelage.domain.sessions.events import SessionEvent, SessionRescheduled


class OfferEvent(SessionEvent):
    offer_id: UUID
    starts_at: datetime


class SessionCountered(OfferEvent):
    """Another time is offered in answer; the session has not been agreed upon yet."""

    type: ClassVar = "session.countered"


class MoveOffered(OfferEvent):
    """A session that stands is to move, if the other side agrees."""

    type: ClassVar = "session.move_offered"


class MoveDeclined(OfferEvent):
    type: ClassVar = "session.move_declined"


class MoveWithdrawn(OfferEvent):
    type: ClassVar = "session.move_withdrawn"


class MoveExpired(OfferEvent):
    type: ClassVar = "session.move_expired"


class SessionReinstated(SessionEvent):
    """A cancelled session stands again, at the time it had."""

    type: ClassVar = "session.reinstated"
    starts_at: datetime


class SessionRezoned(SessionRescheduled):
    """The rules for the clocks of its zone changed: it keeps its local time, at another instant."""

    type: ClassVar = "session.rezoned"


class AvailabilityChanged(Event):
    """A mentor's hours, or how they can be booked; the subject is the mentor."""

    subject_type: ClassVar = "person"
    type: ClassVar = "availability.changed"
