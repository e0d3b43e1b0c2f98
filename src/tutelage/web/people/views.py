"""People, for administrators: who is here, somebody new, and one person with their pairs."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from pydantic import TypeAdapter

from tutelage.core.errors import DomainError
from tutelage.core.times import zone_data
from tutelage.domain.people import policies, queries, services
from tutelage.domain.people.inputs import AddPerson, PeopleFilters
from tutelage.domain.people.lifecycle import Role
from tutelage.domain.programs.queries import list_mentorships_of
from tutelage.web.forms import Form, read_form, show_form
from tutelage.web.params import read
from tutelage.web.people.invitation import send_invitation
from tutelage.web.requests import WebRequest

if TYPE_CHECKING:
    from tutelage.domain.people.models import User

_filters = TypeAdapter(PeopleFilters)


@require_safe
def person_list(request: WebRequest) -> HttpResponse:
    asked = read(_filters, request.GET)
    found = queries.list_people(actor=request.user, asked=asked)
    template = "people/_found.html" if request.htmx else "people/list.html"
    return render(request, template, {"found": found, "asked": asked, "zone_data": zone_data()})


@require_http_methods(["GET", "HEAD", "POST"])
def person_add(request: WebRequest) -> HttpResponse:
    """Make an account, and mail its owner the link that sets a password."""
    policies.can_manage_people(request.user).require()
    form: Form[AddPerson] = Form.of(role=Role.USER)
    if request.method == "POST":
        form = read_form(AddPerson, request.POST)
    try:
        if form.given:
            person = services.add_person(actor=request.user, given=form.given)
            _invite(request, person)
            return redirect("people:detail", person.uid)
    except DomainError as error:
        form.add(error)
    roles = [
        (role.value, role.label) for role in Role if policies.can_give_role(request.user, role)
    ]
    return show_form(request, "people/new.html", form, roles=roles)


@require_safe
def person_detail(request: WebRequest, uid: UUID) -> HttpResponse:
    person = queries.get_person(actor=request.user, uid=uid)
    shown = {
        "person": person,
        "has_password": person.has_usable_password(),
        "pairs": list_mentorships_of(actor=request.user, person=person),
    }
    return render(request, "people/detail.html", shown)


@require_POST
def person_invite(request: WebRequest, uid: UUID) -> HttpResponse:
    """Send the link again, to somebody who has set no password yet."""
    person = queries.get_person(actor=request.user, uid=uid)
    if not person.is_active:
        messages.warning(request, _("This account is closed. No mail was sent."))
    elif person.has_usable_password():
        messages.warning(request, _("This person has a password already. No mail was sent."))
    else:
        _invite(request, person)
    return redirect("people:detail", uid)


def _invite(request: WebRequest, person: "User") -> None:
    told = {"email": person.email}
    if send_invitation(request, person):
        messages.success(request, _("A link to set a password went to %(email)s.") % told)
    else:
        messages.error(
            request,
            _("The account is there, but the mail to %(email)s could not be sent. Try again.")
            % told,
        )
