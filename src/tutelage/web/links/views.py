"""The page behind a personal link, and the link one usually meets by."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tutelage.core.clock import now
from tutelage.core.errors import DomainError, NotFound
from tutelage.domain.meetings import services
from tutelage.domain.meetings.inputs import SetUsualRoom
from tutelage.domain.meetings.policies import can_join
from tutelage.domain.meetings.queries import find_usual_room, get_personal_link
from tutelage.domain.sessions.lifecycle import DOOR_OPENS, Status
from tutelage.domain.sessions.queries import get_session
from tutelage.web.forms import Form, read_form, show_form
from tutelage.web.requests import WebRequest
from tutelage.web.sessions.headline import headline_of
from tutelage.web.sessions.views import leave_for
from tutelage.web.sides import other_side, second_zone

if TYPE_CHECKING:
    from tutelage.domain.people.models import User
    from tutelage.domain.sessions.models import Participant, Session

Page = Callable[[HttpRequest, str], HttpResponse]


def _closed(page: Page) -> Page:
    """The address is a secret: it stays out of search engines, caches and referrers."""

    @wraps(page)
    def answer(request: HttpRequest, token: str) -> HttpResponse:
        response = page(request, token)
        response["X-Robots-Tag"] = "noindex"
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return answer


# A page without referrers sends its forms without an origin, which the check against forgery
# refuses. It is not missed: who could forge this form would have to know the secret address.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@_closed
def link_join(request: HttpRequest, token: str) -> HttpResponse:
    """Show whose link it is. Only the button, a POST, opens the door and counts."""
    reader = request.user if request.user.is_authenticated else None
    form: Form[Any] = Form()
    try:
        participant = get_personal_link(token).participant
    except NotFound:
        return render(request, "links/gone.html", status=404)
    try:
        if request.method == "POST":
            return leave_for(request, services.join_by_link(token=token, logged_in_as=reader))
    except DomainError as error:
        form.add(error)
    with timezone.override(participant.user.own_zone):
        shown = _invitation(participant, reader)
        return show_form(request, "links/join.html", form, **shown)


def _invitation(participant: "Participant", reader: "User | None") -> dict[str, object]:
    owner, at = participant.user, now()
    session = get_session(actor=owner, session_id=participant.session_id)
    other = other_side(session, owner)
    door = bool(can_join(session, participant.role, at))
    stranger = reader if reader and reader.pk != owner.pk else None
    return {
        "owner": owner,
        "session": session,
        "headline": headline_of(session, at),
        "other": other,
        "other_zone": second_zone(session.starts_at, owner, other),
        "door": door,
        "door_word": _("Door open") if door and session.status == Status.SCHEDULED else "",
        "door_opens_at": session.starts_at - DOOR_OPENS,
        "is_over": at >= session.ends_at,
        "is_owner": reader is not None and stranger is None,
        "stranger": stranger,
        "own_way": _own_way(session, stranger),
    }


def _own_way(session: "Session", stranger: "User | None") -> str:
    """Where somebody goes on who is not the one the link knows."""
    people = {each.user_id for each in session.participants.all()}
    if stranger and (stranger.is_admin or stranger.pk in people):
        return reverse("sessions:detail", args=[session.pk])
    return "/"


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_change(request: WebRequest) -> HttpResponse:
    """Say where one usually meets. It is one's own, so it is shown here and nowhere else."""
    form: Form[SetUsualRoom] = Form.of(link=find_usual_room(request.user))
    if request.method == "POST":
        form = read_form(SetUsualRoom, request.POST)
    if form.given:
        services.set_usual_room(actor=request.user, link=form.given.link)
        messages.success(
            request, _("Usual link saved") if form.given.link else _("Usual link taken away")
        )
        return redirect("settings:meeting")
    return show_form(request, "links/meeting.html", form)
