"""How long the server itself takes for the statements of an operation."""

from collections.abc import Sequence
from statistics import median
from typing import Any, Final

import psycopg

from bench.floor import Statement, Values, numbered

TIMES: Final = 15
# Reading a clock at each row would cost more than some rows do.
EXPLAIN: Final = "explain (analyze, timing off, summary on, format json) "


def database_ms(dsn: str, options: str, statements: Sequence[Statement]) -> float:
    """Execution alone, of all of them: they are planned once for a connection. The median."""
    with psycopg.ClientCursor(psycopg.connect(dsn, autocommit=True, options=options)) as cursor:
        sums = [sum(_took(cursor, *each) for each in statements) for _ in range(TIMES)]
        cursor.connection.close()
    return median(sums)


def _took(cursor: "psycopg.ClientCursor[Any]", sql: str, given: Values) -> float:
    cursor.execute((EXPLAIN + sql).encode(), numbered(given, 0))
    [([plan],)] = cursor.fetchall()
    return float(plan["Execution Time"])
