"""Sessions over HTTP. An operation parses, calls one service or query, and answers."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Final
from uuid import UUID

import msgspec
from django.http import HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime, Field

from tutelage.api.idempotency import SECRET
from tutelage.api.preconditions import IfMatch, etag, required_version, seen_version
from tutelage.api.requests import ApiRequest
from tutelage.api.shapes import (
    Pagination,
    Parts,
    PersonOut,
    RatingOut,
    SessionOut,
    SessionRow,
    as_json,
    rating_out,
    session_out,
)
from tutelage.core.inputs import Input
from tutelage.domain.attendance.queries import list_evidence
from tutelage.domain.feedback import queries as feedback_queries
from tutelage.domain.feedback import services as feedback
from tutelage.domain.feedback.inputs import CompleteSession, GiveRating, HistoryFilters
from tutelage.domain.feedback.queries import SessionLine
from tutelage.domain.meetings import services as meetings
from tutelage.domain.meetings.inputs import SetMeetingLink, SwitchMeeting
from tutelage.domain.meetings.queries import NO_WAYS, find_ways
from tutelage.domain.notifications.queries import list_notices
from tutelage.domain.scheduling.inputs import (
    AcceptTime,
    AskForTime,
    CancelSession,
    CounterTime,
    DeclineTime,
    ReinstateSession,
    RescheduleSession,
    WithdrawTime,
)
from tutelage.domain.scheduling.queries import find_open_offer
from tutelage.domain.scheduling.services import answering, cancelling, offering, reinstating
from tutelage.domain.scheduling.services.offering import Planned
from tutelage.domain.sessions import queries
from tutelage.domain.sessions.inputs import (
    CorrectSession,
    MarkNoShow,
    RenameSession,
    StartSession,
)
from tutelage.domain.sessions.services import completion, correcting, missed, planning

if TYPE_CHECKING:
    from tutelage.domain.sessions.models import Session

router = Router(tags=["sessions"])

SessionAction = Annotated[
    AcceptTime
    | CounterTime
    | DeclineTime
    | WithdrawTime
    | RescheduleSession
    | CancelSession
    | ReinstateSession
    | StartSession
    | CompleteSession
    | MarkNoShow
    | CorrectSession,
    Field(discriminator="action"),
]
ACTIONS: Final = {
    "accept", "counter", "decline", "withdraw", "reschedule", "cancel", "reinstate", "start",
    "complete", "mark_no_show", "correct",
}  # fmt: skip


class SessionPage(Schema):
    sessions: list[SessionRow]
    pagination: Pagination


class RatingList(Schema):
    ratings: list[RatingOut]


class DoorOut(Schema):
    url: str = Field(description="Where the session meets. It is given by joining alone.")


class EvidenceOut(Schema):
    participant: PersonOut | None
    source: str
    seen_from: AwareDatetime
    seen_to: AwareDatetime | None


class EvidenceList(Schema):
    evidence: list[EvidenceOut]


class NoticeOut(Schema):
    person: PersonOut
    kind: str
    channel: str
    state: str
    slot_start: AwareDatetime
    due_at: AwareDatetime
    sent_at: AwareDatetime | None
    trouble: str


class NoticeList(Schema):
    notifications: list[NoticeOut]


@router.get("", response=SessionPage)
def list_sessions(request: ApiRequest, filters: Query[HistoryFilters]) -> HttpResponse:
    """List the sessions you may see, newest first."""
    return page_of_lines(*feedback_queries.list_lines(actor=request.auth, filters=filters))


def page_of_lines(lines: list[SessionLine], pagination: Pagination) -> HttpResponse:
    """Straight to JSON: an output model for each row would cost more than all else."""
    body = {"sessions": lines, "pagination": pagination.model_dump()}
    return HttpResponse(msgspec.json.encode(body), content_type="application/json")


@router.post("", response={201: SessionOut})
def post_session(request: ApiRequest, body: AskForTime) -> HttpResponse:
    """Propose a time for a session of a pair. It is held for both until the other side answers.

    From an administrator who is neither side it stands at once.
    """
    return answer_created(request, offering.propose_time(actor=request.auth, given=body))


@router.get("/{session_id}", response=SessionOut)
def get_session(request: ApiRequest, session_id: UUID) -> HttpResponse:
    """Read one session. Its ETag is what a change must bring along."""
    return read_session(request, session_id)


@router.post("/{session_id}", response=SessionOut)
def act_on_session(
    request: ApiRequest,
    session_id: UUID,
    body: SessionAction,
    if_match: IfMatch = None,
) -> HttpResponse:
    """Make a move, one of those that the session's status allows; 409 names what does not.

    An offered time is answered by `accept`, `counter` or `decline`, whether it is for a new
    session or to move one that stands; who offered it can `withdraw` it. Who cancelled a session
    can `reinstate` it, while its time is still to come and still free. `correct` says otherwise
    what became of a session, and keeps what was said before.
    """
    seen = seen_version(if_match)
    moved = _MOVES[type(body)](body, actor=request.auth, session_id=session_id, seen_version=seen)
    match body:
        case AcceptTime():
            return answer_planned(request, moved)
        case CompleteSession():
            return answer_logged(request, moved)
        case _:
            return read_session(request, session_id)


_MOVES: Final[Mapping[type[Input], Callable[..., Any]]] = {
    AcceptTime: lambda _given, **which: answering.accept_time(**which),
    CounterTime: lambda given, **which: offering.counter_time(given=given, **which),
    DeclineTime: lambda given, **which: answering.decline_time(reason=given.reason, **which),
    WithdrawTime: lambda given, **which: answering.withdraw_time(reason=given.reason, **which),
    RescheduleSession: lambda given, **which: offering.reschedule_session(given=given, **which),
    CancelSession: lambda given, **which: cancelling.cancel_session(reason=given.reason, **which),
    ReinstateSession: lambda _given, **which: reinstating.reinstate_session(**which),
    StartSession: lambda _given, **which: completion.start_session(**which),
    CompleteSession: lambda given, **which: feedback.log_and_rate(given=given, **which),
    MarkNoShow: lambda given, **which: missed.mark_no_show(given=given, **which),
    CorrectSession: lambda given, **which: correcting.correct_session(given=given, **which),
}


@router.patch("/{session_id}", response=SessionOut)
def patch_session(
    request: ApiRequest,
    session_id: UUID,
    body: RenameSession,
    if_match: IfMatch = None,
) -> HttpResponse:
    """Change the title of the version named by If-Match; 428 without, 412 when it is stale."""
    planning.rename_session(
        actor=request.auth,
        session_id=session_id,
        title=body.title,
        seen_version=required_version(if_match),
    )
    return read_session(request, session_id)


@router.delete("/{session_id}", response={204: None})
def delete_session(request: ApiRequest, session_id: UUID, if_match: IfMatch = None) -> object:
    """Archive a session that is over; 409 for any other, which names the moves there are."""
    planning.archive_session(
        actor=request.auth, session_id=session_id, seen_version=required_version(if_match)
    )
    return Status(204, None)


@router.post("/{session_id}/join", response=DoorOut, openapi_extra=SECRET)
def join_session(request: ApiRequest, session_id: UUID, response: HttpResponse) -> object:
    """Join: the meeting link, from 15 minutes before the start. That you asked is evidence."""
    response["Cache-Control"] = "no-store"
    return {"url": meetings.join_session(actor=request.auth, session_id=session_id)}


@router.put("/{session_id}/meeting", response={204: None})
def put_meeting(request: ApiRequest, session_id: UUID, body: SetMeetingLink) -> object:
    """Say where the session meets, and where else. Nobody reads it but by joining."""
    links = body.model_dump()
    meetings.set_meeting_link(actor=request.auth, session_id=session_id, **links)
    return Status(204, None)


@router.post("/{session_id}/meeting", response={204: None})
def post_meeting(request: ApiRequest, session_id: UUID, body: SwitchMeeting) -> object:
    """Lead everybody to the backup link, or back; personal links follow by themselves."""
    meetings.switch_meeting(actor=request.auth, session_id=session_id, active=body.active)
    return Status(204, None)


@router.get("/{session_id}/feedback", response=RatingList)
def get_feedback(request: ApiRequest, session_id: UUID) -> object:
    """Your own rating, and the other side's once the seal is open."""
    session = queries.get_session(actor=request.auth, session_id=session_id)
    found = feedback_queries.list_ratings(actor=request.auth, session_id=session.pk)
    return {"ratings": [rating_out(rating) for rating in found]}


