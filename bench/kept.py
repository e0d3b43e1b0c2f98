"""The PostgreSQL that is measured on: kept between runs, with its filled databases as templates.

A run works on copies, so that what it writes is not there for the next one.
"""

import os
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

import psycopg
from psycopg import sql

from tutelage.config.home import DATABASE, Home
from tutelage.ops import locks
from tutelage.ops.database import SETTINGS, Database
from tutelage.ops.postgres import MAJOR

HOME: Final = Home(Path(__file__).parents[1] / "var" / "bench")
# When an event was committed is known by the server alone.
MEASURED: Final = {**SETTINGS, "track_commit_timestamp": "on"}
# A fill that is cut short is begun anew: nothing has to be safe on the way.
FILLING: Final = {
    **MEASURED,
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "max_wal_size": "4GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "maintenance_work_mem": "512MB",
    "work_mem": "256MB",
}


@contextmanager
def alone() -> Iterator[None]:
    """Two runs would measure each other, and the second would end the first one's database."""
    HOME.make()
    try:
        held = locks.take(HOME.path / "run.lock")
    except locks.Held:
        sys.exit("Another `make bench` is at work in this checkout.")
    try:
        yield
    finally:
        os.close(held)


@contextmanager
def server(settings: Mapping[str, str] = MEASURED) -> Iterator[str]:
    """It runs until the end of the block; what is given is the address of its own database."""
    version = HOME.cluster / "PG_VERSION"
    if version.exists() and version.read_text().strip() != MAJOR:
        shutil.rmtree(HOME.cluster)
    database = Database(HOME, settings)
    database.start()
    try:
        _await(database)
        folder = quote(str(HOME.socket_folder()), safe="")
        yield f"postgresql://{DATABASE}@/{DATABASE}?host={folder}"
    finally:
        database.stop(patience=120)


def _await(database: Database, seconds: float = 120) -> None:
    """After a run that was killed it has to recover first."""
    until = time.monotonic() + seconds
    while not database.is_ready():
        if not database.is_running() or time.monotonic() > until:
            sys.exit(f"The database of the bench did not start:\n{database.last_words()}")
        time.sleep(0.05)


def execute(url: str, words: str, *names: str) -> None:
    """One statement about databases, whose names stand in the place of `{}`."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(words).format(*map(sql.Identifier, names)))


def note_of(url: str, name: str) -> str | None:
    """What was noted on a database when it was finished; None when it is not there."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(
            "select coalesce(shobj_description(oid, 'pg_database'), '') from pg_database "
            "where datname = %s",
            [name],
        ).fetchone()
    return str(row[0]) if row else None
