"""The pages about oneself: profile, security, API tokens, and the theme of this browser."""

from typing import Final
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tutelage.core.clock import now
from tutelage.domain.people import queries, services
from tutelage.domain.people.inputs import ChangeProfile, MakeToken
from tutelage.domain.people.lifecycle import Scope
from tutelage.web.forms import Form, read_form, show_form
from tutelage.web.requests import WebRequest
from tutelage.web.words import zone_groups

THEMES: Final = ("light", "dark")
_A_YEAR: Final = 60 * 60 * 24 * 365
_LIVES: Final = (30, 90, 365)


@require_http_methods(["GET", "HEAD", "POST"])
def profile_change(request: WebRequest) -> HttpResponse:
    person = request.user
    form: Form[ChangeProfile]
    if request.method == "POST":
        form = read_form(ChangeProfile, request.POST)
    else:
        form = Form.of(name=person.name, zone=person.zone, locale=person.locale)
    if form.given:
        services.change_profile(actor=person, given=form.given)
        with translation.override(form.given.locale):  # as the next page will speak
            messages.success(request, _("Profile saved"))
        return redirect("settings:profile")
    shown = {"zones": zone_groups(), "languages": settings.LANGUAGES}
    return show_form(request, "settings/profile.html", form, **shown)


@require_safe
def security_show(request: WebRequest) -> HttpResponse:
    person = request.user
    kinds = set(Authenticator.objects.filter(user=person).values_list("type", flat=True))
    shown = {
        "second_factor": Authenticator.Type.TOTP in kinds,
        "pending": EmailAddress.objects.filter(user=person, verified=False).first(),
        "has_password": person.has_usable_password(),
    }
    return render(request, "settings/security.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def token_list(request: WebRequest) -> HttpResponse:
    """The tokens there are, and, this one time, the one that was just made."""
    form: Form[MakeToken] = Form.of(scope=Scope.READ, days="90")
    made = ""
    if request.method == "POST":
        form = read_form(MakeToken, request.POST)
        if form.given:
            _row, made = services.issue_token(actor=request.user, given=form.given)
            form = Form.of(scope=Scope.READ, days="90")
    shown = {
        "made": made,
        "tokens": queries.list_tokens(request.user),
        "scopes": Scope.choices,
        "lives": [*((str(days), _days(days)) for days in _LIVES), ("", _("Until I revoke it"))],
        "now": now(),
    }
    return show_form(request, "settings/tokens.html", form, **shown)


@require_POST
def token_revoke(request: WebRequest, token_id: UUID) -> HttpResponse:
    services.revoke_token(actor=request.user, token_id=token_id)
    messages.success(request, _("Token revoked. What used it gets no answer from now on."))
    return redirect("settings:tokens")


@require_POST
def theme_choose(request: WebRequest) -> HttpResponse:
    """Remember light or dark in this browser; anything else follows the system again."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/settings"
    response = HttpResponseRedirect(back)
    theme = request.POST.get("theme")
    if theme in THEMES:
        response.set_cookie(
            "theme", theme, max_age=_A_YEAR, secure=settings.SECURE, httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


def _days(count: int) -> str:
    return ngettext("%(count)d day", "%(count)d days", count) % {"count": count}
