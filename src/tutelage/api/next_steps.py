"""Next steps over HTTP."""

from uuid import UUID

from ninja import Query, Router, Schema

from tutelage.api.mentorships import router as mentorships
from tutelage.api.requests import ApiRequest
from tutelage.api.shapes import Pagination, StepOut, step_out
from tutelage.domain.logs import queries
from tutelage.domain.logs.inputs import StepFilters, TickStep
from tutelage.domain.logs.services.ticking import tick_step
from tutelage.domain.programs.queries import get_mentorship

router = Router(tags=["next-steps"])


class StepPage(Schema):
    next_steps: list[StepOut]
    pagination: Pagination


class StepList(Schema):
    next_steps: list[StepOut]


@mentorships.get("/{mentorship_id}/next-steps", response=StepPage)
def list_pair_steps(
    request: ApiRequest, mentorship_id: UUID, filters: Query[StepFilters]
) -> object:
    """List the next steps of a pair, those of the newest session first."""
    mentorship = get_mentorship(actor=request.auth, mentorship_id=mentorship_id)
    page = queries.list_steps(actor=request.auth, mentorship=mentorship, filters=filters)
    return {"next_steps": [step_out(step) for step in page.rows], "pagination": page.pagination}


@router.get("", response=StepList)
def list_own_steps(request: ApiRequest) -> object:
    """List what you have yet to do in your pairs, or just ticked: at most a hundred, by due day."""
    steps = queries.list_own_steps(request.auth, limit=100)
    return {"next_steps": [step_out(step) for step in steps]}


@router.get("/{step_id}", response=StepOut)
def get_step(request: ApiRequest, step_id: UUID) -> object:
    """Read one next step."""
    return step_out(queries.get_step(actor=request.auth, step_id=step_id))


@router.post("/{step_id}", response=StepOut)
def tick(request: ApiRequest, step_id: UUID, body: TickStep) -> object:
    """Tick a next step, or open it again; either of the pair may, whoever owns it."""
    return step_out(tick_step(actor=request.auth, step_id=step_id, done=body.done))
