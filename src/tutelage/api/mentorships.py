"""Pairs over HTTP, and their log."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import AwareDatetime, Field

from tutelage.api.preconditions import IfMatch, etag, required_version, seen_version
from tutelage.api.requests import ApiRequest
from tutelage.api.sessions import SessionPage, answer_logged, page_of_lines
from tutelage.api.shapes import MentorshipOut, Pagination, PersonOut, SessionOut, mentorship_out
from tutelage.domain.feedback.inputs import HistoryFilters, LogPastAndRate
from tutelage.domain.feedback.queries import list_lines
from tutelage.domain.feedback.services import log_past_and_rate
from tutelage.domain.insights import queries as insights
from tutelage.domain.insights.inputs import PulseFilters
from tutelage.domain.insights.pulse import ADVICE, Level, Pulse, Sign
from tutelage.domain.programs import queries, services
from tutelage.domain.programs.inputs import (
    ChangeMentorship,
    MakeMentorship,
    MentorshipFilters,
    MoveMentorship,
    ProposeMentorship,
)
from tutelage.domain.programs.lifecycle import PairAction, PairStatus
from tutelage.domain.sessions.lifecycle import Status as SessionStatus

router = Router(tags=["mentorships"])
log_router = Router()


class MentorshipPage(Schema):
    mentorships: list[MentorshipOut]
    pagination: Pagination


class SignOut(Schema):
    sign: Sign
    says: str
    advice: str = Field(description="What to do about it.")
    since: AwareDatetime


class PulseOut(Schema):
    level: Level
    signs: list[SignOut]


class PairPulseOut(Schema):
    mentorship: MentorshipOut
    pulse: PulseOut


class PulsePage(Schema):
    pairs: list[PairPulseOut]
    pagination: Pagination


class MetOut(Schema):
    session_id: UUID
    starts_at: AwareDatetime = Field(alias="at")
    status: SessionStatus


class RhythmOut(Schema):
    """How often a pair meets, beside what it agreed upon."""

    since: AwareDatetime
    agreed_days: int
    met_every_days: int | None = Field(description="On the average; null with fewer than two.")
    meetings: list[MetOut]


class OnePulseOut(PulseOut):
    rhythm: RhythmOut


def pulse_out(pulse: Pulse) -> dict[str, Any]:
    signs = [
        {
            "sign": sign,
            "says": str(sign.label),
            "advice": str(ADVICE[sign]),
            "since": datetime.fromtimestamp(since, UTC),
        }
        for sign, since in pulse.signs
    ]
    return {"level": pulse.level, "signs": signs}


class PairMoveOut(Schema):
    action: PairAction
    from_status: PairStatus
    status: PairStatus
    by: PersonOut | None
    reason: str
    at: AwareDatetime


class PairMoveList(Schema):
    moves: list[PairMoveOut]


@router.get("", response=MentorshipPage)
def list_mentorships(request: ApiRequest, filters: Query[MentorshipFilters]) -> object:
    """List the pairs you may see, newest first."""
    page = queries.list_mentorships(actor=request.auth, filters=filters)
    rows = [mentorship_out(mentorship) for mentorship in page.rows]
    return {"mentorships": rows, "pagination": page.pagination}


@router.post("", response={201: MentorshipOut})
def post_mentorship(request: ApiRequest, body: MakeMentorship, response: HttpResponse) -> object:
    """Make a pair, for administrators. Both have accounts already."""
    mentorship = services.make_mentorship(actor=request.auth, given=body)
    response["Location"] = f"/api/mentorships/{mentorship.uid}"
    return Status(201, mentorship_out(mentorship))


@router.get("/pulse", response=PulsePage)
def list_by_pulse(request: ApiRequest, filters: Query[PulseFilters]) -> object:
    """List the pairs you may see by how they are doing, worst first.

    Each sign that something is wrong comes with what to do about it.
    """
    page = insights.list_by_pulse(actor=request.auth, filters=filters)
    pairs = [
        {"mentorship": mentorship_out(line.pair), "pulse": pulse_out(line.pulse)}
        for line in page.rows
    ]
    return {"pairs": pairs, "pagination": page.pagination}


@router.post("/proposals", response={201: MentorshipOut})
def post_proposal(request: ApiRequest, body: ProposeMentorship, response: HttpResponse) -> object:
    """Ask somebody to be your mentor or mentee. The pair is active once they accept."""
    mentorship = services.propose_mentorship(actor=request.auth, given=body)
    response["Location"] = f"/api/mentorships/{mentorship.uid}"
    return Status(201, mentorship_out(mentorship))


@router.get("/{mentorship_id}", response=MentorshipOut)
def get_mentorship(request: ApiRequest, mentorship_id: UUID, response: HttpResponse) -> object:
    """Read one pair. Its ETag is what a change must bring along."""
    found = queries.get_mentorship(actor=request.auth, mentorship_id=mentorship_id)
    response["ETag"] = etag(found.version)
    return mentorship_out(found)


@router.post("/{mentorship_id}", response=MentorshipOut)
def act_on_mentorship(
    request: ApiRequest,
    mentorship_id: UUID,
    body: MoveMentorship,
    response: HttpResponse,
    if_match: IfMatch = None,
) -> object:
    """Accept, decline or withdraw a proposal; pause, resume or end a pair. Ending needs a reason.

    Sessions that are planned stay planned.
    """
    moved = services.move_mentorship(
        actor=request.auth,
        mentorship_id=mentorship_id,
        given=body,
        seen_version=seen_version(if_match),
    )
    response["ETag"] = etag(moved.version)
    return mentorship_out(moved)


@router.patch("/{mentorship_id}", response=MentorshipOut)
def patch_mentorship(
    request: ApiRequest,
    mentorship_id: UUID,
    body: ChangeMentorship,
    response: HttpResponse,
    if_match: IfMatch = None,
) -> object:
    """Change goals or cadence of the version named by If-Match; 428 without, 412 when stale."""
    changed = services.change_mentorship(
        actor=request.auth,
        mentorship_id=mentorship_id,
        given=body,
        seen_version=required_version(if_match),
    )
    response["ETag"] = etag(changed.version)
    return mentorship_out(changed)


@router.get("/{mentorship_id}/pulse", response=OnePulseOut)
def get_pulse(request: ApiRequest, mentorship_id: UUID) -> object:
    """How one pair is doing: its pulse, and how often it meets beside what it agreed upon."""
    pair = queries.get_mentorship(actor=request.auth, mentorship_id=mentorship_id)
    rhythm = insights.get_rhythm(actor=request.auth, pair=pair)
    return {
        **pulse_out(insights.find_pulses([pair])[pair.pk]),
        "rhythm": {
            "since": rhythm.since,
            "agreed_days": pair.cadence_days,
            "met_every_days": rhythm.gap_days,
            "meetings": rhythm.met,
        },
    }


@router.get("/{mentorship_id}/moves", response=PairMoveList)
def list_moves(request: ApiRequest, mentorship_id: UUID) -> object:
    """What became of the pair so far: each change of its status, oldest first."""
    found = queries.get_mentorship(actor=request.auth, mentorship_id=mentorship_id)
    return {"moves": queries.list_moves(found)}


@log_router.get("/{mentorship_id}/sessions", response=SessionPage)
def list_pair_sessions(
    request: ApiRequest, mentorship_id: UUID, filters: Query[HistoryFilters]
) -> HttpResponse:
    """List the sessions of a pair, newest first."""
    mentorship = queries.get_mentorship(actor=request.auth, mentorship_id=mentorship_id)
    narrowed = filters.model_copy(update={"mentorship": mentorship.uid})
    return page_of_lines(*list_lines(actor=request.auth, filters=narrowed))


@log_router.post("/{mentorship_id}/sessions", response={201: SessionOut})
def post_pair_session(
    request: ApiRequest, mentorship_id: UUID, body: LogPastAndRate
) -> HttpResponse:
    """Log a session of a pair that took place and was never planned here.

    Without `local_start` it ended just now. To plan one, POST to `/api/sessions`.
    """
    mentorship = queries.get_mentorship(actor=request.auth, mentorship_id=mentorship_id)
    session = log_past_and_rate(actor=request.auth, mentorship=mentorship, given=body)
    response = answer_logged(request, session, HTTPStatus.CREATED)
    response["Location"] = f"/api/sessions/{session.pk}"
    return response


router.add_router("", log_router)
