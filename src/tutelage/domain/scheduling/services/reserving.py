"""Holding people's time. The exclusion constraint alone decides who wins.

The locks only make rivals queue: without them two could wait for each other's rows, and a
deadlock would surface. They are taken in a statement of their own, before any that looks at
reservations, so that what is looked at is newer than whatever was waited for.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Final

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.compiled import Given, Statement
from tutelage.core.errors import Conflict, FieldError
from tutelage.core.times import Slot
from tutelage.domain.scheduling.models import Reservation, TimeOffer
from tutelage.domain.scheduling.queries import find_busy
from tutelage.domain.sessions.lifecycle import Status
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.queries import people_of

_CALENDARS = 1 << 56  # keeps our lock numbers apart from anybody else's
# What the constraint refuses is left out, and the transaction goes on: who is taken can be asked.
_TAKE: Final = """
    INSERT INTO reservation (session_id, offer_id, person_id, during, exclusive, expires_at)
    SELECT %s::uuid, %s::bigint, person, during, exclusive, %s::timestamptz
    FROM unnest(%s::bigint[], %s::tstzrange[], %s::boolean[]) AS wanted (person, during, exclusive)
    ON CONFLICT DO NOTHING RETURNING person_id, during, exclusive
"""
Stretch = tuple[int, DateTimeTZRange, bool]  # of whose time, when, and whether of them alone


class SlotTaken(Conflict):
    code = "slot_taken"


def sides_of(session: Session) -> list[int]:
    """Those who must be there, and so can be in one place only."""
    return [each.user_id for each in people_of(session)]


def lock_calendars(people: Iterable[int]) -> None:
    """One lock each until the transaction ends, in one order for all who ask."""
    numbers = sorted(_CALENDARS + person for person in people)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(n) FROM unnest(%s::bigint[]) AS n", [numbers])


def hold(
    session: Session, people: list[int], slot: Slot, *, offer: TimeOffer | None = None
) -> None:
    """Take people's time for a session, whose calendars are locked.

    An offer to move a session holds only what the session does not hold already.

    Raises:
        SlotTaken: somebody is in another session then; says who, not which.
    """
    wanted = (slot.starts_at, slot.ends_at)
    is_move = offer is not None and session.status != Status.REQUESTED
    held = (session.starts_at, session.ends_at)
    stretches = _beyond(wanted, held) if is_move else [wanted]
    left = [(person, DateTimeTZRange(*each), True) for person in people for each in stretches]
    left = _take(session, left, offer)
    if left and _forget_expired(people):
        left = _take(session, left, offer)
    # Where a session holds the time itself it may yet stand beside another one.
    if left or stretches != [wanted]:
        busy = find_busy(people, DateTimeTZRange(*wanted), beside=session.pk)
        if left or busy:
            raise _taken(busy)


def hold_beside_others(session: Session, people: list[int], slot: Slot) -> None:
    """Hold what others leave of a time that cannot be chosen, and mark whose it is twice."""
    wanted = (slot.starts_at, slot.ends_at)
    free(session)
    stretches = []
    for person in people:
        taken = Reservation.objects.filter(
            person=person, exclusive=True, during__overlap=DateTimeTZRange(*wanted)
        )
        open_parts = [wanted]
        for during in taken.values_list("during", flat=True):
            other = (during.lower, during.upper)
            open_parts = [part for stretch in open_parts for part in _beyond(stretch, other)]
        stretches += [(person, DateTimeTZRange(*part), True) for part in open_parts]
        if open_parts != [wanted]:
            stretches.append((person, DateTimeTZRange(*wanted), False))
    if _take(session, stretches):
        raise _taken([])


def _take(
    session: Session, stretches: Sequence[Stretch], offer: TimeOffer | None = None
) -> list[Stretch]:
    """Take what is free, and say what is not."""
    if not stretches:
        return []
    which = (session.pk, *((offer.pk, offer.expires_at) if offer else (None, None)))
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [*which, *map(list, zip(*stretches, strict=True))])
        if cursor.rowcount == len(stretches):
            return []
        taken = set(cursor.fetchall())
    return [each for each in stretches if each not in taken]


def _forget_expired(people: Iterable[int]) -> int:
    """What ran out is in the way until somebody needs the time, or the sweep comes by."""
    expired = Reservation.objects.filter(person__in=list(people), expires_at__lte=now())
    return expired.delete()[0]


def free(session: Session) -> None:
    """Give back all that a session holds, offers to move it included."""
    freeing().change({"session": session.pk})


@cache
def freeing() -> Statement:
    return Statement.deleting(Reservation.objects.filter(session=Given("session")))


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
