"""Whose time is taken, which offers wait for an answer, and when a mentor is free."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import chain
from typing import Any, Final
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.compiled import Given, IsAny, Reading, Statement
from tutelage.core.errors import NotFound, invalid_field
from tutelage.core.times import Slot, is_skipped, span_of, to_instant, to_local
from tutelage.domain.journal.queries import list_of_subject
from tutelage.domain.people.models import User
from tutelage.domain.programs.lifecycle import PairStatus
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.scheduling.inputs import AskWhy, FindSlots
from tutelage.domain.scheduling.lifecycle import OfferState, Why
from tutelage.domain.scheduling.models import (
    AvailabilityOverride,
    AvailabilityRule,
    BookingPolicy,
    Reservation,
    TimeOffer,
)
from tutelage.domain.scheduling.slots import Diary, Hours, Rules, Stretch, Taken
from tutelage.domain.sessions.events import SessionWithdrawn
from tutelage.domain.sessions.lifecycle import NOTICE, OPEN, Status
from tutelage.domain.sessions.models import Session

_LONGEST_SPAN: Final = timedelta(
    days=43
)  # six weeks of a calendar, and a day that is 25 hours long
_USUAL_SPAN: Final = timedelta(days=30)
_HOST: Final[Any] = Given("host", "bigint")
AGREED_OR_ASKED: Final = (Status.REQUESTED, Status.SCHEDULED)
_AROUND: Final = timedelta(days=1)  # hours may go on past midnight, and buffers, too


def find_busy(people: Collection[int], during: DateTimeTZRange, *, beside: UUID) -> list[str]:
    """Names of those whose time is taken then, by another session than the one named."""
    rows = Reservation.objects.filter(person__in=people, exclusive=True, during__overlap=during)
    taken = rows.exclude(session=beside).exclude(expires_at__lte=now())
    return list(taken.order_by("person__name").values_list("person__name", flat=True).distinct())


def find_open_offer(session: Session) -> TimeOffer | None:
    """The time that waits for an answer, if there is one; with who offered it."""
    return next(iter(_open_offer(session_id=session.pk)), None)


@Reading
def _open_offer(session_id: UUID) -> QuerySet[TimeOffer]:
    rows = TimeOffer.objects.filter(session=session_id, state=OfferState.OPEN)
    return rows.select_related("by")[:1]


def list_offers(session: Session) -> list[TimeOffer]:
    """The newest fifty times offered for a session that the actor may see, oldest first."""
    return _offers(session_id=session.pk)[::-1]


@Reading
def _offers(session_id: UUID) -> QuerySet[TimeOffer]:
    return TimeOffer.objects.filter(session=session_id).select_related("by").order_by("-id")[:50]


def find_open_offers(session_ids: Iterable[UUID]) -> dict[UUID, TimeOffer]:
    """Times that wait for an answer, by session; for a list that the actor may see."""
    rows = TimeOffer.objects.filter(session__in=list(session_ids), state=OfferState.OPEN)
    return {offer.session_id: offer for offer in rows.select_related("by")}


def list_offers_to_answer(actor: User) -> list[TimeOffer]:
    """Times that others offered the actor, soonest first; at most twenty."""
    return _offers_to_answer(actor_id=actor.pk, at=now())


@Reading
def _offers_to_answer(actor_id: int, at: datetime) -> QuerySet[TimeOffer]:
    rows = TimeOffer.objects.filter(
        state=OfferState.OPEN, expires_at__gt=at, session__participants__user=actor_id
    ).exclude(by=actor_id)
    return rows.select_related("by", "session").order_by("starts_at", "id")[:20]


def was_withdrawn(session_id: UUID) -> bool:
    """Whether a session ended as a request that was taken back: it was never agreed upon."""
    entries = list_of_subject("session", session_id)
    return any(entry.type == SessionWithdrawn.type for entry in entries)


def list_expired_offers(*, limit: int = 200) -> list[int]:
    """Offers that nobody answered in time."""
    rows = TimeOffer.objects.filter(state=OfferState.OPEN, expires_at__lte=now())
    return list(rows.order_by("expires_at").values_list("pk", flat=True)[:limit])


def list_displaced() -> list[UUID]:
    """Sessions ahead that stand elsewhere than their local time does by today's zone data.

    An offer that does counts for its session. Of those that are to be later the last comes
    first, of the others the first, so that none stands in the next one's way.
    """
    ahead = _ahead()
    offers = TimeOffer.objects.filter(state=OfferState.OPEN, session__in=ahead)
    columns = ("local_start", "zone", "starts_at")
    rows = chain(
        ahead.values_list("pk", *columns).iterator(), offers.values_list("session", *columns)
    )
    order: dict[UUID, float] = {}
    for session_id, local_start, zone, starts_at in rows:
        instant = to_instant(local_start, zone)
        if instant != starts_at:
            stamp = starts_at.timestamp()
            order[session_id] = -stamp if instant > starts_at else stamp
    return sorted(order, key=order.__getitem__)


def list_doubled() -> list[UUID]:
    """Sessions ahead that stand beside another one, because new zone data put them there."""
    rows = Reservation.objects.filter(session__in=_ahead(), exclusive=False)
    return list(rows.order_by("session").values_list("session", flat=True).distinct()[:1_000])


def _ahead() -> QuerySet[Session]:
    return Session.objects.filter(status__in=AGREED_OR_ASKED, ends_at__gt=now())


def find_doubled(session_id: UUID) -> list[str]:
    """Names of those whom new rules for the clocks put into two sessions at once."""
    rows = Reservation.objects.filter(session=session_id, exclusive=False)
    return list(rows.order_by("person__name").values_list("person__name", flat=True)[:10])


@dataclass(frozen=True, slots=True)
class Bookable:
    """A mentor whose free times the actor may see, and the pair the two have, if any."""

    host: User
    policy: BookingPolicy
    guest: User | None
    mentorship_id: UUID | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A time within a mentor's hours; it is free if nothing speaks against it."""

    starts_at: datetime
    ends_at: datetime
    reasons: tuple[Why, ...]


