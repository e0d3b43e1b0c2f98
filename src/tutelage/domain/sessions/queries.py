"""Every way to read sessions. Each starts from what the actor may see."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Prefetch, QuerySet, Sum
from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.compiled import Given, IsAny, Reading, Statement
from tutelage.core.errors import NotFound
from tutelage.core.paging import Page, Paged, paginate
from tutelage.core.periods import days_of
from tutelage.core.search import NO_WORD, keys, terms
from tutelage.core.text import words_of
from tutelage.core.times import Span, span_of, to_local
from tutelage.domain.people.models import User
from tutelage.domain.sessions.inputs import SessionFilters
from tutelage.domain.sessions.lifecycle import AGREED, OPEN, ParticipantRole, Status
from tutelage.domain.sessions.models import (
    MissedAnswer,
    NextStep,
    Participant,
    Session,
    SessionEndingRevision,
    SessionLog,
    SessionQuerySet,
    long_over,
    mark_of_person,
)
from tutelage.domain.sessions.policies import can_read_answers

_STEPS_IN_ORDER = NextStep.objects.select_related("owner", "done_by", "program").order_by(
    "position", "id"
)
_PEOPLE_IN_ORDER = Participant.objects.select_related("user").order_by("id")
_STEPS = Prefetch("next_steps", _STEPS_IN_ORDER)
_PEOPLE = Prefetch("participants", _PEOPLE_IN_ORDER)
BY_INDEX: Final = "search__words__holds"
BY_WORDS: Final = "search__words__matches"
_ALONG: Final = "_prefetched_objects_cache"  # as Django calls it
_WORDS = {"with_person", "with_open_steps", "logged_late", "unresolved"}


def filter_sessions(*, actor: User, filters: SessionFilters) -> SessionQuerySet:
    """Sessions the actor may see, narrowed; not yet ordered or cut."""
    rows = Session.objects.visible_to(actor)
    return narrow(rows, lookups_of(filters, actor), archived=filters.archived)


def lookups_of(filters: SessionFilters, actor: User) -> dict[str, object]:
    """What is asked of a session, as the ORM says it, or in a word of the queryset's own."""
    span = _span(filters, actor.own_zone)
    lookups: dict[str, object] = {
        "kind": filters.kind,
        "status": filters.status,
        "program__uid": filters.mentorship,
        "logged_late": now() if filters.logged_late else None,
        "starts_at__gte": span.start,
        "starts_at__lt": span.end,
        "with_person": filters.person,
        "with_open_steps": now() if filters.open_steps else None,
        "unresolved": long_over() if filters.unresolved else None,
    }
    lookups |= _sought(filters.q, actor)
    return {name: value for name, value in lookups.items() if value}


def _span(filters: SessionFilters, zone: str) -> Span:
    asked = span_of(filters.from_, filters.to, zone)
    if filters.period is None:
        return asked
    both = asked, span_of(*days_of(filters.period, to_local(now(), zone).date()), zone)
    return Span(
        max((each.start for each in both if each.start), default=None),
        min((each.end for each in both if each.end), default=None),
    )


def _sought(text: str, actor: User) -> dict[str, str]:
    """Words, and whose they are: what one may see is found by one look into one index."""
    if not text:
        return {}
    words = words_of(text) or [NO_WORD]
    marks = [] if actor.is_admin else [mark_of_person(actor.pk)]
    return {BY_INDEX: keys(words, *marks), BY_WORDS: terms(words)}


def narrow(rows: SessionQuerySet, lookups: Mapping[str, Any], *, archived: bool) -> SessionQuerySet:
    """Those that answer to all lookups; a `Given` may stand for any value."""
    rows = rows.filter(archived_at__isnull=not archived)
    plain = dict(lookups)
    for word in _WORDS & plain.keys():
        rows = getattr(rows, word)(plain.pop(word))
    return rows.filter(**plain)


class Parts(NamedTuple):
    """What `visible_to` finds, in two.

    `many` may be thousands, and lie in an index by their start: a page of them is found without
    looking at all. `few` are looked at one by one.
    """

    many: SessionQuerySet
    few: SessionQuerySet | None


def parts_of(actor: User) -> Parts:
    """Those that one hosts, and the others in which one takes part."""
    if actor.is_admin:
        return Parts(Session.objects.all(), None)
    beside = Participant.objects.filter(session=OuterRef("pk"), user=actor.pk)
    return Parts(
        Session.objects.filter(host=actor.pk),
        Session.objects.filter(Exists(beside.exclude(role=ParticipantRole.HOST))),
    )


