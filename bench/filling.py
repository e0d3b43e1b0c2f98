"""Databases filled in bulk: made once, recognised by what they were made from, copied for a run."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench import kept

FILL: Final = Path(__file__).with_name("fill.sql")
PRODUCT: Final = Path(__file__).parents[1] / "src" / "tutelage"
# Sessions that were to come would be over, and offers of a time would have lapsed.
FRESH: Final = timedelta(hours=36)
DRAFT: Final = "draft"


def template(sessions: int) -> str:
    return f"filled_{sessions}"


def copy_of(sessions: int) -> str:
    return f"bench_{sessions}"


def on(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def fill_missing(sizes: Sequence[int]) -> None:
    """Fill what is not there, or was made from something else, or is too old by now."""
    with kept.server() as url:
        missing = [size for size in sizes if not _is_usable(kept.note_of(url, template(size)))]
    if missing:
        with kept.server(kept.FILLING) as url:
            for size in missing:
                _make(url, size)


@contextmanager
def copies(url: str, sizes: Sequence[int]) -> Iterator[dict[int, str]]:
    """Databases to be written to, by their size; they are dropped at the end."""
    found = {}
    for size in sizes:
        began = time.monotonic()
        kept.execute(url, "drop database if exists {} with (force)", copy_of(size))
        words = "create database {} template {} strategy file_copy"
        kept.execute(url, words, copy_of(size), template(size))
        found[size] = on(url, copy_of(size))
        say(f"{size} sessions copied in {time.monotonic() - began:.0f} s.")
    try:
        yield found
    finally:
        for size in sizes:
            kept.execute(url, "drop database if exists {} with (force)", copy_of(size))


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _made_from() -> str:
    """A sum of all that decides what is in a filled database."""
    seen = sha256()
    for path in (FILL, *sorted(PRODUCT.glob("**/migrations/*.py"))):
        seen.update(path.name.encode() + path.read_bytes())
    return seen.hexdigest()


def _is_usable(note: str | None) -> bool:
    made_from, _, made_at = (note or "").partition(" ")
    if made_from != _made_from():
        return False
    return datetime.now(UTC) - datetime.fromisoformat(made_at) < FRESH


def _make(url: str, sessions: int) -> None:
    """Under another name until it is whole."""
    began = time.monotonic()
    kept.execute(url, "drop database if exists {} with (force)", DRAFT)
    kept.execute(url, "drop database if exists {} with (force)", template(sessions))
    kept.execute(url, "create database {}", DRAFT)
    dsn = on(url, DRAFT)
    say(f"Filling a database with {sessions} sessions; it is kept in {kept.HOME.path}.")
    _bring_up_to_date(dsn)
    _fill(dsn, sessions)
    _bring_up_to_date(dsn)
    kept.execute(dsn, "vacuum analyze pair_facts")
    kept.execute(url, f"comment on database {{}} is '{_made_from()} {datetime.now(UTC)}'", DRAFT)
    kept.execute(url, "alter database {} rename to {}", DRAFT, template(sessions))
    say(f"Filled in {time.monotonic() - began:.0f} s.")


def _bring_up_to_date(dsn: str) -> None:
    subprocess.run([sys.executable, "-m", "bench.product", dsn], check=True)


def _fill(dsn: str, sessions: int) -> None:
    """Without foreign keys being looked at, and with the indexes made once all rows are there."""
    with psycopg.connect(dsn) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("select set_config('bench.sessions', %s, false)", [str(sessions)])
        indexes = _drop_indexes(connection)
        connection.execute(FILL.read_bytes())
        for definition in indexes:
            connection.execute(definition.encode())
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("vacuum analyze")


def _drop_indexes(connection: "psycopg.Connection[tuple[str, ...]]") -> list[str]:
    """Those that hold nothing together; their definitions come back."""
    rows = connection.execute("""
        select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index
        join pg_class on pg_class.oid = indexrelid
        where relnamespace = 'public'::regnamespace and not indisunique
        and not exists (select from pg_constraint where conindid = indexrelid)
    """).fetchall()
    for name, _definition in rows:
        connection.execute(f"drop index {name}".encode())
    return [definition for _name, definition in rows]
