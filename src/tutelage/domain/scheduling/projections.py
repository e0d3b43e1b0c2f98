"""What follows in the transaction in which a session ends."""

from tutelage.core.clock import now
from tutelage.domain.scheduling.lifecycle import OfferState
from tutelage.domain.scheduling.models import Reservation, TimeOffer
from tutelage.domain.sessions.events import SessionOver


def free_time(event: SessionOver) -> None:
    """A session that is over holds nobody's time, and no offer for it waits any more."""
    Reservation.objects.filter(session=event.subject_id).delete()
    TimeOffer.objects.filter(session=event.subject_id, state=OfferState.OPEN).update(
        state=OfferState.WITHDRAWN, answered_at=now()
    )
