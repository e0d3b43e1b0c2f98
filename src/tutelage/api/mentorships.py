"""Pairs over HTTP, and their log."""

from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Router, Schema, Status

from tutelage.api.requests import ApiRequest
from tutelage.api.sessions import SessionPage, page_of_lines, read_session
from tutelage.api.shapes import MentorshipOut, Pagination, SessionOut, mentorship_out
from tutelage.domain.feedback.inputs import LogPastAndRate
from tutelage.domain.feedback.queries import list_lines
from tutelage.domain.feedback.services import log_past_and_rate
from tutelage.domain.programs import queries, services
from tutelage.domain.programs.inputs import MakeMentorship, MentorshipFilters
from tutelage.domain.sessions.inputs import SessionFilters

router = Router(tags=["mentorships"])
log_router = Router()


class MentorshipPage(Schema):
    mentorships: list[MentorshipOut]
    pagination: Pagination


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


@router.get("/{mentorship_id}", response=MentorshipOut)
def get_mentorship(request: ApiRequest, mentorship_id: UUID) -> object:
    """Read one pair."""
    return mentorship_out(queries.get_mentorship(actor=request.auth, mentorship_id=mentorship_id))


@log_router.get("/{mentorship_id}/sessions", response=SessionPage)
def list_pair_sessions(
    request: ApiRequest, mentorship_id: UUID, filters: Query[SessionFilters]
) -> HttpResponse:
    """List the sessions of a pair, newest first."""
    mentorship = queries.get_mentorship(actor=request.auth, mentorship_id=mentorship_id)
    narrowed = filters.model_copy(update={"mentorship": mentorship.uid})
    return page_of_lines(*list_lines(actor=request.auth, filters=narrowed))


@log_router.post("/{mentorship_id}/sessions", response={201: SessionOut})
def post_pair_session(
    request: ApiRequest, mentorship_id: UUID, body: LogPastAndRate, response: HttpResponse
) -> object:
    """Log a session of a pair that took place and was never planned here.

    Without `local_start` it ended just now. To plan one, POST to `/api/sessions`.
    """
    mentorship = queries.get_mentorship(actor=request.auth, mentorship_id=mentorship_id)
    session = log_past_and_rate(actor=request.auth, mentorship=mentorship, given=body)
    response["Location"] = f"/api/sessions/{session.pk}"
    return Status(201, read_session(request, session.pk, response))


router.add_router("", log_router)
