"""Reading the evidence of a session that the actor may see, and what else lies beside it."""

from datetime import datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

import msgspec
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject

from tutelage.core.compiled import Given, Reading, Statement, as_json
from tutelage.domain.attendance.models import Evidence
from tutelage.domain.logs.models import PrivateNote, SessionLogRevision
from tutelage.domain.people.models import User
from tutelage.domain.sessions.models import MissedAnswer, Session, SessionEndingRevision


def list_evidence(session_id: UUID) -> list[Evidence]:
    """Who was seen when, oldest first; the first 200 rows."""
    return _evidence(session_id=session_id)


@Reading
def _evidence(session_id: UUID) -> QuerySet[Evidence]:
    rows = Evidence.objects.filter(session=session_id).select_related("participant__user")
    return rows.order_by("seen_from", "id")[:200]


class Seen(msgspec.Struct):
    """When somebody was first seen in a session, and by what sign."""

    participant_id: int | None
    source: str
    seen_from: datetime


class Change(msgspec.Struct):
    by: str
    at: datetime


class Beside(NamedTuple):
    """What else there is about a session for one reader, most of which most sessions have not."""

    note: str
    changed: Change | None
    seen: dict[int | None, Seen]
    has_answers: bool
    has_corrections: bool


_read_seen = msgspec.json.Decoder(list[Seen]).decode
_read_changes = msgspec.json.Decoder(list[Change]).decode


def read_beside(*, actor: User, session_id: UUID) -> Beside:
    """In one statement; of a session that the actor may see."""
    [[note, changes, seen, has_answers, has_corrections]] = _beside().run(
        {"actor": actor.pk, "session": session_id}
    )
    first = {each.participant_id: each for each in _read_seen(seen)}
    changed = next(iter(_read_changes(changes)), None)
    return Beside(note or "", changed, first, has_answers, has_corrections)


@cache
def _beside() -> Statement:
    of_session = {"session": OuterRef("pk")}
    note = PrivateNote.objects.of(User(id=Given("actor", "bigint"))).filter(**of_session)
    changes = SessionLogRevision.objects.filter(**of_session).order_by("-id")[:1]
    seen = Evidence.objects.filter(**of_session).order_by("participant_id", "seen_from", "id")
    seen = seen.distinct("participant_id")
    rows = Session.objects.filter(pk=Given("session")).values_list(
        Subquery(note.values("text")),
        as_json(changes.values(line=JSONObject(by=Coalesce("by__name", Value("")), at="at"))),
        as_json(seen.values(line=JSONObject(**{name: name for name in Seen.__struct_fields__}))),
        Exists(MissedAnswer.objects.filter(**of_session)),
        Exists(SessionEndingRevision.objects.filter(**of_session)),
    )
    return Statement.of(rows)
