"""The forms that take a session to another time, or call it off."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tutelage.core.clock import now
from tutelage.core.errors import DomainError, NotFound
from tutelage.core.times import to_local
from tutelage.domain.scheduling.inputs import CancelSession, CounterTime, RescheduleSession
from tutelage.domain.scheduling.queries import find_notice_period, find_open_offer
from tutelage.domain.scheduling.services import cancelling, offering
from tutelage.domain.sessions.inputs import Plan
from tutelage.domain.sessions.queries import get_session
from tutelage.web.forms import Form, seen_version, show_form
from tutelage.web.requests import WebRequest
from tutelage.web.sessions.forms import read_action, read_time, refuse
from tutelage.web.sessions.times import time_choices
from tutelage.web.sides import title_of

if TYPE_CHECKING:
    from tutelage.domain.sessions.models import Session

T = TypeVar("T", bound=Plan)
Moved = Callable[[T, int | None], "Session"]


@require_http_methods(["GET", "HEAD", "POST"])
def session_counter(request: WebRequest, session_id: UUID) -> HttpResponse:
    def move(given: CounterTime, version: int | None) -> "Session":
        return offering.counter_time(
            actor=request.user, session_id=session_id, given=given, seen_version=version
        )

    return _move(request, session_id, CounterTime, "counter", move)


@require_http_methods(["GET", "HEAD", "POST"])
def session_reschedule(request: WebRequest, session_id: UUID) -> HttpResponse:
    def move(given: RescheduleSession, version: int | None) -> "Session":
        return offering.reschedule_session(
            actor=request.user, session_id=session_id, given=given, seen_version=version
        )

    return _move(request, session_id, RescheduleSession, "reschedule", move)


@require_http_methods(["GET", "HEAD", "POST"])
def session_cancel(request: WebRequest, session_id: UUID) -> HttpResponse:
    form: Form[CancelSession] = Form()
    if request.method == "POST":
        form = read_action(CancelSession, request.POST, action="cancel")
    try:
        if form.given:
            cancelling.cancel_session(
                actor=request.user,
                session_id=session_id,
                reason=form.given.reason,
                seen_version=seen_version(request.POST),
            )
            messages.success(request, _("Session cancelled. Everybody in it is told."))
            return redirect("sessions:detail", session_id)
    except NotFound:
        raise
    except DomainError as error:
        form.add(error)
    session = get_session(actor=request.user, session_id=session_id)
    people = [each.user for each in session.participants.all()]
    notice = find_notice_period(session.host_id)
    shown = {
        "session": session,
        "title": title_of(session, request.user),
        "notice_hours": int(notice.total_seconds()) // 3_600,
        "told": [person for person in people if person.pk != request.user.pk],
        "late": session.starts_at - now() < notice,
    }
    return show_form(request, "sessions/cancel.html", form, **shown)


def _move(
    request: WebRequest, session_id: UUID, model: type[T], action: str, move: "Moved[T]"
) -> HttpResponse:
    """Show the form of a time, or send what it holds to the other side."""
    if request.method != "POST":
        return _show_time(request, session_id, action, None)
    form = read_time(model, request.POST, action=action)
    try:
        if form.given:
            session = move(form.given, seen_version(request.POST))
            messages.success(request, _done(session))
            return redirect("sessions:detail", session_id)
    except NotFound:
        raise
    except DomainError as error:
        refuse(form, error)
    return _show_time(request, session_id, action, form)


def _done(session: "Session") -> str:
    if find_open_offer(session):
        return _("Offered. The time is held until the other side answers.")
    return _("Session moved. Everybody in it is told.")


def _show_time(
    request: WebRequest, session_id: UUID, action: str, form: Form[Any] | None
) -> HttpResponse:
    session = get_session(actor=request.user, session_id=session_id)
    form = form or Form.of(**_fields(session, request.user.own_zone))
    people = [each.user for each in session.participants.all()]
    shown = {
        "session": session,
        "program": session.program,
        "title": title_of(session, request.user),
        "offer": find_open_offer(session),
        "at_once": request.user.pk not in {person.pk for person in people},
        **time_choices(form, reader=request.user, people=people),
    }
    return show_form(request, f"sessions/{action}.html", form, **shown)


def _fields(session: "Session", zone: str) -> dict[str, str]:
    """The time of a session as a form shows it, on the clocks of a zone."""
    local = to_local(session.starts_at, zone)
    return {
        "day": local.date().isoformat(),
        "hour": local.strftime("%H:%M"),
        "duration_minutes": str(session.planned_minutes),
        "zone": zone,
    }
