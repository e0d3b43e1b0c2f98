"""Idempotency-Key: a request that is sent again is not done again.

The rules are Stripe's (its API reference, "Idempotent requests"): the same key and body get the
first answer again, another body 422, one that is still at work 409; for 24 hours. Only what was
done is remembered, never a refusal. The work and its answer are written in one transaction.
"""

import re
from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import msgspec
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.errors import HttpError

from tutelage.api.requests import ApiRequest
from tutelage.core.errors import NotPermitted
from tutelage.core.transactions import one_transaction
from tutelage.domain.journal.services import Request, find_answer, keep_answer
from tutelage.domain.logs.queries import get_step
from tutelage.domain.programs.queries import get_mentorship
from tutelage.domain.sessions.queries import get_session

if TYPE_CHECKING:
    from tutelage.domain.people.models import User

SECRET: Final[dict[str, Any]] = {"x-secret-answer": True}
_HEADER: Final = "Idempotency-Key"
_REPLAYED: Final = "Idempotency-Replayed"
LONGEST: Final = 255
_KEPT_HEADERS: Final = ("Content-Type", "ETag", "Location")

# What an answer is about has to be its reader's to see still: how that is asked, by its place.
_READ: "Final[Mapping[str, Callable[[User, UUID], object]]]" = {
    "sessions": lambda actor, key: get_session(actor=actor, session_id=key),
    "mentorships": lambda actor, key: get_mentorship(actor=actor, mentorship_id=key),
    "next-steps": lambda actor, key: get_step(actor=actor, step_id=key),
}
_NAMED: Final = re.compile(rf"/({'|'.join(_READ)})/([0-9a-f]{{8}}-[0-9a-f-]{{27}})\b")


class Answer(msgspec.Struct):
    """What is kept of a response, and the role its reader had."""

    status: int
    body: str
    headers: dict[str, str]
    role: str


class AnsweredBefore(Exception):
    def __init__(self, answer: Answer) -> None:
        self.answer = answer


def in_one_transaction(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Around a whole operation: what it did and the answer it gave are kept together."""

    @wraps(run)
    def done_once(request: HttpRequest, **path: object) -> HttpResponse:
        if request.method != "POST" or _HEADER not in request.headers:
            return run(request, **path)
        return _do_once(run, request, path)

    return done_once


@one_transaction
def _do_once(
    run: Callable[..., HttpResponse], request: HttpRequest, path: dict[str, object]
) -> HttpResponse:
    response = run(request, **path)
    asked: Request | None = getattr(request, "asked_once", None)
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        transaction.set_rollback(True)
    elif asked and _REPLAYED not in response:
        keep_answer(asked, _kept(response, request))
    return response


def is_keyed(request: HttpRequest) -> bool:
    """Whether a request is to be done once; a key that is none is refused."""
    key = request.headers.get(_HEADER)
    if request.method != "POST" or key is None:
        return False
    if not 0 < len(key) <= LONGEST or not key.isascii():
        raise HttpError(
            HTTPStatus.BAD_REQUEST, _("An Idempotency-Key has 1 to 255 ASCII characters.")
        )
    return True


def answer_if_known(request: HttpRequest) -> None:
    """Once it is known who asks: leave with the answer given before, if there is one."""
    person = request.auth  # type: ignore[attr-defined]  # set by django-ninja
    asked = Request(person.pk, "POST", request.path, request.headers[_HEADER], request.body)
    known = find_answer(asked)
    if known is not None:
        raise AnsweredBefore(msgspec.json.decode(known, type=Answer))
    request.asked_once = asked  # type: ignore[attr-defined]


def replay(request: ApiRequest, answer: Answer) -> HttpResponse:
    """Give the answer again, unless its reader may do less, or more, than then."""
    if answer.role != request.auth.role:
        raise NotPermitted(_("Your rights have changed since this was first asked."))
    for kind, key in _NAMED.findall(f"{request.path} {answer.headers.get('Location', '')}"):
        _READ[kind](request.auth, UUID(key))
    headers = {"Content-Type": "application/json", **answer.headers, _REPLAYED: "true"}
    return HttpResponse(answer.body, status=answer.status, headers=headers)


def _kept(response: HttpResponse, request: HttpRequest) -> str:
    headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
    role = request.auth.role  # type: ignore[attr-defined]  # set by django-ninja
    answer = Answer(response.status_code, response.content.decode(), headers, role)
    return msgspec.json.encode(answer).decode()
