"""The set-up page: the one way to the first account."""

from allauth.account.utils import perform_login
from django.contrib.auth import password_validation
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tutelage.core.errors import DomainError, invalid_field
from tutelage.core.times import zones
from tutelage.domain.people import queries, services
from tutelage.domain.people.inputs import ClaimSetup
from tutelage.web.forms import Form, read_form, show_form

SETUP = "accounts/setup.html"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest, token: str) -> HttpResponse:
    """Make the first super-administrator, for whoever has the link that the server printed."""
    if not queries.is_setup_link(token):
        return render(request, "accounts/setup_over.html", status=404)
    if request.method != "POST":
        return show_form(request, SETUP, Form[ClaimSetup]())
    sent = request.POST.copy()
    password = sent.pop("password", [""])[-1]
    if sent.get("zone") not in zones():
        sent.pop("zone", None)
    form = read_form(ClaimSetup, sent)
    try:
        _check(password)
        if form.given:
            person = services.claim_setup(token=token, given=form.given, password=password)
            response: HttpResponse = perform_login(request, person, email_verification="none")
            return response
    except DomainError as error:
        form.add(error)
    return show_form(request, SETUP, form)


def _check(password: str) -> None:
    try:
        password_validation.validate_password(password)
    except ValidationError as faults:
        raise invalid_field("password", " ".join(faults.messages)) from None
