"""Sessions that nobody logged, and corrections, over HTTP."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from tutelage.api.requests import ApiRequest
from tutelage.api.shapes import Pagination, PersonOut
from tutelage.core.clock import now
from tutelage.core.paging import Paged
from tutelage.domain.sessions import queries
from tutelage.domain.sessions.inputs import AnswerMissed
from tutelage.domain.sessions.lifecycle import Party, Status, Told
from tutelage.domain.sessions.services import missed

if TYPE_CHECKING:
    from tutelage.domain.people.models import User
    from tutelage.domain.sessions.models import MissedAnswer, Session, SessionEndingRevision

Answers = Mapping[UUID, Sequence["MissedAnswer"]]

router = Router(tags=["sessions"])
disputed_router = Router(tags=["missed"])


class AnswerOut(Schema):
    by: PersonOut
    answer: Told | None = Field(description="The other side's once you have answered yourself.")
    party: Party | None
    at: AwareDatetime


class MissedOut(Schema):
    """What both sides say became of a session that nobody logged."""

    session_id: UUID
    status: Status
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    host: PersonOut
    asked: bool = Field(description="Whether both sides are asked: it is over, and unresolved.")
    disputed: bool = Field(description="Whether they say different things.")
    answers: list[AnswerOut]


class MissedPage(Schema):
    missed: list[MissedOut]
    pagination: Pagination


class CorrectionOut(Schema):
    """What was said of a session before it was said otherwise."""

    status: Status
    party: Party | None
    said_by: PersonOut | None
    ending_reason: str
    late: bool
    said_at: AwareDatetime | None
    started_at: AwareDatetime | None
    ended_at: AwareDatetime | None
    to_status: Status
    by: PersonOut | None = Field(description="Nobody alone where both sides agreed.")
    reason: str
    at: AwareDatetime


class CorrectionList(Schema):
    corrections: list[CorrectionOut]


@router.get("/{session_id}/missed", response=MissedOut)
def get_missed(request: ApiRequest, session_id: UUID) -> object:
    """What became of a session that nobody logged, as both sides say."""
    session = queries.get_session(actor=request.auth, session_id=session_id)
    return _missed_out(session, queries.find_answers([session_id]), request.auth)


@router.post("/{session_id}/missed", response=MissedOut)
def post_missed(request: ApiRequest, session_id: UUID, body: AnswerMissed) -> object:
    """Say what became of it: `happened`, `no_show` (with `party`) or `called_off`.

    One answer alone changes nothing. Two that agree on a no-show or on its being called off
    settle it; that it happened is settled by completing it. Until then an answer can be changed.
    """
    missed.answer_missed(actor=request.auth, session_id=session_id, given=body)
    return get_missed(request, session_id)


@router.get("/{session_id}/corrections", response=CorrectionList)
def get_corrections(request: ApiRequest, session_id: UUID) -> object:
    """What the session was said to have become before, newest first."""
    session = queries.get_session(actor=request.auth, session_id=session_id)
    rows = queries.list_corrections(session.pk)
    return {"corrections": [_correction_out(row) for row in rows]}


@disputed_router.get("", response=MissedPage)
def list_missed(request: ApiRequest, asked: Query[Paged]) -> object:
    """List the sessions of which the two sides say different things, newest first."""
    page = queries.list_disputed(actor=request.auth, asked=asked)
    answers = queries.find_answers([session.pk for session in page.rows])
    rows = [_missed_out(session, answers, request.auth) for session in page.rows]
    return {"missed": rows, "pagination": page.pagination}


def _missed_out(session: "Session", found: "Answers", reader: "User") -> dict[str, Any]:
    answers = found.get(session.pk, [])
    shown = queries.can_read(session, answers, reader)
    fields = ("status", "starts_at", "ends_at", "host")
    return {
        "session_id": session.pk,
        **{name: getattr(session, name) for name in fields},
        "asked": session.is_unresolved(now()),
        "disputed": session.is_unresolved(now()) and len({each.says for each in answers}) > 1,
        "answers": [_answer_out(each, shown=shown) for each in answers],
    }


def _answer_out(answer: "MissedAnswer", *, shown: bool) -> dict[str, Any]:
    said, party = answer.says if shown else (None, None)
    return {"by": answer.user, "answer": said, "party": party or None, "at": answer.at}


def _correction_out(row: "SessionEndingRevision") -> dict[str, Any]:
    fields = (
        "status", "said_by", "ending_reason", "late", "said_at", "started_at", "ended_at",
        "to_status", "by", "reason", "at",
    )  # fmt: skip
    return {"party": row.party or None, **{name: getattr(row, name) for name in fields}}
