"""Reading ratings, and sessions with them. Each starts from what the actor may see."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject

from tutelage.core.paging import COUNTED, Pagination, cut, describe
from tutelage.domain.feedback.models import Rating
from tutelage.domain.people.models import User
from tutelage.domain.sessions.inputs import SessionFilters
from tutelage.domain.sessions.lifecycle import Kind, ParticipantRole, Status
from tutelage.domain.sessions.models import Participant, Session
from tutelage.domain.sessions.queries import filter_sessions


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
    participants: Sequence[Any]
    starts_at: datetime
    ends_at: datetime
    local_start: datetime
    zone: str
    duration_minutes: int
    outcomes: str | None
    logged_late: bool
    your_rating: int | None
    archived_at: datetime | None


_PEOPLE = ArraySubquery(
    Participant.objects.filter(session=OuterRef("pk"))
    .order_by("id")
    .values(line=JSONObject(id="user__uid", name="user__name", role="role"))
)
_COLUMNS = (
    "id", "kind", "status", "title", "program__uid", "host__uid", "host__name", "people",
    "starts_at", "ends_at", "local_start", "zone", "started_at", "ended_at", "log__outcomes",
    "log__logged_late", "own_stars", "archived_at",
)  # fmt: skip


def list_lines(*, actor: User, filters: SessionFilters) -> tuple[list[SessionLine], Pagination]:
    """A page of sessions with the actor's own rating: two statements, and no instances."""
    found = filter_sessions(actor=actor, filters=filters)
    total = found.order_by()[:COUNTED].count()
    own = Rating.objects.filter(session=OuterRef("pk"), author=actor).values("stars")
    page = cut(found.annotate(people=_PEOPLE, own_stars=Subquery(own)), filters, newest="starts_at")
    window = list(page.values_list(*_COLUMNS))
    lines = [_line(row) for row in window[: filters.limit]]
    last = (lines[-1].starts_at, lines[-1].id) if lines else None
    return lines, describe(filters, total=total, found=len(window), last=last)


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
        participants=people,
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
