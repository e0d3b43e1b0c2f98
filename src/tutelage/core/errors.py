"""Errors a person may see. The number is HTTP's: pages, API and documents all speak it."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple


class FieldError(NamedTuple):
    field: str
    detail: str


class DomainError(Exception):
    """Base of every expected failure; the message is fit to show to a user."""

    status: ClassVar[int]
    code: ClassVar[str]
    retry_after: ClassVar[int | None] = None
    """Seconds after which to ask for the same again, where that is of use."""

    def __init__(self, message: str, *, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.errors = errors


class NotPermitted(DomainError):
    status, code = 403, "not_permitted"


class NotFound(DomainError):
    """Also the answer about what the actor may not know of."""

    status, code = 404, "not_found"


class Conflict(DomainError):
    """The request was well formed but the current state does not allow it."""

    status, code = 409, "conflict"


class Stale(DomainError):
    """Somebody else changed it since the actor last read it."""

    status, code = 412, "stale"


class InvalidInput(DomainError):
    status, code = 422, "invalid_input"


def invalid_field(field: str, detail: str) -> InvalidInput:
    """Refuse one field, by a rule that only the rows could tell."""
    return InvalidInput(detail, errors=[FieldError(field, detail)])
