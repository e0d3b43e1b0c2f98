"""The HTTP API: its routers, and the rules that hold for each operation."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.params.models import QueryModel

from tutelage.api.auth import LoginSessionAuth, TokenAuth
from tutelage.api.problems import problem
from tutelage.core.errors import DomainError, FieldError, InvalidInput
from tutelage.core.inputs import invalid_input


def refuse_unknown_parameters(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let no misspelt filter pass for no filter: django-ninja would overlook it."""
    models = view._ninja_operation.models  # type: ignore[attr-defined]  # noqa: SLF001
    queries = [model for model in models if issubclass(model, QueryModel)]
    known = {name for query in queries for name in query.__ninja_flatten_map__}

    @wraps(view)
    def checked(request: HttpRequest, **values: object) -> object:
        if unknown := sorted(request.GET.keys() - known):
            raise InvalidInput(
                "There are parameters that this address does not know.",
                errors=[FieldError(name, "Unknown parameter.") for name in unknown],
            )
        return view(request, **values)

    return checked


api = NinjaAPI(title="Tutelage", version="1", auth=(TokenAuth(), LoginSessionAuth()))
api.add_decorator(refuse_unknown_parameters)


@api.exception_handler(DomainError)
def domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    return problem(error.status, error.message, code=error.code, errors=error.errors)


@api.exception_handler(ValidationError)
def validation_error(request: HttpRequest, error: ValidationError) -> HttpResponse:
    for each in error.errors:  # ("body", argument, field, …), or ("query", field)
        source, *path = each["loc"]
        each["loc"] = path[1:] if source == "body" else path
    return domain_error(request, invalid_input(error.errors))


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, error.message)
