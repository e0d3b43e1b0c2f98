"""What follows in the transaction in which a session ends."""

from functools import cache

from tutelage.core.clock import now
from tutelage.core.compiled import Given, Statement
from tutelage.domain.scheduling.lifecycle import OfferState
from tutelage.domain.scheduling.models import TimeOffer
from tutelage.domain.scheduling.services.reserving import freeing
from tutelage.domain.sessions.events import SessionOver


def free_time(event: SessionOver) -> None:
    """A session that is over holds nobody's time, and no offer for it waits any more."""
    _let_go().change({"session": event.subject_id, "at": now()})


@cache
def _let_go() -> Statement:
    waiting = TimeOffer.objects.filter(session=Given("session"), state=OfferState.OPEN)
    closing = Statement.updating(waiting, state=OfferState.WITHDRAWN, answered_at=Given("at"))
    return closing.along_with(freeing())
