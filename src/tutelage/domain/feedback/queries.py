"""Reading ratings, and sessions with them. Each starts from what the actor may see."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Func, JSONField, OuterRef, Subquery, TextField
from django.db.models.functions import Cast, JSONObject

from tutelage.core.clock import now
from tutelage.core.compiled import Given, Statement
from tutelage.core.paging import COUNTED, Paged, Pagination, cut, describe
from tutelage.domain.feedback.inputs import HistoryFilters
from tutelage.domain.feedback.models import Rating
from tutelage.domain.people.models import User
from tutelage.domain.sessions.lifecycle import Kind, ParticipantRole, Status
from tutelage.domain.sessions.models import Participant, Session, SessionQuerySet
from tutelage.domain.sessions.queries import lookups_of, narrow, order_of


def find_ratings(*, actor: User, session_ids: Iterable[UUID]) -> dict[UUID, list[Rating]]:
    """Ratings that the actor may read, by session; of sessions that the actor may see."""
    found: dict[UUID, list[Rating]] = {}
    rows = Rating.objects.visible_to(actor).filter(session__in=list(session_ids))
    for rating in rows.select_related("author", "subject").order_by("given_at", "id"):
        found.setdefault(rating.session_id, []).append(rating)
    return found


def list_unrated(actor: User, *, limit: int = 20) -> list[Session]:
    """Sessions of the last month, held with the actor as a side, that the actor has not rated."""
    side = Participant.objects.filter(
        session=OuterRef("pk"),
        user=actor,
        role__in=(ParticipantRole.HOST, ParticipantRole.GUEST),
    )
    rated = Rating.objects.filter(session=OuterRef("pk"), author=actor)
    rows = Session.objects.filter(Exists(side), ~Exists(rated), status=Status.COMPLETED)
    rows = rows.filter(archived_at=None).with_people()
    return list(rows.order_by("-starts_at", "-id")[:limit])


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


_CASTS = {"min_rating": "bigint"}
_AFTER = (Given("after_at"), Given("after_id"))
# The database writes it as JSON already: it goes out as it comes.
_PEOPLE = Cast(
    Func(
        ArraySubquery(
            Participant.objects.filter(session=OuterRef("pk"))
            .order_by("id")
            .values(line=JSONObject(id="user__uid", name="user__name", role="role"))
        ),
        function="to_jsonb",
        output_field=JSONField(),
    ),
    TextField(),
)
_COLUMNS = (
    "id", "kind", "status", "title", "program__uid", "host__uid", "host__name", "people",
    "starts_at", "ends_at", "local_start", "zone", "started_at", "ended_at", "log__outcomes",
    "log__logged_late", "own_stars", "archived_at",
)  # fmt: skip


def list_lines(*, actor: User, filters: HistoryFilters) -> tuple[list[SessionLine], Pagination]:
    """A page of sessions with the actor's own rating: two statements, and no instances."""
    lookups, after = _lookups_of(filters, actor), filters.after
    shape = _Shape(
        actor.role,
        tuple(lookups),
        order_of(filters),
        filters.archived,
        filters.page,
        filters.limit,
        bool(after),
    )
    count, window = _compiled(shape)
    at, key = after or (None, None)
    values = {"actor": actor.pk, "after_at": at, "after_id": key, "at": now(), **lookups}
    [[total]] = count.run(values)
    rows = window.run(values)
    lines = [_line(row) for row in rows[: filters.limit]]
    last = (lines[-1].starts_at, lines[-1].id) if lines else None
    return lines, describe(filters, total=total, found=len(rows), last=last)


def _lookups_of(filters: HistoryFilters, actor: User) -> dict[str, object]:
    lookups = lookups_of(filters, actor)
    return lookups | {"min_rating": filters.min_rating} if filters.min_rating else lookups


def _narrow(actor: User, lookups: Mapping[str, Any], *, archived: bool) -> SessionQuerySet:
    """By one's own rating, too; of administrators, who have none, by any that is open."""
    plain = dict(lookups)
    stars = plain.pop("min_rating", None)
    rows = narrow(actor, plain, archived=archived)
    if stars is None:
        return rows
    ratings = Rating.objects.filter(session=OuterRef("pk"), stars__gte=stars)
    seen = ratings.opened(Given("at")) if actor.is_admin else ratings.filter(author=actor.pk)
    return rows.filter(Exists(seen))


class _Shape(NamedTuple):
    """All that two requests must have in common for the same SQL."""

    role: str
    lookups: tuple[str, ...]
    newest: str
    archived: bool
    page: int
    limit: int
    is_after: bool


@lru_cache(maxsize=200)
def _compiled(shape: _Shape) -> tuple[Statement, Statement]:
    """The number of sessions, as far as it is counted, and one page of them."""
    actor = User(id=Given("actor", "bigint"), role=shape.role)
    lookups = {name: Given(name, _CASTS.get(name, "")) for name in shape.lookups}
    found = _narrow(actor, lookups, archived=shape.archived)
    own = Rating.objects.filter(session=OuterRef("pk"), author=actor.pk).values("stars")
    page = cut(
        found.annotate(people=_PEOPLE, own_stars=Subquery(own)),
        Paged(page=shape.page, limit=shape.limit),
        newest=shape.newest,
        after=_AFTER if shape.is_after else None,
    )
    counted = found.order_by()[:COUNTED].values_list("pk")
    return Statement.of(counted).counted(), Statement.of(page.values_list(*_COLUMNS))


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
