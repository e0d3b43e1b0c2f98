"""The pages of pairs: a list, one pair, a new one, and asking for a time."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import Field, TypeAdapter

from tutelage.core.clock import now
from tutelage.core.errors import DomainError, NotFound
from tutelage.domain.insights.inputs import PulseFilters
from tutelage.domain.insights.pulse import Level
from tutelage.domain.insights.queries import MOST, list_by_pulse, list_every_pulse
from tutelage.domain.logs.queries import list_open_steps
from tutelage.domain.people.inputs import PeopleFilters
from tutelage.domain.people.queries import list_people
from tutelage.domain.programs import policies, queries, services
from tutelage.domain.programs.inputs import Cadence, MakeMentorship
from tutelage.domain.programs.lifecycle import PairStatus
from tutelage.domain.scheduling.inputs import AskForTime
from tutelage.domain.scheduling.queries import find_bookable_mentors
from tutelage.domain.scheduling.services.offering import ask_for_time
from tutelage.domain.sessions.queries import find_next_of, list_held_of, list_open_of
from tutelage.web.forms import Form, read_form, show_form
from tutelage.web.mentorships.export import PairExport, file_of
from tutelage.web.mentorships.moves import deeds_for
from tutelage.web.mentorships.pulse import TONES, read_pulse, symptoms_of
from tutelage.web.params import read
from tutelage.web.requests import WebRequest
from tutelage.web.sessions.forms import read_time, refuse
from tutelage.web.sessions.times import read_proposal, time_choices
from tutelage.web.sides import both_of, second_zone

if TYPE_CHECKING:
    from tutelage.domain.people.models import User
    from tutelage.domain.programs.models import Mentorship


class MakeForm(MakeMentorship):
    """On a page an empty field was emptied by somebody: nothing is filled in for it."""

    cadence_days: Cadence = Field()


_filters = TypeAdapter(PulseFilters)
_export = TypeAdapter(PairExport)


@require_safe
def mentorship_list(request: WebRequest) -> HttpResponse:
    """One's own pairs, and for administrators all of them, worst first."""
    filters = read(_filters, request.GET)
    mine = queries.list_open_mentorships(request.user)
    own = [pair for pair in mine if not pair.asked]
    every = list_by_pulse(actor=request.user, filters=filters) if request.user.is_admin else None
    lines = every.rows if every else []
    coming = find_next_of(
        actor=request.user, program_ids=[pair.pk for pair in [*own, *(line.pair for line in lines)]]
    )
    shown = {
        "own": [(pair, pair.other_than(request.user), coming.get(pair.pk)) for pair in own],
        "asked": [pair for pair in mine if pair.asked == request.user],
        "proposed": [pair for pair in mine if pair.asked and pair.asked != request.user],
        "every": every,
        "rows": [
            (line.pair, TONES[line.pulse.level], line.pulse.level.label, symptoms_of(line.pulse),
             coming.get(line.pair.pk))
            for line in lines
        ],
        "filters": filters,
        "most": MOST,
        "statuses": [("", _("Any status")), *PairStatus.choices],
        "levels": [("", _("Any pulse")), *Level.choices],
    }  # fmt: skip
    return render(request, "mentorships/list.html", shown)


@require_safe
def mentorship_export(request: WebRequest) -> HttpResponse:
    """The pairs that the list shows, on all its pages, as a file; for administrators."""
    policies.can_make_mentorship(request.user).require()
    asked = read(_export, request.GET)
    return file_of(list_every_pulse(actor=request.user, filters=asked), asked.format)


@require_http_methods(["GET", "HEAD", "POST"])
def mentorship_make(request: WebRequest) -> HttpResponse:
    """Make a pair of two people who are here already."""
    policies.can_make_mentorship(request.user).require()
    form: Form[MakeForm] = Form.of(cadence_days="14", **_emails(request))
    if request.method == "POST":
        form = read_form(MakeForm, request.POST)
    try:
        if form.given:
            pair = services.make_mentorship(actor=request.user, given=form.given)
            messages.success(request, _("Pair made. Either of them can ask for a first time."))
            return redirect("mentorships:detail", pair.uid)
    except DomainError as error:
        form.add(error)
    people = list_people(actor=request.user, asked=PeopleFilters(limit=100)).rows
    return show_form(request, "mentorships/new.html", form, people=people)


