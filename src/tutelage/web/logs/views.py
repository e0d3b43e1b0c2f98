"""Choosing which session to log, and rating one."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tutelage.core.clock import now
from tutelage.core.errors import DomainError
from tutelage.domain.feedback import policies as feedback_policies
from tutelage.domain.feedback import services
from tutelage.domain.feedback.inputs import GiveRating
from tutelage.domain.feedback.queries import list_ratings
from tutelage.domain.programs.queries import list_own_mentorships
from tutelage.domain.sessions.queries import find_role, get_session, list_unlogged
from tutelage.web.forms import Form
from tutelage.web.logs import dialogs
from tutelage.web.logs.words import sealed_now, when_and_where
from tutelage.web.requests import WebRequest
from tutelage.web.sessions.forms import read_action
from tutelage.web.sides import other_side, title_of

if TYPE_CHECKING:
    pass

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
def session_rate(request: WebRequest, session_id: UUID) -> HttpResponse:
    session = get_session(actor=request.user, session_id=session_id)
    feedback_policies.can_rate(session, find_role(session, request.user)).require()
    ratings = list_ratings(actor=request.user, session_id=session_id)
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