@router.post("/{session_id}/feedback", response=RatingOut)
def post_feedback(request: ApiRequest, session_id: UUID, body: GiveRating) -> object:
    """Rate the other side, 1 to 5. It can be changed until the seal opens."""
    return rating_out(feedback.rate_session(actor=request.auth, session_id=session_id, given=body))


@router.get("/{session_id}/evidence", response=EvidenceList)
def get_evidence(request: ApiRequest, session_id: UUID) -> object:
    """Who was seen when, oldest first."""
    session = queries.get_session(actor=request.auth, session_id=session_id)
    rows = list_evidence(session.pk)
    return {
        "evidence": [
            {
                "participant": row.participant and row.participant.user,
                "source": row.source,
                "seen_from": row.seen_from,
                "seen_to": row.seen_to,
            }
            for row in rows
        ]
    }


@router.get("/{session_id}/notifications", response=NoticeList)
def get_notifications(request: ApiRequest, session_id: UUID) -> object:
    """Who was told what, when, by which channel, and what became of it; newest first."""
    session = queries.get_session(actor=request.auth, session_id=session_id)
    return {"notifications": list_notices(session.pk)}


def read_session(request: ApiRequest, session_id: UUID, status: int = 200) -> HttpResponse:
    session = queries.get_session(actor=request.auth, session_id=session_id)
    parts = Parts(
        people=session.participants.all(),
        offer=find_open_offer(session),
        log=getattr(session, "log", None),
        ending=getattr(session, "ending", None),
        ratings=feedback_queries.list_ratings(actor=request.auth, session_id=session.pk),
        ways=find_ways(session),
    )
    return _answer(session, parts, status)


def answer_created(request: ApiRequest, planned: Planned) -> HttpResponse:
    response = answer_planned(request, planned, HTTPStatus.CREATED)
    response["Location"] = f"/api/sessions/{planned.session.pk}"
    return response


def answer_planned(request: ApiRequest, planned: Planned, status: int = 200) -> HttpResponse:
    """What is new is not read again, but for its room; what is only asked for has none yet."""
    session, people, offer = planned
    if not people:
        return read_session(request, session.pk, status)
    ways = NO_WAYS if offer else find_ways(session)
    return _answer(session, Parts(people, offer, ways=ways), status)


def answer_logged(request: ApiRequest, session: "Session", status: int = 200) -> HttpResponse:
    """What was just logged is known, too: no offer for it waits any more, and it has no ending."""
    parts = Parts(
        people=queries.people_of(session),
        log=session.log,
        ratings=feedback_queries.list_ratings(actor=request.auth, session_id=session.pk),
        ways=find_ways(session),
    )
    return _answer(session, parts, status)


def _answer(session: "Session", parts: Parts, status: int) -> HttpResponse:
    return HttpResponse(
        as_json(session_out(session, parts)),
        status=status,
        content_type="application/json",
        headers={"ETag": etag(session.version)},
    )
