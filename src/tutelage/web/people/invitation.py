"""The mail with which somebody comes in: a link to set the first password."""

import logging
from smtplib import SMTPException
from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.utils import translation

if TYPE_CHECKING:
    from django.http import HttpRequest

    from tutelage.domain.people.models import User

log = logging.getLogger(__name__)


def send_invitation(request: "HttpRequest", person: "User") -> bool:
    """Mail the link that sets a password, as for one forgotten; say whether the mail went out."""
    adapter = get_adapter(request)
    key = f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
    shown = {
        "person": person,
        "inviter": request.user,
        "site_name": settings.SITE_NAME,
        "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
        "address": adapter.get_reset_password_from_key_url(key),
    }
    try:
        with translation.override(person.locale):
            adapter.send_mail("people/mail/invitation", person.email, shown)
    except (OSError, SMTPException):
        log.exception("The invitation of person %s could not be sent.", person.pk)
        return False
    return True
