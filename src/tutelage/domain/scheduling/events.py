"""What can happen to an offered time."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from tutelage.domain.sessions.events import SessionEvent


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
