"""Where pages are. `reverse` takes its time, and a page asks for the same few dozens of times."""

from functools import cache
from typing import Final
from uuid import UUID

from django.urls import reverse

_SOME_ID: Final = UUID(int=0)
_SOME: Final = str(_SOME_ID)


def address(name: str, key: UUID | None = None) -> str:
    """As `reverse` says it, of a page without a part of its own or with one id."""
    return _fixed(name) if key is None else _pattern(name).replace(_SOME, str(key))


@cache
def _fixed(name: str) -> str:
    return reverse(name)


@cache
def _pattern(name: str) -> str:
    return reverse(name, args=[_SOME_ID])