def order_of(filters: SessionFilters, actor: User) -> str:
    """By which time a page is cut: where everything is sought, it lies beside the words."""
    return "search__starts_at" if filters.q and actor.is_admin else "starts_at"


def list_sessions(*, actor: User, filters: SessionFilters) -> Page[Session]:
    """Sessions the actor may see, newest first, with people and log, in four queries."""
    rows = filter_sessions(actor=actor, filters=filters)
    return paginate(
        rows.with_people().prefetch_related(_STEPS, _PEOPLE), filters, newest="starts_at"
    )


def get_session(*, actor: User, session_id: UUID) -> Session:
    """With people, log, ending and next steps, in three queries."""
    found = _session_of(actor_id=actor.pk, is_admin=actor.is_admin, session_id=session_id)
    if not found:
        raise NotFound(_("There is no such session."))
    [session] = found
    read_along(session, "next_steps", _steps_of(session_id=session_id))
    log: SessionLog | None = getattr(session, "log", None)
    for each in people_of(session):
        if log and log.logged_by_id == each.user_id:
            log.logged_by = each.user
    return session


def people_of(session: Session) -> list[Participant]:
    """Who takes part, in order: asked for once, they stay with the session."""
    if "participants" not in vars(session).get(_ALONG, {}):
        read_along(session, "participants", _people_of(session_id=session.pk))
    return list(session.participants.all())


@Reading
def _session_of(*, actor_id: int, is_admin: bool, session_id: UUID) -> SessionQuerySet:
    actor = User.objects.standing_for(actor_id, is_admin=is_admin)
    return Session.objects.visible_to(actor).with_people().filter(pk=session_id)


@Reading
def _steps_of(session_id: UUID) -> QuerySet[NextStep]:
    return _STEPS_IN_ORDER.filter(session=session_id)


@Reading
def _people_of(session_id: UUID) -> QuerySet[Participant]:
    return _PEOPLE_IN_ORDER.filter(session=session_id)


def read_along(session: Session, name: str, rows: list[Any]) -> None:
    """What `prefetch_related` does, which would compile its SQL each time."""
    known = getattr(session, name).get_queryset()
    known._result_cache = rows  # noqa: SLF001  # as Django itself does
    vars(session).setdefault(_ALONG, {})[name] = known


def find_role(session: Session, actor: User) -> str | None:
    """The actor's own part in a session whose participants were read along."""
    return next((p.role for p in session.participants.all() if p.user_id == actor.pk), None)


def list_open_of(*, actor: User, mentorship_id: UUID, limit: int = 20) -> list[Session]:
    """What a pair has before it, asked for or agreed upon, soonest first."""
    return _open_of(
        actor_id=actor.pk, is_admin=actor.is_admin, pair=mentorship_id, at=now(), limit=limit
    )


@Reading
def _open_of(
    *, actor_id: int, is_admin: bool, pair: UUID, at: datetime, limit: int
) -> SessionQuerySet:
    actor = User.objects.standing_for(actor_id, is_admin=is_admin)
    rows = Session.objects.visible_to(actor).filter(
        program__uid=pair, status__in=OPEN, ends_at__gt=at
    )
    return rows.with_pair().order_by("starts_at", "id")[:limit]


def list_held_of(*, actor: User, mentorship_id: UUID, limit: int = 5) -> list[Session]:
    """What a pair held last, with its log, the newest first."""
    return _held_of(actor_id=actor.pk, is_admin=actor.is_admin, pair=mentorship_id, limit=limit)


@Reading
def _held_of(*, actor_id: int, is_admin: bool, pair: UUID, limit: int) -> SessionQuerySet:
    actor = User.objects.standing_for(actor_id, is_admin=is_admin)
    rows = Session.objects.visible_to(actor).filter(
        program__uid=pair, status=Status.COMPLETED, archived_at=None
    )
    return rows.select_related("log").order_by("-starts_at", "-id")[:limit]


def find_next_of(*, actor: User, program_ids: Collection[int]) -> dict[int, Session]:
    """The next session of each pair, asked for or agreed upon, by the pair's program."""
    first = _next_of(
        actor_id=actor.pk, is_admin=actor.is_admin, program_ids=list(program_ids), at=now()
    )
    return {session.program_id: session for session in first if session.program_id}


@Reading
def _next_of(
    *, actor_id: int, is_admin: bool, program_ids: list[int], at: datetime
) -> SessionQuerySet:
    actor = User.objects.standing_for(actor_id, is_admin=is_admin)
    rows = Session.objects.visible_to(actor).filter(
        IsAny("program_id", program_ids), status__in=OPEN, ends_at__gt=at
    )
    return rows.order_by("program_id", "starts_at", "id").distinct("program_id")