def get_bookable(*, actor: User | None, person_id: UUID) -> Bookable:
    """Somebody's way to be booked, in one query; without a login, if it is open to everybody."""
    pairs = Mentorship.objects.filter(
        mentor=OuterRef("person"), mentee=actor, status=PairStatus.ACTIVE
    )
    rows = BookingPolicy.objects.visible_to(actor).select_related("person")
    found = rows.annotate(pair=Subquery(pairs.values("program__uid")[:1]))
    policy = found.filter(person__uid=person_id).first()
    if policy is None:
        raise NotFound(_("There is nobody here whose free times you can see."))
    pair: UUID | None = vars(policy)["pair"]
    return Bookable(policy.person, policy, actor if pair else None, pair)


def find_policy(person: User) -> BookingPolicy | None:
    return BookingPolicy.objects.filter(person=person).first()


def find_bookable_mentors(people: Collection[int]) -> set[int]:
    """Which of these have said when they can be booked."""
    return set(BookingPolicy.objects.filter(person__in=people).values_list("person", flat=True))


def find_notice_period(host_id: int) -> timedelta:
    """Who cancels with less is late; a mentor may have said how much that is."""
    hours = BookingPolicy.objects.filter(person=host_id).values_list(
        "cancellation_hours", flat=True
    )
    said = hours.first()
    return NOTICE if said is None else timedelta(hours=said)


def list_rules(person: User) -> list[AvailabilityRule]:
    """The hours of somebody's week; inputs allow no more than 42."""
    return _rules(person_id=person.pk)


@Reading
def _rules(person_id: int) -> QuerySet[AvailabilityRule]:
    return AvailabilityRule.objects.filter(person=person_id).order_by("weekday", "starts")[:100]


def list_overrides(person: User, *, since: date) -> list[AvailabilityOverride]:
    """Days with hours of their own, from one on, soonest first."""
    rows = AvailabilityOverride.objects.filter(person=person, day__gte=since)
    return list(rows.order_by("day", F("starts").asc(nulls_first=True))[:500])


def list_slots(*, bookable: Bookable, asked: FindSlots, zone: str) -> list[Candidate]:
    """All that a mentor's hours offer in some days, free or not, in five queries at most."""
    today = to_local(now(), zone).date()
    span = span_of(asked.from_ or today, asked.to or today + _USUAL_SPAN, zone)
    start, end = span.start, span.end
    if start is None or end is None or end <= start:
        raise invalid_field("to", _("This has to be after the beginning."))
    if end - start > _LONGEST_SPAN:
        raise invalid_field("to", _("Six weeks at most."))
    diary = _read_diary(bookable, start, end)
    length = _length(bookable, asked.duration_minutes)
    first, last = start.timestamp(), end.timestamp()
    return [
        Candidate(
            datetime.fromtimestamp(at, UTC),
            datetime.fromtimestamp(at + length, UTC),
            diary.why(at, length),
        )
        for at in diary.starts()
        if first <= at < last and diary.is_offered(at, length)
    ]


