"""What the OpenAPI document says of every operation beside its own answer: how it can refuse.

A rule that holds for a kind of operation is said once, here, and never beside the operation.
"""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

from tutelage.api.idempotency import LONGEST
from tutelage.api.problems import MEDIA_TYPE, ProblemOut

Said = dict[str, Any]

_CHANGING: Final = frozenset({"post", "put", "patch", "delete"})
_PROBLEM: Final = "Problem"
_KEY: Final[Said] = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST},
    "description": "With it the request is done once, however often it is sent.",
}
# Pydantic writes the bounds of a number whose type we check before it does in words of its own.
_BOUNDS: Final = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
}


def complete(document: Said) -> Said:
    """Add to each operation the refusals it shares with others of its kind, and their shape."""
    _name_bounds(document)
    schemas = document["components"].setdefault("schemas", {})
    problem = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= {**problem.pop("$defs"), _PROBLEM: problem}
    for operations in document["paths"].values():
        for method, operation in operations.items():
            if method == "post" and not operation.get("x-secret-answer"):
                operation["parameters"].append(_KEY)
            responses = operation["responses"]
            for status in refusals(method, operation):
                responses.setdefault(status.value, refusal(status))
    return document


def _name_bounds(part: object) -> None:
    if isinstance(part, dict):
        if part.get("type") in {"integer", "number"}:
            for word in _BOUNDS.keys() & part.keys():
                part[_BOUNDS[word]] = part.pop(word)
        for each in part.values():
            _name_bounds(each)
    elif isinstance(part, list):
        for each in part:
            _name_bounds(each)


def refusals(method: str, operation: Said) -> Iterator[HTTPStatus]:
    """The statuses of the problems that an operation can answer with."""
    parameters = {(each["in"], each["name"]) for each in operation["parameters"]}
    yield HTTPStatus.BAD_REQUEST
    yield HTTPStatus.UNAUTHORIZED
    yield HTTPStatus.FORBIDDEN
    yield HTTPStatus.UNPROCESSABLE_ENTITY
    yield HTTPStatus.SERVICE_UNAVAILABLE
    if "requestBody" in operation or any(where == "path" for where, _name in parameters):
        yield HTTPStatus.NOT_FOUND
    if method in _CHANGING:
        yield HTTPStatus.CONFLICT
        yield HTTPStatus.REQUEST_TIMEOUT
        yield HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    if ("header", "If-Match") in parameters:
        yield HTTPStatus.PRECONDITION_FAILED
        if method != "post":
            yield HTTPStatus.PRECONDITION_REQUIRED


def refusal(status: HTTPStatus) -> Said:
    schema = {"$ref": f"#/components/schemas/{_PROBLEM}"}
    return {"description": status.phrase, "content": {MEDIA_TYPE: {"schema": schema}}}
