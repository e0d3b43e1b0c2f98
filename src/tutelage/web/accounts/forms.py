"""The forms of allauth that ask for something more."""

from typing import TYPE_CHECKING

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse

from tutelage.core.times import zones
from tutelage.web.accounts.adapter import ZONE_KEY, trust_given_address

if TYPE_CHECKING:
    from tutelage.domain.people.models import User


class _ZoneForm(forms.Form):
    """Carries the browser's time zone, which `app.js` fills in; kept until the login is through."""

    zone = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def keep_zone(self, request: HttpRequest) -> None:
        zone = self.cleaned_data.get("zone")
        if zone in zones():
            request.session[ZONE_KEY] = zone


class LoginForm(_ZoneForm, allauth_forms.LoginForm):  # type: ignore[misc]  # allauth has no types
    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        self.keep_zone(request)
        answer: HttpResponse = super().login(request, redirect_url)
        return answer


class ResetPasswordForm(allauth_forms.ResetPasswordForm):  # type: ignore[misc]  # as above
    users: "list[User]"

    def clean_email(self) -> str:
        """Let accounts that never signed in set their first password this way, too.

        Only the address an account has counts. allauth would also mail one that somebody entered
        as their new address and has yet to confirm: mistyped, it is a stranger's.
        """
        email: str = super().clean_email()
        self.users = [user for user in self.users if user.email == email.lower()]
        for user in self.users:
            trust_given_address(user)
        return email


class ChangePasswordForm(allauth_forms.ChangePasswordForm):  # type: ignore[misc]  # as above
    user: "User"

    def clean_oldpassword(self) -> str:
        """A try here is one on the account: it counts with those at the login."""
        given: str = self.cleaned_data["oldpassword"]
        adapter = get_adapter()
        trust_given_address(self.user)
        if not adapter.reauthenticate(self.user, given):
            raise adapter.validation_error("enter_current_password")
        return given


class SignupForm(_ZoneForm, allauth_forms.SignupForm):  # type: ignore[misc]  # allauth has no types
    name = forms.CharField(max_length=150)

    def try_save(self, request: HttpRequest) -> "tuple[User | None, HttpResponse | None]":
        """Where there is an account already, it takes as long as where one is made."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        saved: tuple[User | None, HttpResponse | None] = super().try_save(request)
        return saved

    def signup(self, request: HttpRequest, user: object) -> None:
        self.keep_zone(request)
