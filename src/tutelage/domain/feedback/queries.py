"""Reading ratings, and sessions with them. Each starts from what the actor may see."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

import msgspec
from django.db.models import (
    Avg,
    Count,
    Exists,
    OuterRef,
    Q,
    Subquery,
)
from django.db.models.functions import JSONObject

from tutelage.core.clock import now
from tutelage.core.compiled import Given, IsAny, Reading, Statement, as_json
from tutelage.core.paging import Pagination, describe
from tutelage.domain.feedback.finding import Found, find
from tutelage.domain.feedback.inputs import HistoryFilters
from tutelage.domain.feedback.models import Rating, RatingQuerySet
from tutelage.domain.people.models import User
from tutelage.domain.sessions.lifecycle import OPEN, Kind, ParticipantRole, Status
from tutelage.domain.sessions.models import NextStep, Participant, Session, SessionQuerySet

RATED_WITHIN: Final = timedelta(days=30)  # who has not rated until then is not asked any more


def list_ratings(*, actor: User, session_id: UUID) -> list[Rating]:
    """Ratings of a session that the actor may see: those that the actor may read."""
    return _ratings(actor_id=actor.pk, session_id=session_id, at=now())


@Reading
def _ratings(actor_id: int, session_id: UUID, at: datetime) -> RatingQuerySet:
    rows = Rating.objects.visible_to(User(id=actor_id), at).filter(session=session_id)
    return rows.select_related("author", "subject").order_by("given_at", "id")


def list_at_hand(actor: User, *, days: int = 7) -> list[Session]:
    """What home is about, in one query: coming, not spoken of yet, and not rated. Latest first."""
    at = now()
    return _at_hand(actor_id=actor.pk, until=at + timedelta(days=days), since=at - RATED_WITHIN)


@Reading.planned_once
def _at_hand(actor_id: int, until: datetime, since: datetime) -> SessionQuerySet:
    side = Participant.objects.filter(
        session=OuterRef("pk"),
        user=actor_id,
        role__in=(ParticipantRole.HOST, ParticipantRole.GUEST),
    )
    rated = Rating.objects.filter(session=OuterRef("pk"), author=actor_id)
    is_open = Q(status__in=OPEN, starts_at__lt=until)
    is_unrated = Q(status=Status.COMPLETED, starts_at__gt=since, archived_at=None)
    rows = Session.objects.of(User(id=actor_id))
    rows = rows.filter(is_open | (is_unrated & Exists(side) & ~Exists(rated)))
    return rows.with_pair().order_by("-starts_at", "-id")[:200]


AVERAGE_FROM = 3  # opened ratings; of fewer, who gave which could be told


class Average(NamedTuple):
    """What others thought of sessions with somebody; None until there are enough opened ratings."""

    stars: float | None
    number: int


def find_averages(person_ids: Iterable[int]) -> dict[int, Average]:
    """The averages of people the actor may know of, of sessions that still count as held."""
    rows = Rating.objects.opened().filter(
        subject__in=set(person_ids), session__status=Status.COMPLETED
    )
    sums = rows.values("subject").annotate(stars=Avg("stars"), number=Count("pk"))
    found = {
        each["subject"]: Average(
            round(float(each["stars"]), 1) if each["number"] >= AVERAGE_FROM else None,
            each["number"],
        )
        for each in sums
    }
    return {key: found.get(key, Average(None, 0)) for key in person_ids}


class PersonLine(msgspec.Struct):
    id: UUID
    name: str


class SessionLine(msgspec.Struct):
    """A session in a list, as plain values: what a list of many rows can afford."""

    id: UUID
    kind: str
    status: str
    title: str
    mentorship_id: UUID | None
    host: PersonLine
    participants: msgspec.Raw
    starts_at: datetime
    ends_at: datetime
    local_start: datetime
    zone: str
    duration_minutes: int
    outcomes: str | None
    logged_late: bool
    your_rating: int | None
    archived_at: datetime | None


_PEOPLE = as_json(
    Participant.objects.filter(session=OuterRef("pk"))
    .order_by("id")
    .values(line=JSONObject(id="user__uid", name="user__name", role="role"))
)
_STEPS = as_json(
    NextStep.objects.filter(session=OuterRef("pk"))
    .order_by("position", "id")
    .values(line=JSONObject(text="text", done_at="done_at"))
)
_COLUMNS = (
    "id", "kind", "status", "title", "program__uid", "host__uid", "host__name", "people",
    "starts_at", "ends_at", "local_start", "zone", "started_at", "ended_at", "log__outcomes",
    "log__logged_late", "own_stars", "archived_at",
)  # fmt: skip


def list_lines(*, actor: User, filters: HistoryFilters) -> tuple[list[SessionLine], Pagination]:
    """A page of sessions with the actor's own rating: two statements, and no instances."""
    found = find(actor, filters, is_history=False, limit=filters.limit)
    rows = _read(actor, _COLUMNS, found.keys[: filters.limit])
    return [_line(row) for row in rows], _described(filters, found, rows, _COLUMNS)


class StepLine(msgspec.Struct):
    text: str
    done_at: datetime | None


