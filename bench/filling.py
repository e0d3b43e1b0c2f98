"""The database that is measured: one of its own on the server that was given, filled in bulk."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

NAME = "tutelage_bench"
FILL = Path(__file__).with_name("fill.sql")


@contextmanager
def database(url: str) -> Iterator[str]:
    """An empty one, whatever else is on that server; it is dropped at the end."""
    name = sql.Identifier(NAME)
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL("drop database if exists {} with (force)").format(name))
        server.execute(sql.SQL("create database {}").format(name))
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{NAME}"))
        finally:
            server.execute(sql.SQL("drop database {} with (force)").format(name))


def fill(dsn: str, sessions: int) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("select set_config('bench.sessions', %s, false)", [str(sessions)])
        connection.execute(FILL.read_text())
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("vacuum analyze")
