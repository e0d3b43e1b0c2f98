"""What became of sessions: both sides' answers, no-shows, corrections, and what is disputed."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import BaseModel, TypeAdapter

from tutelage.core.errors import DomainError, NotFound
from tutelage.core.paging import Paged
from tutelage.domain.sessions.inputs import AnswerMissed, CorrectSession, MarkNoShow
from tutelage.domain.sessions.lifecycle import OUTCOMES, Told
from tutelage.domain.sessions.policies import can_lead
from tutelage.domain.sessions.queries import (
    find_answers,
    find_role,
    get_session,
    list_disputed,
)
from tutelage.domain.sessions.services import correcting, missed
from tutelage.web import words
from tutelage.web.forms import Form, seen_version, show_form
from tutelage.web.missed.telling import absences, tell_answers
from tutelage.web.params import read
from tutelage.web.requests import WebRequest
from tutelage.web.sessions.forms import read_action
from tutelage.web.sides import title_of

if TYPE_CHECKING:
    from tutelage.domain.sessions.models import Session

_paged = TypeAdapter(Paged)
READ_OR_SEND = ["GET", "HEAD", "POST"]


@require_safe
def missed_list(request: WebRequest) -> HttpResponse:
    """Sessions of which the two sides say different things; administrators see all of them."""
    page = list_disputed(actor=request.user, asked=read(_paged, request.GET))
    answers = find_answers([session.pk for session in page.rows])
    rows = [
        (
            session,
            title_of(session, request.user),
            tell_answers(session, answers.get(session.pk, []), request.user),
        )
        for session in page.rows
    ]
    return render(request, "missed/list.html", {"rows": rows, "pagination": page.pagination})


@require_http_methods(READ_OR_SEND)
def session_missed(request: WebRequest, session_id: UUID) -> HttpResponse:
    """Ask what became of a session; each answer is one press."""
    form: Form[AnswerMissed] = Form()
    if request.method == "POST":
        form = read_action(AnswerMissed, request.POST)
    try:
        if form.given:
            session = missed.answer_missed(
                actor=request.user, session_id=session_id, given=form.given
            )
            messages.success(request, _said(session))
            if form.given.answer == Told.HAPPENED:
                return redirect("logs:session", session_id)
            return redirect("sessions:detail", session_id)
    except NotFound:
        raise
    except DomainError as error:
        form.add(error)
    session = get_session(actor=request.user, session_id=session_id)
    return _show(request, "missed/answer.html", session, form)


def _said(session: "Session") -> str:
    if session.status in OUTCOMES:
        return _("Both of you say so: it is settled.")
    return _("Kept. It waits for the other side, and nothing is guessed.")


@require_http_methods(READ_OR_SEND)
def session_no_show(request: WebRequest, session_id: UUID) -> HttpResponse:
    """Say whom a session missed, without waiting for both sides."""

    def mark(given: MarkNoShow, version: int | None) -> object:
        return missed.mark_no_show(
            actor=request.user, session_id=session_id, given=given, seen_version=version
        )

    return _lead(request, session_id, MarkNoShow, "mark_no_show", mark)


@require_http_methods(READ_OR_SEND)
def session_correct(request: WebRequest, session_id: UUID) -> HttpResponse:
    """Say otherwise what became of a session."""

    def correct(given: CorrectSession, version: int | None) -> object:
        return correcting.correct_session(
            actor=request.user, session_id=session_id, given=given, seen_version=version
        )

    return _lead(request, session_id, CorrectSession, "correct", correct)


def _lead(
    request: WebRequest,
    session_id: UUID,
    model: type[BaseModel],
    action: str,
    change: Callable[[Any, int | None], object],
) -> HttpResponse:
    """The form of the host or an administrator, or what it does."""
    session = get_session(actor=request.user, session_id=session_id)
    can_lead(request.user, find_role(session, request.user)).require()
    form: Form[Any] = Form()
    if request.method == "POST":
        form = read_action(model, request.POST, action=action)
    try:
        if form.given:
            change(form.given, seen_version(request.POST))
            messages.success(request, _("Kept, and both are told. What it said before stays."))
            return redirect("sessions:detail", session_id)
    except DomainError as error:
        form.add(error)
    targets = [
        (status.value, words.STATUSES[status].word)
        for status in OUTCOMES
        if status != session.status
    ]
    return _show(request, f"missed/{action}.html", session, form, targets=targets)


def _show(
    request: WebRequest, template: str, session: "Session", form: Form[Any], **more: object
) -> HttpResponse:
    shown = {
        "session": session,
        "title": title_of(session, request.user),
        "absences": absences(session),
        "has_log": getattr(session, "log", None) is not None,
        **more,
    }
    return show_form(request, template, form, **shown)
