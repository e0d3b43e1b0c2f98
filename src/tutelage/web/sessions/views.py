"""The page of one session, and what is done there by a single press."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tutelage.core.errors import DomainError, NotFound, Stale
from tutelage.domain.meetings import services as meetings
from tutelage.domain.meetings.inputs import SetMeetingLink
from tutelage.domain.scheduling.inputs import DeclineTime, WithdrawTime
from tutelage.domain.scheduling.services import answering, reinstating
from tutelage.domain.sessions.services import completion
from tutelage.web.forms import Form, seen_version
from tutelage.web.requests import WebRequest
from tutelage.web.sessions.forms import read_action
from tutelage.web.sessions.room import open_room


@require_safe
def session_detail(request: WebRequest, session_id: UUID) -> HttpResponse:
    return show_room(request, session_id)


@require_POST
def session_accept(request: WebRequest, session_id: UUID) -> HttpResponse:
    version = seen_version(request.POST)
    return _act(
        request,
        session_id,
        lambda: answering.accept_time(
            actor=request.user, session_id=session_id, seen_version=version
        ),
        _("Time accepted. It stands in both calendars."),
    )


@require_POST
def session_decline(request: WebRequest, session_id: UUID) -> HttpResponse:
    form = read_action(DeclineTime, request.POST, action="decline")
    if form.given is None:
        return show_room(request, session_id, decline=form)
    reason, version = form.given.reason, seen_version(request.POST)
    return _act(
        request,
        session_id,
        lambda: answering.decline_time(
            actor=request.user, session_id=session_id, reason=reason, seen_version=version
        ),
        _("Time declined."),
        decline=form,
    )


@require_POST
def session_withdraw(request: WebRequest, session_id: UUID) -> HttpResponse:
    form = read_action(WithdrawTime, request.POST, action="withdraw")
    if form.given is None:
        return show_room(request, session_id, refused=form)
    reason, version = form.given.reason, seen_version(request.POST)
    return _act(
        request,
        session_id,
        lambda: answering.withdraw_time(
            actor=request.user, session_id=session_id, reason=reason, seen_version=version
        ),
        _("Offer taken back. The time is free again."),
    )


@require_POST
def session_reinstate(request: WebRequest, session_id: UUID) -> HttpResponse:
    version = seen_version(request.POST)
    return _act(
        request,
        session_id,
        lambda: reinstating.reinstate_session(
            actor=request.user, session_id=session_id, seen_version=version
        ),
        _("The session stands again. Everybody in it is told."),
    )


@require_POST
def session_start(request: WebRequest, session_id: UUID) -> HttpResponse:
    version = seen_version(request.POST)
    return _act(
        request,
        session_id,
        lambda: completion.start_session(
            actor=request.user, session_id=session_id, seen_version=version
        ),
        _("Session started."),
    )


@require_POST
def session_meeting(request: WebRequest, session_id: UUID) -> HttpResponse:
    """Say where the session meets. The link that was there before is shown to nobody."""
    form = read_action(SetMeetingLink, request.POST)
    if form.given is None:
        return show_room(request, session_id, meeting=form)
    link = form.given.link
    return _act(
        request,
        session_id,
        lambda: meetings.set_meeting_link(actor=request.user, session_id=session_id, link=link),
        _("Meeting link saved. Only joining shows it."),
        meeting=form,
    )


@require_POST
def session_join(request: WebRequest, session_id: UUID) -> HttpResponse:
    try:
        link = meetings.join_session(actor=request.user, session_id=session_id)
    except NotFound:
        raise
    except DomainError as error:
        return show_room(request, session_id, refused=_refusal(error))
    return leave_for(request, link)


def leave_for(request: HttpRequest, link: str) -> HttpResponse:
    """Send the browser on to the meeting.

    A redirect would fall under the policy for what forms may lead to, and be stopped. A page
    that refreshes itself to the link does not, and works without script.
    """
    response = render(request, "sessions/leave.html", {"link": link})
    response["Refresh"] = f"0; url={iri_to_uri(link)}"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


def _act(
    request: WebRequest,
    session_id: UUID,
    change: Callable[[], object],
    done: str,
    **forms: Form[Any],
) -> HttpResponse:
    """Do it and show the session, or show the session as it is and why that was not done."""
    try:
        change()
    except NotFound:
        raise
    except DomainError as error:
        for form in forms.values():
            form.add(error)
        return show_room(request, session_id, refused=_refusal(error), **forms)
    messages.success(request, done)
    return redirect("sessions:detail", session_id)


def _refusal(error: DomainError) -> Form[Any]:
    form: Form[Any] = Form()
    form.add(error)
    return form


def show_room(
    request: WebRequest,
    session_id: UUID,
    *,
    refused: Form[Any] | None = None,
    **forms: Form[Any],
) -> HttpResponse:
    first = refused or next(iter(forms.values()), Form[Any]())
    shown = {
        "room": open_room(actor=request.user, session_id=session_id),
        "refused": first,
        "is_stale": first.status == Stale.status,
        "decline": forms.get("decline", Form[Any]()),
        "meeting": forms.get("meeting", Form[Any]()),
        "note": forms.get("note"),
    }
    return render(request, "sessions/detail.html", shown, status=first.status)