def list_reasons(*, bookable: Bookable, asked: AskWhy) -> tuple[Why, ...]:
    """Why one time is not free; nothing if it is."""
    if is_skipped(asked.local_start, asked.zone):
        raise invalid_field(
            "local_start", _("This time does not exist: the clocks go forward over it.")
        )
    length = _length(bookable, asked.duration_minutes)
    slot = Slot(asked.local_start, asked.zone, timedelta(seconds=length))
    diary = _read_diary(bookable, slot.starts_at, slot.ends_at)
    return diary.why(int(slot.starts_at.timestamp()), length)


def _length(bookable: Bookable, minutes: int | None) -> int:
    return 60 * (minutes or bookable.policy.slot_minutes)


def _read_diary(bookable: Bookable, start: datetime, end: datetime) -> Diary:
    policy, guest = bookable.policy, bookable.guest
    first, last = (to_local(each, policy.zone).date() for each in (start, end))
    rules = Rules(
        zone=policy.zone,
        weekly=_weekly(bookable.host),
        horizon=timedelta(days=policy.horizon_days),
        step=timedelta(minutes=policy.step_minutes),
        exceptions=_exceptions(bookable.host, first - _AROUND, last + _AROUND),
        buffer=policy.buffer,
        min_notice=timedelta(hours=policy.min_notice_hours),
        daily_limit=policy.daily_limit,
    )
    start, end = start - _AROUND, end + _AROUND
    taken = _taken(bookable.host, guest, start, end, is_limited=policy.daily_limit is not None)
    return Diary(rules, taken, now().timestamp(), first - _AROUND, last + _AROUND)


def _weekly(host: User) -> dict[int, list[Hours]]:
    found: dict[int, list[Hours]] = {}
    for rule in list_rules(host):
        found.setdefault(rule.weekday, []).append((rule.starts, rule.ends))
    return found


def _exceptions(host: User, first: date, last: date) -> dict[date, list[Hours]]:
    found: dict[date, list[Hours]] = {}
    for day, starts, ends in _overrides().run({"host": host.pk, "first": first, "last": last}):
        hours = found.setdefault(day, [])
        if starts is not None:
            hours.append((starts, ends or time()))
    return found


@cache
def _overrides() -> Statement:
    rows = AvailabilityOverride.objects.filter(
        person=_HOST, day__range=(Given("first", "date"), Given("last", "date"))
    )
    return Statement.of(rows.values_list("day", "starts", "ends"))


def _taken(
    host: User, guest: User | None, start: datetime, end: datetime, *, is_limited: bool
) -> Taken:
    people = [host.pk, *([guest.pk] if guest else [])]
    during = DateTimeTZRange(start, end)
    rows = _reservations().run({"people": people, "during": during, "at": now()})
    stretches: dict[str, list[Stretch]] = {"host": [], "held": [], "guest": []}
    for person, taken, offer in rows:
        whose = "guest" if person != host.pk else "held" if offer else "host"
        stretches[whose].append((_second(taken.lower), _second(taken.upper)))
    starts = _starts(host, start, end) if is_limited else ()
    return Taken(**stretches, starts=starts)


@cache
def _reservations() -> Statement:
    during: Any = Given("during", "tstzrange")
    rows = Reservation.objects.filter(
        IsAny("person_id", Given("people", "bigint[]")), exclusive=True, during__overlap=during
    ).exclude(expires_at__lte=Given("at"))
    return Statement.of(rows.values_list("person", "during", "offer"))


def _starts(host: User, start: datetime, end: datetime) -> tuple[int, ...]:
    """Of the sessions that count for the daily limit: all that were not called off."""
    rows = _counted().run({"host": host.pk, "start": start, "end": end})
    return tuple(_second(at) for (at,) in rows)


@cache
def _counted() -> Statement:
    rows = Session.objects.filter(
        host=_HOST,
        status__in=(*OPEN, Status.COMPLETED, Status.NO_SHOW),
        starts_at__range=(Given("start"), Given("end")),
    )
    return Statement.of(rows.values_list("starts_at")[:2_000])


def _second(at: datetime) -> int:
    return int(at.timestamp())
