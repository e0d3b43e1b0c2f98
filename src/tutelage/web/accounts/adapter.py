"""Where allauth asks what we want: who may sign up, what mails say, what a login brings with it."""

from typing import TYPE_CHECKING, Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tutelage.core import links
from tutelage.core.encryption import ENCRYPTED, decrypt, encrypt
from tutelage.core.times import zones
from tutelage.domain.people import services
from tutelage.domain.people.inputs import AddPerson

if TYPE_CHECKING:
    from tutelage.domain.people.models import User

ZONE_KEY: Final = "zone-of-the-browser"
_SAID_ANYHOW: Final = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}


def trust_given_address(user: "User") -> None:
    """Count the address of an account as confirmed that an administrator or a command made.

    Such an account has no address in allauth's table yet; one that signed up has.
    """
    if not EmailAddress.objects.filter(user=user).exists():
        # Of two first logins at once, the second finds what the first has made.
        noted = {"verified": True, "primary": True}
        EmailAddress.objects.get_or_create(user=user, email=user.email, defaults=noted)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": _("Turn the second step off before you change your e-mail."),
        "incorrect_code": _("That code is not right. Use the one that is shown now."),
        "unverified_email": _("Confirm your new e-mail before you turn the second step on."),
    }

    def encrypt(self, text: str) -> str:
        """The secrets of second steps are at rest as all others are."""
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """What stands there unencrypted was written by a release that did not encrypt it yet."""
        is_encrypted = encrypted_text.startswith(ENCRYPTED)
        return decrypt(encrypted_text) if is_encrypted else encrypted_text


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _("That e-mail and password do not match."),
        "enter_current_password": _("That is not your present password."),
        "incorrect_password": _("That is not your password."),
        "invalid_or_expired_key": _("This link is not, or no longer, good."),
        "invalid_password_reset": _("This link is not, or no longer, good."),
        "email_taken": _("Another account has this e-mail."),
        "duplicate_email": _("This is your e-mail already."),
        "same_as_current": _("This is your e-mail already."),
        "too_many_login_attempts": _("That was wrong too often. Try again in 15 minutes."),
        "rate_limited": _(
            "That was too often in a short time. Wait a few minutes, then try again."
        ),
    }

    def _get_login_attempts_cache_key(
        self,
        request: HttpRequest,
        **credentials: Any,  # noqa: ANN401  # allauth's
    ) -> str:
        """One count for an account, however its address is spelled and whichever host is asked.

        allauth's own names the host as the sender wrote it: each port would have its own tries.
        """
        return str(credentials.get("email", "")).strip().upper().lower()

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.SIGNUP == "open"

    def save_user(
        self, request: HttpRequest, user: AbstractBaseUser, form: BaseForm, commit: bool = True
    ) -> AbstractBaseUser:
        """Sign up through the same service that makes every other account."""
        given = form.cleaned_data
        person = services.add_person(
            actor=None, given=AddPerson(name=given["name"], email=given["email"])
        )
        person.set_password(given["password1"])
        person.save(update_fields=["password"])
        return person

    def pre_login(
        self,
        request: HttpRequest,
        user: "User",
        **given: Any,  # noqa: ANN401  # allauth's, passed on
    ) -> HttpResponse | None:
        trust_given_address(user)
        response: HttpResponse | None = super().pre_login(request, user, **given)
        return response

    def login(self, request: HttpRequest, user: "User") -> None:
        """Sign in, after all factors, and learn where the person is if nobody knows yet."""
        super().login(request, user)
        zone = request.session.pop(ZONE_KEY, "")
        if zone in zones():
            services.learn_zone(actor=user, zone=zone)

    def format_email_subject(self, subject: str) -> str:
        return subject

    def get_reset_password_from_key_url(self, key: str) -> str:
        """From the settings, never from the request: its host is whatever the sender wrote."""
        path = reverse("account_reset_password_from_key", args=["UID", "KEY"])
        return links.absolute(path.replace("UID-KEY", key))

    def send_account_already_exists_mail(self, email: str) -> None:
        """As above: allauth's own link would name the host that the sender wrote."""
        link = links.absolute(reverse("account_reset_password"))
        self.send_mail("account/email/account_already_exists", email, {"password_reset_url": link})

    def get_email_confirmation_url(
        self, request: HttpRequest, emailconfirmation: EmailConfirmation
    ) -> str:
        return links.absolute(reverse("account_confirm_email", args=[emailconfirmation.key]))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return str(settings.LOGIN_REDIRECT_URL)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say nothing about what the page after it shows anyhow."""
        if message_template not in _SAID_ANYHOW:
            super().add_message(
                request, level, message_template, message_context, extra_tags, message
            )
