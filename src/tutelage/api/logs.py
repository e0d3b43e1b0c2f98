"""Logs over HTTP: what they say, what they said before, drafts, and notes of one's own."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import AwareDatetime, Field

from tutelage.api.preconditions import IfMatch, etag, required_version, seen_version
from tutelage.api.requests import ApiRequest
from tutelage.api.shapes import LogOut, PersonOut, log_out
from tutelage.core.errors import NotFound
from tutelage.domain.logs import queries
from tutelage.domain.logs.inputs import ChangeLog, DraftForm, KeepDraft, WriteLog, WriteNote
from tutelage.domain.logs.services import changing, drafts, notes
from tutelage.domain.programs.queries import get_mentorship
from tutelage.domain.sessions.queries import get_session

if TYPE_CHECKING:
    from tutelage.domain.logs.models import LogDraft

router = Router(tags=["logs"])


class StepBefore(Schema):
    text: str
    owner: UUID | None
    due_on: date | None


class RevisionOut(Schema):
    """What a log said until somebody changed it."""

    changed_by: PersonOut | None
    changed_at: AwareDatetime
    duration_minutes: int
    objectives: str
    outcomes: str
    shared_notes: str
    next_steps: list[StepBefore]


class RevisionList(Schema):
    revisions: list[RevisionOut]


class NoteOut(Schema):
    text: str
    changed_at: AwareDatetime | None


class DraftOut(Schema):
    form: DraftForm | None = Field(description="As it was typed, right or wrong.")
    kept_at: AwareDatetime | None


@router.get("/sessions/{session_id}/log", response=LogOut)
def get_log(request: ApiRequest, session_id: UUID, response: HttpResponse) -> object:
    """Read a session's log. Its ETag, the session's, is what a change must bring along."""
    return _read_log(request, session_id, response)


@router.put("/sessions/{session_id}/log", response=LogOut)
def put_log(
    request: ApiRequest,
    session_id: UUID,
    body: WriteLog,
    response: HttpResponse,
    if_match: IfMatch = None,
) -> object:
    """Write the log of a completed session anew; what it said before is kept.

    To write the first one, which completes the session, POST `complete` to the session.
    """
    changing.change_log(
        actor=request.auth,
        session_id=session_id,
        given=body,
        seen_version=required_version(if_match),
    )
    return _read_log(request, session_id, response)


@router.patch("/sessions/{session_id}/log", response=LogOut)
def patch_log(
    request: ApiRequest,
    session_id: UUID,
    body: ChangeLog,
    response: HttpResponse,
    if_match: IfMatch = None,
) -> object:
    """Change a part of the log of a completed session; what it said before is kept."""
    changing.change_log(
        actor=request.auth,
        session_id=session_id,
        given=body,
        seen_version=required_version(if_match),
    )
    return _read_log(request, session_id, response)


@router.get("/sessions/{session_id}/log/revisions", response=RevisionList)
def list_revisions(request: ApiRequest, session_id: UUID) -> object:
    """Read what the log said before each of its last fifty changes, the newest first."""
    session = get_session(actor=request.auth, session_id=session_id)
    fields = ("duration_minutes", "objectives", "outcomes", "shared_notes", "next_steps")
    return {
        "revisions": [
            {
                "changed_by": row.by,
                "changed_at": row.at,
                **{name: getattr(row, name) for name in fields},
            }
            for row in queries.list_revisions(session)
        ]
    }


@router.get("/sessions/{session_id}/note", response=NoteOut)
def get_note(request: ApiRequest, session_id: UUID) -> object:
    """Read your own note about a session. Nobody else can."""
    session = get_session(actor=request.auth, session_id=session_id)
    note = queries.find_note(request.auth, session.pk)
    return {"text": note.text if note else "", "changed_at": note and note.changed_at}


@router.put("/sessions/{session_id}/note", response={204: None})
def put_note(request: ApiRequest, session_id: UUID, body: WriteNote) -> object:
    """Write your own note about a session; an empty text takes it away."""
    notes.keep_note(actor=request.auth, session_id=session_id, text=body.text)
    return Status(204, None)


@router.get("/sessions/{session_id}/log/draft", response=DraftOut)
def get_draft(request: ApiRequest, session_id: UUID) -> object:
    """Read what you typed so far into the log of a session; null if nothing is kept."""
    session = get_session(actor=request.auth, session_id=session_id)
    return _draft_out(queries.find_draft(request.auth, session_id=session.pk))


@router.put("/sessions/{session_id}/log/draft", response=DraftOut)
def put_draft(
    request: ApiRequest,
    session_id: UUID,
    body: KeepDraft,
    if_match: IfMatch = None,
) -> object:
    """Keep the log of a session as it is typed, until you save or discard it."""
    draft = drafts.keep_draft(
        actor=request.auth,
        session_id=session_id,
        form=body.form,
        seen_version=seen_version(if_match),
    )
    return _draft_out(draft)


@router.delete("/sessions/{session_id}/log/draft", response={204: None})
def delete_draft(request: ApiRequest, session_id: UUID) -> object:
    """Discard your draft. It is yours alone, so no If-Match is asked for."""
    drafts.discard_draft(actor=request.auth, session_id=session_id)
    return Status(204, None)


@router.get("/mentorships/{mentorship_id}/log/draft", response=DraftOut)
def get_past_draft(request: ApiRequest, mentorship_id: UUID) -> object:
    """Read what you typed so far of a session that was never planned; null if nothing is kept."""
    mentorship = get_mentorship(actor=request.auth, mentorship_id=mentorship_id)
    return _draft_out(queries.find_draft(request.auth, mentorship=mentorship))


@router.put("/mentorships/{mentorship_id}/log/draft", response=DraftOut)
def put_past_draft(request: ApiRequest, mentorship_id: UUID, body: KeepDraft) -> object:
    """Keep the log of a session that was never planned as it is typed."""
    mentorship = get_mentorship(actor=request.auth, mentorship_id=mentorship_id)
    draft = drafts.keep_past_draft(actor=request.auth, mentorship=mentorship, form=body.form)
    return _draft_out(draft)


@router.delete("/mentorships/{mentorship_id}/log/draft", response={204: None})
def delete_past_draft(request: ApiRequest, mentorship_id: UUID) -> object:
    """Discard your draft of a session that was never planned."""
    mentorship = get_mentorship(actor=request.auth, mentorship_id=mentorship_id)
    drafts.discard_past_draft(actor=request.auth, mentorship=mentorship)
    return Status(204, None)


def _read_log(request: ApiRequest, session_id: UUID, response: HttpResponse) -> dict[str, Any]:
    session = get_session(actor=request.auth, session_id=session_id)
    log = getattr(session, "log", None)
    if log is None:
        raise NotFound(_("This session has no log yet."))
    response["ETag"] = etag(session.version)
    return log_out(session, log)


def _draft_out(draft: "LogDraft | None") -> dict[str, Any]:
    return {"form": draft and draft.form, "kept_at": draft and draft.kept_at}