class RatingLine(msgspec.Struct):
    author: int
    name: str
    stars: int
    unseals_at: datetime
    opened_at: datetime | None

    def is_open(self, at: datetime) -> bool:
        return self.opened_at is not None or self.unseals_at <= at


class HistoryLine(NamedTuple):
    """A session as a history tells of it; what was never written is None."""

    id: UUID
    status: str
    starts_at: datetime
    ends_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    title: str
    host: str
    mentor_id: int | None
    mentor: str
    mentee_id: int | None
    mentee: str
    objectives: str | None
    outcomes: str | None
    shared_notes: str | None
    logged_late: bool | None
    logged_by: int | None
    logged_at: datetime | None
    party: str | None
    ended_by: int | None
    reason: str | None
    ended_late: bool | None
    steps: list[StepLine]
    ratings: list[RatingLine]


_TOLD = (
    "id", "status", "starts_at", "ends_at", "started_at", "ended_at", "title", "host__name",
    "program__mentorship__mentor", "program__mentorship__mentor__name",
    "program__mentorship__mentee", "program__mentorship__mentee__name",
    "log__objectives", "log__outcomes", "log__shared_notes", "log__logged_late",
    "log__logged_by", "log__logged_at",
    "ending__party", "ending__by", "ending__reason", "ending__late", "steps", "given",
)  # fmt: skip
_read_steps = msgspec.json.Decoder(list[StepLine]).decode
_read_ratings = msgspec.json.Decoder(list[RatingLine]).decode


def list_history(*, actor: User, filters: HistoryFilters) -> tuple[list[HistoryLine], Pagination]:
    """What is over, or was to be, newest first, with log, ending and ratings: two statements.

    Whoever asks for one status gets all of it, times to come included.
    """
    found = find(actor, filters, is_history=True, limit=filters.limit)
    rows = _read(actor, _TOLD, found.keys[: filters.limit])
    return [_told(row) for row in rows], _described(filters, found, rows, _TOLD)


def list_all_history(*, actor: User, filters: HistoryFilters, limit: int) -> list[HistoryLine]:
    """The same without pages, for who takes all of it away."""
    everything = filters.model_copy(update={"page": 1, "cursor": None})
    found = find(actor, everything, is_history=True, limit=limit)
    return [_told(row) for row in _read(actor, _TOLD, found.keys[:limit])]


def _told(row: tuple[Any, ...]) -> HistoryLine:
    *plain, steps, given = row
    return HistoryLine._make((*plain, _read_steps(steps), _read_ratings(given)))


def _read(actor: User, columns: tuple[str, ...], keys: list[UUID]) -> list[tuple[Any, ...]]:
    """What a row shows, of those that are shown: the same statement however they were found."""
    if not keys:
        return []
    shown = _shown(actor.role, columns)
    return shown.run({"actor": actor.pk, "keys": keys, "at": now()})


@cache
def _shown(role: str, columns: tuple[str, ...]) -> Statement:
    actor = User(id=Given("actor", "bigint"), role=role)
    rows = Session.objects.filter(IsAny("pk", Given("keys", "uuid[]")))
    return Statement.of(
        _with_lists(rows, actor).order_by("-starts_at", "-pk").values_list(*columns)
    )


def _described(
    filters: HistoryFilters, found: Found, rows: list[tuple[Any, ...]], columns: tuple[str, ...]
) -> Pagination:
    last = (rows[-1][columns.index("starts_at")], rows[-1][0]) if rows else None
    return describe(filters, total=found.total, found=len(found.keys), last=last)


def _with_lists(rows: SessionQuerySet, actor: User) -> SessionQuerySet:
    """What a session has several of; what is not asked for costs nothing."""
    ratings = Rating.objects.filter(session=OuterRef("pk"))
    own = ratings.filter(author=actor.pk)
    seen = ratings.visible_to(actor, Given("at")).order_by("given_at", "id")
    line = JSONObject(
        author="author_id",
        name="author__name",
        stars="stars",
        unseals_at="unseals_at",
        opened_at="opened_at",
    )
    return rows.annotate(
        people=_PEOPLE,
        steps=_STEPS,
        own_stars=Subquery(own.values("stars")),
        given=as_json(seen.values(line=line)),
    )


def _line(row: tuple[Any, ...]) -> SessionLine:
    (key, kind, status, title, program, host, name, people, starts_at, ends_at, local_start, zone,
     started_at, ended_at, outcomes, logged_late, stars, archived_at) = row  # fmt: skip
    begun, over = (started_at, ended_at) if started_at and ended_at else (starts_at, ends_at)
    return SessionLine(
        id=key,
        kind=kind,
        status=status,
        title=title,
        mentorship_id=program if kind == Kind.MENTORSHIP else None,
        host=PersonLine(host, name),
        participants=msgspec.Raw(people),
        starts_at=starts_at,
        ends_at=ends_at,
        local_start=local_start,
        zone=zone,
        duration_minutes=round((over - begun).total_seconds() / 60),
        outcomes=outcomes,
        logged_late=bool(logged_late),
        your_rating=stars,
        archived_at=archived_at,
    )