@require_safe
def mentorship_people(request: WebRequest) -> HttpResponse:
    """Those who fit what is being typed, for a form that asks for somebody's e-mail."""
    typed = next(iter(request.GET.values()), "")[:200]
    people = list_people(actor=request.user, asked=PeopleFilters(q=typed, limit=100)).rows
    return render(request, "mentorships/_people.html", {"people": people})


def _emails(request: WebRequest) -> dict[str, str]:
    """Whom a link to this page has named already."""
    return {name: request.GET.get(name, "") for name in ("mentor_email", "mentee_email")}


@require_safe
def mentorship_detail(request: WebRequest, mentorship_id: UUID) -> HttpResponse:
    pair = queries.get_mentorship(actor=request.user, mentorship_id=mentorship_id)
    held = list_held_of(actor=request.user, mentorship_id=mentorship_id)
    shown = {
        "pair": pair,
        "title": _title(pair, request.user),
        "coming": list_open_of(actor=request.user, mentorship_id=mentorship_id),
        "other_zone": second_zone(now(), request.user, pair.other_than(request.user)),
        "held": [(session, getattr(session, "log", None)) for session in held],
        "is_side": request.user.pk in {pair.mentor_id, pair.mentee_id},
        "may_book": request.user.pk == pair.mentee_id
        and pair.mentor_id in find_bookable_mentors([pair.mentor_id]),
        "may_plan": bool(policies.can_plan_sessions(request.user, pair)),
        "may_change": bool(policies.can_change_pair(request.user, pair)),
        "deeds": deeds_for(request.user, pair),
        "moves": queries.list_moves(pair),
        "pulse": read_pulse(pair, request.user),
        "steps": list_open_steps(actor=request.user, mentorship=pair),
    }
    return render(request, "mentorships/detail.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def mentorship_ask(request: WebRequest, mentorship_id: UUID) -> HttpResponse:
    """Ask the other side for a time; an administrator who is neither side sets it."""
    pair = queries.get_mentorship(actor=request.user, mentorship_id=mentorship_id)
    people = [pair.mentor, pair.mentee]
    at_once = request.user.pk not in {person.pk for person in people}
    form: Form[AskForTime] = Form.of(duration_minutes="60", zone=request.user.own_zone)
    if request.method == "POST":
        form = read_time(AskForTime, request.POST, mentorship=str(mentorship_id))
    try:
        if form.given:
            session = ask_for_time(actor=request.user, given=form.given)
            messages.success(request, _said(at_once=at_once))
            return redirect("sessions:detail", session.pk)
    except NotFound:
        raise
    except DomainError as error:
        refuse(form, error)
    shown = {
        "pair": pair,
        "title": _title(pair, request.user),
        "program": pair.program,
        "at_once": at_once,
        **time_choices(form, reader=request.user, people=people),
    }
    return show_form(request, "mentorships/ask.html", form, **shown)


@require_safe
def mentorship_clocks(request: WebRequest, mentorship_id: UUID) -> HttpResponse:
    """The part of a form of a time that says what all clocks show, as it is being typed."""
    pair = queries.get_mentorship(actor=request.user, mentorship_id=mentorship_id)
    proposal = read_proposal(request.GET, reader=request.user, people=[pair.mentor, pair.mentee])
    return render(request, "sessions/_clocks.html", {"proposal": proposal, "typing": True})


def _title(pair: "Mentorship", reader: "User") -> str:
    """The other one's name; for a third person, both."""
    if reader.pk in {pair.mentor_id, pair.mentee_id}:
        return pair.other_than(reader).name
    return both_of(pair)


def _said(*, at_once: bool) -> str:
    if at_once:
        return _("Session scheduled. Both are told.")
    return _("Asked. The time is held for you until it is answered, at most 48 hours.")
