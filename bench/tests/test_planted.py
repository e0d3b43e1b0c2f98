"""What the bench has to report: a statement too many, and an operation that became slow."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from typing import Any

import pytest
from django.db import connection

from bench import running, serving
from bench.__main__ import judge
from bench.floor import Statement
from bench.operations import Budget, Operation
from bench.running import Asked, Site
from bench.serving import Request
from bench.verdict import Section
from tutelage.domain.feedback import queries
from tutelage.domain.people.tests.builders import make_token, make_user

CHEAP: Statement = ("select 1", ())
DEAR: Statement = ("select count(*) from generate_series(1, 50000)", ())


def dsn() -> str:
    named = {"dbname": "NAME", "user": "USER", "host": "HOST", "port": "PORT"}
    given = {word: connection.settings_dict[key] for word, key in named.items()}
    return " ".join(f"{word}='{value}'" for word, value in given.items() if value)


@contextmanager
def site(operation: Operation, ours: Statement, floor: Statement) -> Iterator[Site]:
    """A product that does one thing, beside a floor that does another."""
    with ExitStack() as stack:
        web, beside = (
            stack.enter_context(serving.beside(dsn(), {"0": [each]})) for each in (ours, floor)
        )
        asked: Any = Asked(operation, 0, None, [], count())  # type: ignore[arg-type]  # asks nobody
        yield Site(dsn(), [asked], web, beside)


def verdict_on(ours: Statement) -> int:
    operation = Operation(
        "Planted", lambda _cast, number: Request(f"/0?{number}"), Budget(cpu_ratio=3)
    )
    with site(operation, ours, CHEAP) as one:
        return judge([running.ratio_of(one, one.asked[0])])


@pytest.mark.django_db
def test_an_operation_that_became_slow_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    assert verdict_on(CHEAP) == 0
    assert verdict_on(DEAR) == 1
    assert "Planted, CPU against the floor" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_statement_too_many_is_reported(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    token = make_token(make_user())
    operation = Operation(
        "Planted",
        lambda _cast, _number: Request("/api/sessions", {"Authorization": f"Bearer {token}"}),
        Budget(statements=2),  # the token, and that there is nothing to show
    )

    def counted() -> Section:
        asked = Asked.of(operation, 0, None)  # type: ignore[arg-type]  # it asks nobody
        return Section(operation.name, [running.statement_count([asked])], is_operation=True)

    assert judge([counted()]) == 0
    list_lines = queries.list_lines

    def slipped_in(**asked: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
        return list_lines(**asked)

    monkeypatch.setattr(queries, "list_lines", slipped_in)
    assert judge([counted()]) == 1
    assert "Planted, SQL statements: 3, budget ≤ 2" in capsys.readouterr().out
