"""The forms by which a pair begins, changes, rests and ends."""

from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from pydantic import Field

from tutelage.core.errors import DomainError, NotFound
from tutelage.domain.programs import policies, queries, services
from tutelage.domain.programs.inputs import (
    Cadence,
    ChangeMentorship,
    MoveMentorship,
    ProposeMentorship,
)
from tutelage.domain.programs.lifecycle import PairAction, PairSide, allowed_pair_actions
from tutelage.web.forms import Form, read_form, show_form
from tutelage.web.requests import WebRequest
from tutelage.web.sides import both_of

if TYPE_CHECKING:
    from tutelage.domain.people.models import User
    from tutelage.domain.programs.models import Mentorship

DEEDS: Final = {
    PairAction.ACCEPT: gettext_lazy("Accept"),
    PairAction.DECLINE: gettext_lazy("Decline"),
    PairAction.WITHDRAW: gettext_lazy("Withdraw"),
    PairAction.PAUSE: gettext_lazy("Pause"),
    PairAction.RESUME: gettext_lazy("Resume"),
    PairAction.END: gettext_lazy("End"),
}
SAID: Final = {
    PairAction.ACCEPT: gettext_lazy("Accepted. Either of you can ask for a first time."),
    PairAction.DECLINE: gettext_lazy("Declined. The other side sees what you wrote."),
    PairAction.WITHDRAW: gettext_lazy("Withdrawn."),
    PairAction.PAUSE: gettext_lazy("Paused. Sessions that are planned stay planned."),
    PairAction.RESUME: gettext_lazy("Resumed. Either of you can ask for a time."),
    PairAction.END: gettext_lazy("Ended. Sessions that are planned stay planned."),
}


class ProposeForm(ProposeMentorship):
    """On a page an empty field was emptied by somebody: nothing is filled in for it."""

    cadence_days: Cadence = Field()


class ChangeForm(ChangeMentorship):
    cadence_days: Cadence = Field()
    version: int = Field(ge=1, le=2**31)


class MoveForm(MoveMentorship):
    version: int = Field(ge=1, le=2**31)


def deeds_for(actor: "User", pair: "Mentorship") -> list[tuple[str, str]]:
    """The moves there are for somebody, most wanted first."""
    return [
        (action.value, str(DEEDS[action]))
        for action in allowed_pair_actions(pair.status)
        if policies.can_move_pair(actor, pair, action)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def mentorship_propose(request: WebRequest) -> HttpResponse:
    """Ask somebody to be one's mentor or mentee."""
    form: Form[ProposeForm] = Form.of(role=PairSide.MENTEE, cadence_days="14")
    if request.method == "POST":
        form = read_form(ProposeForm, request.POST)
    try:
        if form.given:
            pair = services.propose_mentorship(actor=request.user, given=form.given)
            messages.success(request, _("Proposed. It begins once it is accepted."))
            return redirect("mentorships:detail", pair.uid)
    except DomainError as error:
        form.add(error)
    roles = [
        (PairSide.MENTEE, _("They mentor me")),
        (PairSide.MENTOR, _("I mentor them")),
    ]
    return show_form(request, "mentorships/propose.html", form, roles=roles)


@require_http_methods(["GET", "HEAD", "POST"])
def mentorship_change(request: WebRequest, mentorship_id: UUID) -> HttpResponse:
    """Other goals, another cadence."""
    pair = queries.get_mentorship(actor=request.user, mentorship_id=mentorship_id)
    form: Form[ChangeForm] = Form.of(
        cadence_days=pair.cadence_days, goals=pair.goals, version=pair.version
    )
    if request.method == "POST":
        form = read_form(ChangeForm, request.POST)
    try:
        if form.given:
            given = ChangeMentorship(
                cadence_days=form.given.cadence_days, goals=form.given.goals or ""
            )
            services.change_mentorship(
                actor=request.user,
                mentorship_id=mentorship_id,
                given=given,
                seen_version=form.given.version,
            )
            messages.success(request, _("Kept. Both of you see it."))
            return redirect("mentorships:detail", pair.uid)
    except NotFound:
        raise
    except DomainError as error:
        form.add(error)
    return show_form(request, "mentorships/change.html", form, pair=pair, title=both_of(pair))


@require_http_methods(["GET", "HEAD", "POST"])
def mentorship_move(request: WebRequest, mentorship_id: UUID, action: str) -> HttpResponse:
    """One move in the life of a pair, with what there is to say to it."""
    pair = queries.get_mentorship(actor=request.user, mentorship_id=mentorship_id)
    if action not in PairAction.values:
        raise NotFound(_("There is no such mentorship."))
    form: Form[MoveForm] = Form.of(version=pair.version)
    if request.method == "POST":
        form = read_form(MoveForm, _with_action(request, action))
    try:
        if form.given:
            services.move_mentorship(
                actor=request.user,
                mentorship_id=mentorship_id,
                given=form.given,
                seen_version=form.given.version,
            )
            messages.success(request, SAID[PairAction(action)])
            return redirect("mentorships:detail", pair.uid)
    except NotFound:
        raise
    except DomainError as error:
        form.add(error)
    shown = {
        "pair": pair,
        "title": both_of(pair),
        "action": action,
        "deed": DEEDS[PairAction(action)],
        "is_end": action == PairAction.END,
    }
    return show_form(request, "mentorships/move.html", form, **shown)


def _with_action(request: WebRequest, action: str) -> QueryDict:
    sent = request.POST.copy()
    sent["action"] = action
    return sent
