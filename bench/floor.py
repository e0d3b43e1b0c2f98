"""The floor: the same SQL through bare psycopg, prepared, with the result encoded.

No framework. It stands behind the same web server as the product, so that a client sees the
difference that the product makes, and nothing else.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
import psycopg
import uvicorn
from psycopg.rows import dict_row

Values = tuple[Any, ...] | dict[str, Any]
Statement = tuple[str, Values]
Tasks = Mapping[str, Sequence[Statement]]
HEADERS: Final = [(b"content-type", b"application/json")]
NUMBER: Final = "number of the request"  # stands for it among the parameters
NAME: Final = "bench_floor"

Connection = psycopg.Connection[dict[str, Any]]


def connect(dsn: str, options: str) -> Connection:
    """With the product's own options, by which the server plans as it does for the product."""
    return psycopg.connect(
        dsn,
        autocommit=True,
        row_factory=dict_row,
        prepare_threshold=0,
        application_name=NAME,
        options=options,
    )


def numbered(given: Values, number: int) -> Values:
    """With the number of the request where it belongs."""
    if isinstance(given, dict):
        return given
    return tuple(number if each == NUMBER else each for each in given)


def answer(connection: Connection, statements: Sequence[Statement], number: int) -> bytes:
    found = []
    for sql, given in statements:
        cursor = connection.execute(sql.encode(), numbered(given, number))
        found.append(cursor.fetchall() if cursor.description else None)
    return msgspec.json.encode(found)


def serve(port: int, dsn: str, options: str, tasks: Tasks) -> None:
    """`GET /NAME?NUMBER` does one task once. One thread: nothing is spent on changing it."""
    connection = connect(dsn, options)

    async def application(scope: Any, _receive: Any, send: Any) -> None:
        number = int(scope["query_string"] or 0)
        body = answer(connection, tasks[scope["path"][1:]], number)
        length = (b"content-length", str(len(body)).encode())
        start = {"status": 200, "headers": [*HEADERS, length]}
        await send({"type": "http.response.start", **start})
        await send({"type": "http.response.body", "body": body})

    uvicorn.run(
        application,
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
    )
