"""Brings a backup back: all of it checked first, the database whole or not at all."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import Final
from zipfile import ZipFile

import psycopg
from psycopg import Connection
from rich.progress import Progress

from tutelage.ops.backup.archive import DUMP, Manifest, Refused, reading, unpack_files, verify
from tutelage.ops.backup.contents import REBASE_JOURNAL, checks, tables_of
from tutelage.ops.backup.programs import blocks_of, run_script

_LEAVING_SECONDS: Final = 3
_CLEAR: Final = b"DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"
_OTHERS: Final = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


def restore_backup(
    url: str,
    files: Path,
    path: Path,
    bar: Progress,
    *,
    known: set[tuple[str, str]],
    replace: bool,
) -> Manifest:
    """Put database and files of a backup in the place of what is there.

    Args:
        url: Database to fill.
        files: Folder of people's files.
        path: The backup.
        bar: Tells how far it has come.
        known: Migrations of this release.
        replace: Whether what is there may be thrown away.

    Raises:
        Damaged: the backup is not whole; nothing was changed.
        Refused: there is something in the way; nothing was changed.
    """
    _refuse_others(url)
    occupied = _refuse_occupied(url, files, replace=replace)
    with reading(path) as (archive, manifest):
        _refuse_newer(manifest, known)
        checking = bar.add_task(
            "Checking the backup", total=sum(each.size for each in manifest.members.values())
        )
        verify(archive, manifest, lambda size: bar.advance(checking, size))
        draft = files.with_name(f"{files.name}.new-{token_hex(4)}")
        try:
            draft.mkdir(mode=0o700, parents=True)
            unpack_files(archive, draft)
            run_script(url, _script(archive, manifest, bar, clear=occupied))
            _take_place(draft, files)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return manifest


def _script(archive: ZipFile, manifest: Manifest, bar: Progress, *, clear: bool) -> Iterator[bytes]:
    """All in one transaction: make room, fill, compare each table, adapt to this server."""
    if clear:
        yield _CLEAR
    restoring = bar.add_task("Restoring the database", total=manifest.members[DUMP].size)
    with archive.open(DUMP) as script:
        yield from blocks_of(script, lambda size: bar.advance(restoring, size))
    for statement in checks(manifest.tables):
        yield f"{statement}\n".encode()
    yield REBASE_JOURNAL.encode()


def _take_place(draft: Path, files: Path) -> None:
    old = files.with_name(f"{files.name}.old-{token_hex(4)}")
    if files.exists():
        files.rename(old)
    draft.rename(files)
    shutil.rmtree(old, ignore_errors=True)


def _refuse_others(url: str) -> None:
    """Who has just left is seen for a moment still."""
    until = time.monotonic() + _LEAVING_SECONDS
    with psycopg.connect(url, autocommit=True) as connection:
        while others := connection.execute(_OTHERS).fetchall()[0][0]:
            if time.monotonic() > until:
                break
            time.sleep(0.1)
    if others:
        raise Refused(
            f"{others} others are connected to this database. Stop every `tutelage up`, `web` and "
            "`worker` that uses it, then try again."
        )


def _refuse_occupied(url: str, files: Path, *, replace: bool) -> bool:
    """Whether tables have to make room. Nobody in it yet means that nothing is lost."""
    with psycopg.connect(url) as connection:
        tables = tables_of(connection)
        if tables and not {"person", "django_migrations"} <= set(tables):
            raise Refused("There are tables of something else in this database. Give an empty one.")
        people = _people(connection) if tables else 0
    has_files = files.is_dir() and any(files.iterdir())
    if (people or has_files) and not replace:
        raise Refused(
            f"This installation is in use: {people} people, {'with' if has_files else 'no'} files. "
            "To throw all of it away and restore: --replace. Take a backup of it first."
        )
    return bool(tables)


def _people(connection: Connection) -> int:
    [(number,)] = connection.execute("SELECT count(*) FROM public.person")
    return int(number)


def _refuse_newer(manifest: Manifest, known: set[tuple[str, str]]) -> None:
    unknown = set(manifest.migrations) - known
    if unknown:
        raise Refused(
            f"This backup was made by Tutelage {manifest.version}, which is newer than this one. "
            "Install that release, or a newer one, and restore it there."
        )
