"""What is said to a client whose request does not reach Django: a problem, or a small page."""

from http import HTTPStatus
from typing import Final

from django.http import HttpRequest
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tutelage.realtime.asgi import Headers, Scope, Send, answer, answer_json

_WORDS: Final = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: gettext_noop(
        "This is larger than what may be sent at once."
    ),
    HTTPStatus.REQUEST_TIMEOUT: gettext_noop(
        "It took too long to arrive. Try again, over a better connection if there is one."
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: gettext_noop(
        "Too many people are being served just now. Try again in a moment."
    ),
    HTTPStatus.INSUFFICIENT_STORAGE: gettext_noop(
        "The server has no room left to take this. Tell whoever runs it."
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: gettext_noop("Something went wrong here."),
}
_PAGE: Final = (
    '<!doctype html><html lang="{}"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>{}</title><h1>{}</h1></html>'
)


def _language(scope: Scope) -> str:
    """The client's own wish; whose language it is cannot be asked of the database here."""
    request = HttpRequest()
    wished = dict(scope["headers"]).get(b"accept-language", b"")
    request.META["HTTP_ACCEPT_LANGUAGE"] = wished.decode("latin-1")
    return translation.get_language_from_request(request)


async def refuse(scope: Scope, send: Send, status: HTTPStatus, headers: Headers = ()) -> None:
    """Answer for Django, and close: the rest of the body may still be under way."""
    language = _language(scope)
    with translation.override(language):
        words = _(_WORDS[status])
    headers = [*headers, (b"connection", b"close")]
    if scope["path"].startswith("/api/"):
        problem = {
            "type": "about:blank",
            "title": status.phrase,
            "status": status,
            "code": status.name.lower(),
            "detail": words,
            "errors": [],
        }
        await answer_json(send, status, problem, problem=True, headers=headers)
    else:
        page = format_html(_PAGE, language, words, words).encode()
        await answer(send, status, page, "text/html; charset=utf-8", headers)
