"""Writing down what came of a session, and rating it."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tutelage.core.clock import now
from tutelage.core.errors import DomainError, NotFound, NotPermitted, Stale
from tutelage.domain.feedback import policies as feedback_policies
from tutelage.domain.feedback import services
from tutelage.domain.feedback.inputs import GiveRating, LogAndRate
from tutelage.domain.feedback.queries import find_ratings
from tutelage.domain.programs.queries import get_mentorship, list_own_mentorships
from tutelage.domain.sessions.lifecycle import Action, allowed_actions
from tutelage.domain.sessions.policies import can_log, can_log_past
from tutelage.domain.sessions.queries import find_role, get_session, list_unlogged
from tutelage.web.forms import Form
from tutelage.web.logs import dialogs
from tutelage.web.logs.forms import PastLog, ask_for_outcomes
from tutelage.web.logs.words import minutes_to_log, sealed_hint, sealed_now, when_and_where
from tutelage.web.requests import WebRequest
from tutelage.web.sessions.forms import read_action, read_time, refuse, seen_version
from tutelage.web.sides import other_side, title_of
from tutelage.web.words import zone_groups

if TYPE_CHECKING:
    from tutelage.domain.sessions.models import Session

READ_OR_SEND = ["GET", "HEAD", "POST"]


@require_safe
def log_choose(request: WebRequest) -> HttpResponse:
    """Which session is meant: one that waits for its log, or one of a pair never planned here."""
    shown = {
        "unlogged": [(each, title_of(each, request.user)) for each in list_unlogged(request.user)],
        "pairs": [
            (each, each.other_than(request.user)) for each in list_own_mentorships(request.user)
        ],
    }
    name = "_choose_dialog" if request.htmx else "choose"
    return render(request, f"logs/{name}.html", shown)


@require_http_methods(READ_OR_SEND)
def session_log(request: WebRequest, session_id: UUID) -> HttpResponse:
    form: Form[LogAndRate] = Form()
    if request.method == "POST":
        form = read_action(LogAndRate, request.POST)
        ask_for_outcomes(form)
    if form.given:
        try:
            services.log_and_rate(
                actor=request.user,
                session_id=session_id,
                given=form.given,
                seen_version=seen_version(request.POST),
            )
        except (NotFound, NotPermitted):
            raise
        except DomainError as error:
            form.add(error)
        else:
            return dialogs.saved(request, _("Session saved"), "sessions:detail", session_id)
    return _show_log(request, session_id, form)


def _show_log(request: WebRequest, session_id: UUID, form: Form[LogAndRate]) -> HttpResponse:
    session = get_session(actor=request.user, session_id=session_id)
    can_log(session, find_role(session, request.user)).require()
    if request.method != "POST":
        if reason := _why_not_now(session):
            return dialogs.lead_away(request, reason, "sessions:detail", session_id)
        form = Form.of(duration_minutes=minutes_to_log(session, now()))
    is_fresh = request.method != "POST" or form.status == Stale.status
    shown = {
        "session": session,
        "version": session.version if is_fresh else request.POST.get("version", ""),
        "title": title_of(session, request.user),
        "lead": when_and_where(session, request.user),
        "sealed": sealed_hint(other_side(session, request.user)),
    }
    return dialogs.show(request, "session", form, **shown)


def _why_not_now(session: "Session") -> str:
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
    form: Form[PastLog] = Form()
    if request.method == "POST":
        form = read_time(PastLog, request.POST)
        ask_for_outcomes(form)
    else:
        form = Form.of(zone=request.user.own_zone, duration_minutes=60)
    if form.given:
        try:
            services.log_past_and_rate(actor=request.user, mentorship=mentorship, given=form.given)
        except DomainError as error:
            refuse(form, error)
        else:
            return dialogs.saved(request, _("Session saved"), "history:list")
    waiting = list_unlogged(request.user) if request.method != "POST" else []
    shown = {
        "mentorship": mentorship,
        "other": mentorship.other_than(request.user),
        "unlogged": [each for each in waiting if each.program_id == mentorship.pk],
        "sealed": sealed_hint(mentorship.other_than(request.user)),
        "zones": zone_groups(),
    }
    return dialogs.show(request, "pair", form, **shown)


@require_http_methods(READ_OR_SEND)
def session_rate(request: WebRequest, session_id: UUID) -> HttpResponse:
    session = get_session(actor=request.user, session_id=session_id)
    feedback_policies.can_rate(session, find_role(session, request.user)).require()
    ratings = find_ratings(actor=request.user, session_ids=[session_id]).get(session_id, [])
    own = next((each for each in ratings if each.author_id == request.user.pk), None)
    form: Form[GiveRating] = Form.of(
        stars=own.stars if own else None, comment=own.comment if own else ""
    )
    if request.method == "POST":
        form = read_action(GiveRating, request.POST)
    if form.given:
        try:
            services.rate_session(actor=request.user, session_id=session_id, given=form.given)
        except DomainError as error:
            form.add(error)
        else:
            return dialogs.saved(request, _("Rating saved"), "sessions:detail", session_id)
    shown = {
        "session": session,
        "title": title_of(session, request.user),
        "lead": when_and_where(session, request.user),
        "sealed": sealed_now(own, other_side(session, request.user)),
        "opened": own if own and own.is_open(now()) else None,
        "others": [each for each in ratings if each is not own],
    }
    return dialogs.show(request, "rate", form, **shown)
