"""Which SQL an operation sends: asked in this process, by the same application, once it is warm."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import Client

from bench.floor import Statement
from bench.serving import Request, is_success

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]


def statements_of(first: Request, second: Request) -> list[Statement]:
    """Of two requests the second counts: the first one fills what a process keeps for others."""
    client = Client()
    _ask(client, first)
    with _written_down() as sent:
        _ask(client, second)
    return sent


def _ask(client: Client, request: Request) -> None:
    headers = {"Host": "localhost", **request.headers}
    if request.body:
        response = client.post(
            request.path, request.body, content_type="application/json", headers=headers
        )
    else:
        response = client.get(request.path, headers=headers)
    if not is_success(response.status_code):
        raise RuntimeError(f"{request.path}: {response.status_code} {response.content[:500]!r}")


@contextmanager
def _written_down() -> Iterator[list[Statement]]:
    sent: list[Statement] = []

    def write(execute: Execute, sql: str, given: Any, many: bool, context: dict[str, Any]) -> Any:
        sent.append((sql, given if isinstance(given, dict) else tuple(given or ())))
        return execute(sql, given, many, context)

    with connection.execute_wrapper(write):
        yield sent
