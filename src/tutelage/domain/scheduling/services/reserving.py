"""Holding people's time. The exclusion constraint alone decides who wins.

The locks only make rivals queue: without them two could wait for each other's rows, and a
deadlock would surface. They are taken in a statement of their own, before any that looks at
reservations, so that what is looked at is newer than whatever was waited for.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _
from psycopg.errors import ExclusionViolation

from tutelage.core.clock import now
from tutelage.core.errors import Conflict, FieldError
from tutelage.core.times import Slot
from tutelage.domain.scheduling.models import Reservation, TimeOffer
from tutelage.domain.scheduling.queries import find_busy
from tutelage.domain.sessions.lifecycle import Status
from tutelage.domain.sessions.models import Participant, Session

_CALENDARS = 1 << 56  # keeps our lock numbers apart from anybody else's


class SlotTaken(Conflict):
    code = "slot_taken"


def sides_of(session: Session) -> list[int]:
    """Those who must be there, and so can be in one place only."""
    return list(Participant.objects.filter(session=session).values_list("user_id", flat=True))


def lock_calendars(people: Iterable[int]) -> None:
    """One lock each until the transaction ends, in one order for all who ask."""
    numbers = sorted(_CALENDARS + person for person in people)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(n) FROM unnest(%s::bigint[]) AS n", [numbers])


def hold(
    session: Session, people: list[int], slot: Slot, *, offer: TimeOffer | None = None
) -> None:
    """Take people's time for a session, whose calendars are locked.

    An offer to move a session holds only what the session does not hold already; an agreed time
    takes the place of whatever the session held before.

    Raises:
        SlotTaken: somebody is in another session then; says who, not which.
    """
    wanted = (slot.starts_at, slot.ends_at)
    Reservation.objects.filter(person__in=people, expires_at__lte=now()).delete()
    if offer is None or session.status == Status.REQUESTED:
        Reservation.objects.filter(session=session).delete()
        stretches = [wanted]
    else:
        stretches = _beyond(wanted, (session.starts_at, session.ends_at))
    if busy := find_busy(people, DateTimeTZRange(*wanted), beside=session.pk):
        raise _taken(busy)
    expires_at = offer.expires_at if offer else None
    _insert(
        Reservation(
            session=session,
            offer=offer,
            person_id=person,
            during=DateTimeTZRange(*stretch),
            expires_at=expires_at,
        )
        for person in people
        for stretch in stretches
    )


def hold_beside_others(session: Session, people: list[int], slot: Slot) -> None:
    """Hold what others leave of a time that cannot be chosen, and mark whose it is twice."""
    wanted = (slot.starts_at, slot.ends_at)
    Reservation.objects.filter(session=session).delete()
    for person in people:
        taken = Reservation.objects.filter(
            person=person, exclusive=True, during__overlap=DateTimeTZRange(*wanted)
        )
        free = [wanted]
        for during in taken.values_list("during", flat=True):
            other = (during.lower, during.upper)
            free = [part for stretch in free for part in _beyond(stretch, other)]
        stretches = [(stretch, True) for stretch in free]
        if free != [wanted]:
            stretches.append((wanted, False))
        _insert(
            Reservation(
                session=session,
                person_id=person,
                during=DateTimeTZRange(*stretch),
                exclusive=exclusive,
            )
            for stretch, exclusive in stretches
        )


def _insert(rows: Iterable[Reservation]) -> None:
    try:
        with transaction.atomic():
            Reservation.objects.bulk_create(rows)
    except IntegrityError as error:
        if isinstance(error.__cause__, ExclusionViolation):
            raise _taken([]) from error
        raise


def _taken(busy: list[str]) -> SlotTaken:
    if busy:
        detail = _("Taken already: %(names)s cannot be in two places.") % {"names": ", ".join(busy)}
    else:
        detail = _("Somebody in this session is already booked then.")
    return SlotTaken(detail, errors=[FieldError("local_start", detail)])


def _beyond(
    wanted: tuple[datetime, datetime], held: tuple[datetime, datetime]
) -> list[tuple[datetime, datetime]]:
    """What of one stretch lies before and after another."""
    (start, end), (held_start, held_end) = wanted, held
    parts = [(start, min(end, held_start)), (max(start, held_end), end)]
    return [(first, last) for first, last in parts if first < last]