def count_sessions(actor: User, *, start: datetime, end: datetime) -> int:
    """How many sessions the actor may see stand in the calendar, or stood, between two times."""
    rows = Session.objects.visible_to(actor).filter(starts_at__gte=start, starts_at__lt=end)
    return rows.filter(status__in=(*OPEN, Status.COMPLETED)).count()


def find_next(actor: User) -> Session | None:
    """The next session that is agreed upon, however far away."""
    return next(iter(_next(person_id=actor.pk, at=now())), None)


@Reading
def _next(person_id: int, at: datetime) -> SessionQuerySet:
    rows = Session.objects.of(User(id=person_id)).filter(status__in=AGREED, ends_at__gt=at)
    return rows.with_pair().order_by("starts_at", "id")[:1]


def list_unlogged(actor: User, *, limit: int = 20) -> list[Session]:
    """One's own sessions that are over, and nobody has said what became of them."""
    rows = Session.objects.of(actor).unresolved().with_people()
    return list(rows.order_by("-starts_at", "-id")[:limit])


def count_logged(actor: User) -> tuple[int, timedelta]:
    """How many sessions of one's own were held, and how long they were in all."""
    sums = _logged().run({"person": actor.pk})
    return sum(number for number, _time in sums), sum((time for _n, time in sums), timedelta())


@cache
def _logged() -> Statement:
    """Each part for itself: what one hosts lies together, and may be thousands."""
    parts = parts_of(User(id=Given("person", "bigint", is_hidden=True)))
    held = [
        rows.filter(status=Status.COMPLETED, archived_at=None)
        .values("status")
        .annotate(number=Count("pk"), time=Sum(F("ended_at") - F("started_at")))
        for rows in parts
        if rows is not None
    ]
    return Statement.joined([Statement.of(sums.values_list("number", "time")) for sums in held])


def count_logs() -> int:
    return SessionLog.objects.count()


def find_people_in(session_ids: Iterable[UUID]) -> Mapping[UUID, set[int]]:
    """Who takes part in which session, for those who tell them of changes."""
    found: dict[UUID, set[int]] = {}
    rows = Participant.objects.filter(session__in=list(session_ids))
    for session_id, user_id in rows.values_list("session_id", "user_id"):
        found.setdefault(session_id, set()).add(user_id)
    return found


def find_answers(session_ids: Iterable[UUID]) -> Mapping[UUID, list[MissedAnswer]]:
    """Who said what became of sessions that nobody logged, in the order of saying it."""
    found: dict[UUID, list[MissedAnswer]] = {}
    rows = MissedAnswer.objects.filter(session__in=list(session_ids)).select_related("user")
    for each in rows.order_by("at", "id"):
        found.setdefault(each.session_id, []).append(each)
    return found


def list_answers(session_id: UUID) -> list[MissedAnswer]:
    """Who said what became of a session that nobody logged, in the order of saying it."""
    return _answers(session_id=session_id)


@Reading
def _answers(session_id: UUID) -> QuerySet[MissedAnswer]:
    rows = MissedAnswer.objects.filter(session=session_id).select_related("user")
    return rows.order_by("at", "id")[:100]


def can_read(session: Session, answers: Sequence[MissedAnswer], reader: User) -> bool:
    """Whether the reader may know what was said; of a session with its participants."""
    roles = [each.role for each in session.participants.all() if each.user_id == reader.pk]
    decision = can_read_answers(
        next(iter(roles), None),
        is_asked=session.is_unresolved(now()),
        has_answered=any(each.user_id == reader.pk for each in answers),
    )
    return bool(decision)


def has_answered(session: Session, person: User) -> bool:
    return MissedAnswer.objects.filter(session=session, user=person).exists()


def list_corrections(session_id: UUID) -> list[SessionEndingRevision]:
    """What a session that the actor may see was said to have become before; newest first."""
    return _corrections(session_id=session_id)


@Reading
def _corrections(session_id: UUID) -> QuerySet[SessionEndingRevision]:
    rows = SessionEndingRevision.objects.filter(session=session_id)
    return rows.select_related("by", "said_by").order_by("-id")[:100]


def list_disputed(*, actor: User, asked: Paged) -> Page[Session]:
    """Sessions of which the two sides say different things; an administrator sees all."""
    rows = Session.objects.visible_to(actor).disputed().with_people().prefetch_related(_PEOPLE)
    return paginate(rows, asked, newest="starts_at")
