"""Places to save from and to restore to: the database of the tests, and an empty one beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

import psycopg
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql
from rich.progress import Progress

from tutelage.config.tests.serving import database_url
from tutelage.ops.backup.archive import Manifest
from tutelage.ops.backup.restoring import restore_backup
from tutelage.ops.backup.taking import take_backup

# Renumbered on purpose, see `contents.REBASE_JOURNAL`.
RENUMBERED = {"journal_entry": {"xid"}, "reader_cursor": {"xid", "entry_id"}}


@dataclass(frozen=True)
class Place:
    url: str
    files: Path

    def save(self, path: Path) -> Manifest:
        with _silent() as bar:
            return take_backup(self.url, self.files, path, bar)

    def restore(self, path: Path, *, replace: bool = False) -> Manifest:
        known = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
        with _silent() as bar:
            return restore_backup(self.url, self.files, path, bar, known=known, replace=replace)

    def rows(self) -> dict[str, str]:
        """Each table's digest: every row of it as text, in order, by a way of our own."""
        with psycopg.connect(self.url) as database:
            return {name: _digest(database, name) for name in _tables(database)}

    def files_in_it(self) -> dict[str, bytes]:
        found = (path for path in self.files.rglob("*") if path.is_file())
        return {str(path.relative_to(self.files)): path.read_bytes() for path in found}

    def ask(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url) as database:
            return database.execute(query.encode()).fetchall()

    def tell(self, statement: str) -> None:
        with psycopg.connect(self.url) as database:
            database.execute(statement.encode())


@contextmanager
def empty_place(folder: Path) -> Iterator[Place]:
    """A new database on the same server, thrown away afterwards."""
    name = f"restored_{token_hex(4)}"
    with psycopg.connect(database_url(), autocommit=True) as server:
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name))
        )
        try:
            yield Place(database_url(dbname=name), folder)
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            server.execute(drop.format(sql.Identifier(name)))


def place_of_tests(folder: Path) -> Place:
    connection.ensure_connection()
    return Place(database_url(), folder)


def _silent() -> Progress:
    return Progress(disable=True)


def _tables(database: psycopg.Connection) -> list[str]:
    rows = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return sorted(name for (name,) in rows)


def _digest(database: psycopg.Connection, table: str) -> str:
    columns = database.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND table_name = %s ORDER BY column_name",
        [table],
    )
    kept = [name for (name,) in columns if name not in RENUMBERED.get(table, ())]
    listed = sql.SQL(", ").join(map(sql.Identifier, kept))
    query = sql.SQL("SELECT ROW({})::text FROM {}").format(listed, sql.Identifier(table))
    rows = sorted(str(text) for (text,) in database.execute(query))
    digest = sha256("\n".join(rows).encode()).hexdigest()
    return f"{len(rows)} {digest}"
