"""Whose time is taken, and which offers wait for an answer."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from tutelage.core.clock import now
from tutelage.domain.people.models import User
from tutelage.domain.scheduling.lifecycle import OfferState
from tutelage.domain.scheduling.models import Reservation, TimeOffer
from tutelage.domain.sessions.models import Session


def find_busy(people: Collection[int], during: DateTimeTZRange, *, beside: UUID) -> list[str]:
    """Names of those whose time is taken then, by another session than the one named."""
    taken = Reservation.objects.filter(
        person__in=people, exclusive=True, during__overlap=during
    ).exclude(session=beside)
    return list(taken.order_by("person__name").values_list("person__name", flat=True).distinct())


def find_open_offer(session: Session) -> TimeOffer | None:
    """The time that waits for an answer, if any."""
    rows = TimeOffer.objects.filter(session=session, state=OfferState.OPEN)
    return rows.select_related("by").first()


def list_offers(session: Session) -> list[TimeOffer]:
    """The newest fifty times offered for a session that the actor may see, oldest first."""
    rows = TimeOffer.objects.filter(session=session).select_related("by").order_by("-id")
    return list(reversed(rows[:50]))


def find_open_offers(session_ids: Iterable[UUID]) -> dict[UUID, TimeOffer]:
    """Times that wait for an answer, by session; for a list that the actor may see."""
    rows = TimeOffer.objects.filter(session__in=list(session_ids), state=OfferState.OPEN)
    return {offer.session_id: offer for offer in rows.select_related("by")}


def list_offers_to_answer(actor: User, *, limit: int = 20) -> list[TimeOffer]:
    """Times that others offered the actor, soonest first."""
    rows = TimeOffer.objects.filter(
        state=OfferState.OPEN, expires_at__gt=now(), session__participants__user=actor
    ).exclude(by=actor)
    rows = rows.select_related("by", "session__host", "session__program__mentorship__mentee")
    return list(rows.order_by("starts_at", "id")[:limit])


def list_expired_offers(*, limit: int = 200) -> list[tuple[int, UUID]]:
    """Offers that nobody answered in time: their id, and their session's."""
    rows = TimeOffer.objects.filter(state=OfferState.OPEN, expires_at__lte=now())
    return list(rows.order_by("expires_at").values_list("pk", "session_id")[:limit])
