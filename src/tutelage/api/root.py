"""The HTTP API: its routers, and the rules that hold for each operation."""

from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.params.models import QueryModel

from tutelage.api import (
    availability,
    logs,
    me,
    mentorships,
    missed,
    next_steps,
    people,
    sessions,
    tokens,
)
from tutelage.api.auth import LoginSessionAuth, TokenAuth
from tutelage.api.document import complete
from tutelage.api.idempotency import (
    AnsweredBefore,
    answer_if_known,
    in_one_transaction,
    is_keyed,
    replay,
)
from tutelage.api.problems import problem
from tutelage.api.requests import ApiRequest
from tutelage.core.errors import DomainError, FieldError, InvalidInput
from tutelage.core.inputs import invalid_input

DESCRIPTION = """
Everything that the pages do can be done here. Make a token under *Settings, API tokens*, and send
it as `Authorization: Bearer tut_…`.

Times are RFC 3339 with their offset; a start is chosen as `local_start` on the clocks of `zone`.
`from` and `to` are days of the reader, both inclusive, or instants, half-open. Lists answer
`pagination` and take `page` and `limit`, or the `cursor` of the page before. Errors are problem
details (RFC 9457) that name each field. A PATCH or DELETE needs the `ETag` last read as
`If-Match`. A POST with an `Idempotency-Key` is done once, however often it is sent. What is
answered by 503, or by 409 with `Retry-After`, can be sent again after so many seconds.
"""


def by_the_rules(view: Callable[..., object]) -> Callable[..., object]:
    """What holds for each operation: no unknown parameter, and no request done twice.

    django-ninja would overlook a misspelt filter, and list everything.
    """
    operation = view._ninja_operation  # type: ignore[attr-defined]  # noqa: SLF001
    queries = [model for model in operation.models if issubclass(model, QueryModel)]
    known = {name for query in queries for name in query.__ninja_flatten_map__}
    holds_secret = "x-secret-answer" in (operation.openapi_extra or {})

    @wraps(view)
    def checked(request: HttpRequest, **values: object) -> object:
        if unknown := sorted(request.GET.keys() - known):
            raise InvalidInput(
                _("There are parameters that this address does not know."),
                errors=[FieldError(name, _("This is not known here.")) for name in unknown],
            )
        if is_keyed(request) and not holds_secret:
            answer_if_known(request)
        return view(request, **values)

    return checked


class Api(NinjaAPI):
    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """Made once: it is the same for everybody, and a quarter of a second's work."""
        return self._document

    @cached_property
    def _document(self) -> OpenAPISchema:
        schema = super().get_openapi_schema()
        complete(schema)
        return schema

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Unlike Django-ninja's, it says nothing of where the code stands, and is there once."""
        [tag] = operation.tags or ["api"]
        return f"{tag}_{operation.view_func.__name__}"


api = Api(
    title="Tutelage",
    version="1",
    description=DESCRIPTION,
    auth=(TokenAuth(), LoginSessionAuth()),
)
api.add_decorator(by_the_rules)
api.add_decorator(in_one_transaction, mode="view")
api.add_router("/me", me.router)
api.add_router("/me/availability", availability.router)
api.add_router("/people", people.router)
api.add_router("/people", availability.host_router)
api.add_router("/tokens", tokens.router)
api.add_router("/mentorships", mentorships.router)
api.add_router("/jam/mentorships", mentorships.log_router, url_name_prefix="jam", tags=["jam"])
api.add_router("/sessions", sessions.router)
api.add_router("", logs.router)
api.add_router("/next-steps", next_steps.router)
api.add_router("/sessions", missed.router)
api.add_router("/missed", missed.disputed_router)


@api.exception_handler(DomainError)
def domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    said = problem(error.status, error.message, code=error.code, errors=error.errors)
    if error.retry_after is not None:
        said["Retry-After"] = str(error.retry_after)
    return said


@api.exception_handler(ValidationError)
def validation_error(request: HttpRequest, error: ValidationError) -> HttpResponse:
    for each in error.errors:  # ("body", argument, field, …), or ("query", field)
        source, *path = each["loc"]
        each["loc"] = path[1:] if source == "body" else path
    return domain_error(request, invalid_input(error.errors, tags=sessions.ACTIONS))


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, error.message)


@api.exception_handler(AnsweredBefore)
def answered_before(request: ApiRequest, known: AnsweredBefore) -> HttpResponse:
    try:
        return replay(request, known.answer)
    except DomainError as error:
        return domain_error(request, error)
