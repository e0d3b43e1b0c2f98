"""What goes with a log: drafts, a note of one's own, ticks, and what it said before."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from tutelage.core.errors import DomainError, NotFound, NotPermitted
from tutelage.domain.logs.inputs import WriteNote
from tutelage.domain.logs.queries import list_revisions
from tutelage.domain.logs.services import drafts, notes
from tutelage.domain.logs.services.ticking import tick_step
from tutelage.domain.programs.queries import get_mentorship
from tutelage.domain.sessions.queries import get_session
from tutelage.web.forms import read_form, seen_version
from tutelage.web.logs.forms import read_draft
from tutelage.web.requests import WebRequest
from tutelage.web.sessions.views import show_room
from tutelage.web.sides import title_of

if TYPE_CHECKING:
    from tutelage.domain.logs.models import LogDraft


@require_POST
def session_draft(request: WebRequest, session_id: UUID) -> HttpResponse:
    """Keep what was typed so far. A fault of it is no fault here; what cannot be kept says so."""
    try:
        draft = drafts.keep_draft(
            actor=request.user,
            session_id=session_id,
            form=read_draft(request.POST),
            seen_version=seen_version(request.POST),
        )
    except (NotFound, NotPermitted):
        raise
    except DomainError as error:
        return _not_kept(request, error)
    return _kept(request, draft)


@require_POST
def pair_draft(request: WebRequest, mentorship_id: UUID) -> HttpResponse:
    mentorship = get_mentorship(actor=request.user, mentorship_id=mentorship_id)
    try:
        form = read_draft(request.POST)
    except DomainError as error:
        return _not_kept(request, error)
    draft = drafts.keep_past_draft(actor=request.user, mentorship=mentorship, form=form)
    return _kept(request, draft)


def _kept(request: WebRequest, draft: "LogDraft") -> HttpResponse:
    """The browser's own copy is not needed any more, and told so by the event."""
    return trigger_client_event(render(request, "logs/_kept.html", {"draft": draft}), "draft-kept")


def _not_kept(request: WebRequest, error: DomainError) -> HttpResponse:
    detail = error.errors[0].detail if error.errors else error.message
    return render(request, "logs/_kept.html", {"trouble": detail})


@require_POST
def session_note(request: WebRequest, session_id: UUID) -> HttpResponse:
    """Write one's own note on the session's page."""
    sent = request.POST.copy()
    sent.setdefault("text", "")
    form = read_form(WriteNote, sent)
    if form.given is None and str(form.value("text")).strip():
        return show_room(request, session_id, note=form)
    text = form.given.text if form.given else ""
    notes.keep_note(actor=request.user, session_id=session_id, text=text)
    messages.success(request, _("Note saved") if text else _("Note taken away"))
    return redirect("sessions:detail", session_id)


@require_POST
def step_tick(request: WebRequest, step_id: UUID) -> HttpResponse:
    """Tick a next step or open it again, wherever it stands."""
    done = request.POST.get("done") == "1"
    step = tick_step(actor=request.user, step_id=step_id, done=done)
    back = request.POST.get("back", "")
    if request.htmx:
        return render(
            request,
            "logs/_step.html",
            {"step": step, "back": back, "may_tick": True, "is_fresh": True},
        )
    messages.success(request, _("Step ticked") if done else _("Step opened again"))
    # Without its slash Django would take it for the name of a page.
    if back.startswith("/") and url_has_allowed_host_and_scheme(back, {request.get_host()}):
        return redirect(back)
    return redirect("sessions:detail", step.session_id)


@require_safe
def log_before(request: WebRequest, session_id: UUID) -> HttpResponse:
    """What the log said before each change, the newest first."""
    session = get_session(actor=request.user, session_id=session_id)
    people = {str(each.user.uid): each.user.name for each in session.participants.all()}
    revisions = list_revisions(session)
    for row in revisions:
        for step in row.next_steps:
            step["owner"] = people.get(step["owner"] or "", "")
    shown = {
        "session": session,
        "title": title_of(session, request.user),
        "revisions": revisions,
    }
    return render(request, "logs/before.html", shown)
