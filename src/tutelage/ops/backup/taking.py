"""Takes a backup while everything runs: one snapshot of the database, and the files after it."""

from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import IO

import psycopg
from psycopg import Connection, IsolationLevel
from rich.progress import Progress

from tutelage.core.clock import now
from tutelage.ops.backup.archive import (
    DUMP,
    FILES,
    Manifest,
    Refused,
    Table,
    Writing,
    writing,
)
from tutelage.ops.backup.contents import PLAIN_TEXT, migrations_of, sum_up, tables_of
from tutelage.ops.backup.programs import dump


def take_backup(url: str, files: Path, path: Path, bar: Progress) -> Manifest:
    """Write the backup. A row of the snapshot has its file: files come before their rows."""
    with psycopg.connect(url) as connection, writing(path) as archive:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        connection.execute(PLAIN_TEXT)
        [(snapshot,)] = connection.execute("SELECT pg_export_snapshot()")
        tables = _sum_up_all(connection, bar)
        if not tables:
            raise Refused("There is nothing to save yet: the database is empty.")
        migrations = migrations_of(connection)
        dump(url, snapshot, lambda script: _add_dump(archive, script, bar))
        _add_files(archive, files, bar)
        manifest = Manifest(
            version=version("tutelage"),
            made_at=now().isoformat(timespec="seconds"),
            server=str(connection.info.server_version // 10_000),
            migrations=migrations,
            tables=tables,
            members=archive.members,
        )
        archive.seal(manifest)
    return manifest


def _sum_up_all(connection: Connection, bar: Progress) -> dict[str, Table]:
    names = tables_of(connection)
    return {
        name: sum_up(connection, name) for name in bar.track(names, description="Counting rows")
    }


def _add_dump(archive: Writing, script: IO[bytes], bar: Progress) -> None:
    archive.add(DUMP, script, _advancing(bar, "Saving the database", None))
    bar.stop_task(bar.task_ids[-1])


def _add_files(archive: Writing, folder: Path, bar: Progress) -> None:
    found = list(_files_of(folder))
    seen = _advancing(bar, "Saving files", sum(size for _path, size in found))
    for path, _size in found:
        try:
            file = path.open("rb")
        except FileNotFoundError:
            continue  # deleted meanwhile, and its row with it
        with file:
            archive.add(f"{FILES}{path.relative_to(folder).as_posix()}", file, seen)


def _files_of(folder: Path) -> Iterator[tuple[Path, int]]:
    """Links are not followed: what they point to is not ours to save."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path, path.stat().st_size


def _advancing(bar: Progress, what: str, total: int | None) -> Callable[[int], None]:
    task = bar.add_task(what, total=total)
    return lambda size: bar.advance(task, size)
