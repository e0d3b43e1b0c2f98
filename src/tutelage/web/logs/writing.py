"""Writing down what came of a session: the first log, a change to it, or of one never planned."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tutelage.core.clock import now
from tutelage.core.errors import DomainError, NotFound, NotPermitted, Stale
from tutelage.domain.feedback import services
from tutelage.domain.feedback.inputs import LogAndRate
from tutelage.domain.logs.inputs import WriteLog
from tutelage.domain.logs.policies import can_change_log
from tutelage.domain.logs.queries import find_draft, find_note
from tutelage.domain.logs.services import changing, drafts
from tutelage.domain.programs.queries import get_mentorship
from tutelage.domain.sessions.lifecycle import Action, Status, allowed_actions
from tutelage.domain.sessions.policies import can_log, can_log_past
from tutelage.domain.sessions.queries import find_role, get_session, list_unlogged
from tutelage.web.forms import Form, seen_version
from tutelage.web.logs import dialogs
from tutelage.web.logs.forms import PastLog, read_log, read_past_log, typed
from tutelage.web.logs.rows import owners, rows_of, typed_steps
from tutelage.web.logs.words import length_hint, minutes_to_log, sealed_hint, when_and_where
from tutelage.web.requests import WebRequest
from tutelage.web.sessions.forms import refuse
from tutelage.web.sides import other_side, title_of
from tutelage.web.words import zone_groups

if TYPE_CHECKING:
    from tutelage.domain.programs.models import Mentorship
    from tutelage.domain.sessions.models import Session

READ_OR_SEND = ["GET", "HEAD", "POST"]


@require_http_methods(READ_OR_SEND)
def session_log(request: WebRequest, session_id: UUID) -> HttpResponse:
    """The log of a session: the first one, or what it shall say instead."""
    session = get_session(actor=request.user, session_id=session_id)
    can_log(session, find_role(session, request.user)).require()
    asked = request.POST.get("do", "")
    if request.method != "POST":
        if reason := _why_not_now(request, session):
            return dialogs.lead_away(request, reason, "sessions:detail", session_id)
        form = _opened(request, session)
    elif asked == "discard":
        drafts.discard_draft(actor=request.user, session_id=session_id)
        form = _opened(request, session)
    elif asked:
        form = Form.of(**typed(request.POST))
    else:
        form = _save(request, session)
        if form.given:
            return dialogs.saved(request, _("Session saved"), "sessions:detail", session_id)
    return _show_log(request, session_id, form)


def _save(request: WebRequest, session: "Session") -> Form[Any]:
    """Write it, over what the reader saw; without a version seen, only where there is none."""
    is_change = session.status == Status.COMPLETED and "version" in request.POST
    form: Form[Any] = read_log(WriteLog if is_change else LogAndRate, request.POST)
    if form.given:
        write = changing.change_log if is_change else services.log_and_rate
        try:
            write(
                actor=request.user,
                session_id=session.pk,
                given=form.given,
                seen_version=seen_version(request.POST),
            )
        except (NotFound, NotPermitted):
            raise
        except DomainError as error:
            form.add(error)
    return form


def _opened(request: WebRequest, session: "Session") -> Form[Any]:
    """What was typed before; or what is known already, or what the log says."""
    if draft := find_draft(request.user, session_id=session.pk):
        return Form.of(**draft.form)
    log, note = getattr(session, "log", None), find_note(request.user, session.pk)
    said = {name: getattr(log, name) for name in ("objectives", "outcomes", "shared_notes") if log}
    return Form.of(
        duration_minutes=minutes_to_log(session, now()),
        next_steps=typed_steps(session.next_steps.all()),
        private_note=note.text if note else "",
        **said,
    )


def _show_log(request: WebRequest, session_id: UUID, form: Form[Any]) -> HttpResponse:
    session = get_session(actor=request.user, session_id=session_id)
    is_change = session.status == Status.COMPLETED
    is_stale = form.status == Stale.status
    is_typed = request.method == "POST" and "version" in request.POST
    people = [each.user for each in session.participants.all()]
    shown = {
        "session": session,
        "is_change": is_change,
        "version": request.POST["version"] if is_typed and not is_stale else session.version,
        "title": title_of(session, request.user),
        "lead": when_and_where(session, request.user),
        "length_hint": length_hint(session, now()),
        "sealed": "" if is_change else sealed_hint(other_side(session, request.user)),
        "other": other_side(session, request.user),
        "rows": rows_of(form, request.user, asked=request.POST.get("do", "")),
        "owners": owners(people, request.user),
        "draft": find_draft(request.user, session_id=session_id),
        "said_now": getattr(session, "log", None) if is_stale and is_change else None,
    }
    return dialogs.show(request, "session", form, **shown)


def _why_not_now(request: WebRequest, session: "Session") -> str:
    if session.status == Status.COMPLETED:
        return can_change_log(session, find_role(session, request.user)).reason
    if Action.COMPLETE not in allowed_actions(session.status):
        return _("This session has no log to write: it is over, or not agreed upon.")
    if session.started_at is None and session.starts_at > now():
        return _("This session has not begun yet. Its log is written afterwards.")
    return ""


@require_http_methods(READ_OR_SEND)
def pair_log(request: WebRequest, mentorship_id: UUID) -> HttpResponse:
    """Log a session that was never planned here."""
    mentorship = get_mentorship(actor=request.user, mentorship_id=mentorship_id)
    can_log_past(request.user, mentorship).require()
    asked = request.POST.get("do", "")
    if request.method == "POST" and asked == "discard":
        drafts.discard_past_draft(actor=request.user, mentorship=mentorship)
    if request.method != "POST" or asked == "discard":
        form = _opened_past(request, mentorship)
    elif asked:
        form = Form.of(**typed(request.POST))
    else:
        form = _save_past(request, mentorship)
        if form.given:
            return dialogs.saved(request, _("Session saved"), "history:list")
    return _show_past(request, mentorship, form)


def _opened_past(request: WebRequest, mentorship: "Mentorship") -> Form[PastLog]:
    if draft := find_draft(request.user, mentorship=mentorship):
        return Form.of(**{"zone": request.user.own_zone, **draft.form})
    return Form.of(zone=request.user.own_zone, duration_minutes=60)


def _save_past(request: WebRequest, mentorship: "Mentorship") -> Form[PastLog]:
    form = read_past_log(request.POST)
    if form.given:
        try:
            services.log_past_and_rate(actor=request.user, mentorship=mentorship, given=form.given)
        except DomainError as error:
            refuse(form, error)
    return form


def _show_past(request: WebRequest, mentorship: "Mentorship", form: Form[PastLog]) -> HttpResponse:
    waiting = list_unlogged(request.user) if request.method != "POST" else []
    other = mentorship.other_than(request.user)
    shown = {
        "mentorship": mentorship,
        "other": other,
        "unlogged": [each for each in waiting if each.program_id == mentorship.pk],
        "sealed": sealed_hint(other),
        "length_hint": "",
        "zones": zone_groups(),
        "rows": rows_of(form, request.user, asked=request.POST.get("do", "")),
        "owners": owners([mentorship.mentor, mentorship.mentee], request.user),
        "draft": find_draft(request.user, mentorship=mentorship),
    }
    return dialogs.show(request, "pair", form, **shown)
