"""The floor: the same SQL through bare psycopg, prepared, with the result encoded.

No framework. It stands behind the same web server as the product, so that a client sees the
difference that the product makes, and nothing else; `in_a_loop` leaves the server out, too.
"""

from collections.abc import Mapping, Sequence
from time import process_time
from typing import Any, Final

import msgspec
import psycopg
import uvicorn
from psycopg.rows import dict_row

from bench.measures import cpu_ms

Statement = tuple[str, tuple[Any, ...]]
Tasks = Mapping[str, Sequence[Statement]]
HEADERS: Final = [(b"content-type", b"application/json")]
NUMBER: Final = "number of the request"  # stands for it among the parameters
NAME: Final = "bench_floor"

Connection = psycopg.Connection[dict[str, Any]]


def connect(dsn: str) -> Connection:
    return psycopg.connect(
        dsn,
        autocommit=True,
        row_factory=dict_row,
        prepare_threshold=0,
        application_name=NAME,
    )


def answer(connection: Connection, statements: Sequence[Statement], number: int) -> bytes:
    found = []
    for sql, given in statements:
        values = [number if each == NUMBER else each for each in given]
        cursor = connection.execute(sql.encode(), values)
        found.append(cursor.fetchall() if cursor.description else None)
    return msgspec.json.encode(found)


def in_a_loop(dsn: str, statements: Sequence[Statement], times: int) -> float:
    """CPU ms of one turn, without any server."""
    with connect(dsn) as connection:
        backend = [connection.info.backend_pid]
        answer(connection, statements, 0)
        own, theirs = process_time(), cpu_ms(backend)
        for number in range(times):
            answer(connection, statements, number)
        return ((process_time() - own) * 1000 + cpu_ms(backend) - theirs) / times


def serve(port: int, dsn: str, tasks: Tasks) -> None:
    """`GET /NAME?NUMBER` does one task once. One thread: nothing is spent on changing it."""
    connection = connect(dsn)

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
