"""`tutelage backup` and `tutelage restore`, as they speak to whoever runs them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Never

import psycopg
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from rich.console import Console
from rich.progress import Progress

from tutelage.config.environment import Environment
from tutelage.ops import erasing as ledger
from tutelage.ops import prepare
from tutelage.ops.backup.archive import FILES, Damaged, Manifest, Refused
from tutelage.ops.backup.restoring import restore_backup
from tutelage.ops.backup.standing import alone, standing, url_of
from tutelage.ops.backup.taking import take_backup
from tutelage.ops.entrance import CannotStart
from tutelage.ops.postgres import CannotRun

_WITHOUT_KEYS: Final = """\
THE KEYS ARE NOT IN IT. Without {keys} nobody can read the meeting links
and second factors in this backup. Keep a copy of that folder, in another place than the backups."""
_NEEDS_KEYS: Final = """\
THE KEYS WERE NOT IN IT. Meeting links and second factors are read with the keys in
{keys}: they have to be those of the installation that was saved."""


@contextmanager
def explained(fail: Callable[[str], Never]) -> Iterator[None]:
    """Turn what stands in the way into a sentence."""
    try:
        yield
    except (Damaged, Refused, CannotRun, CannotStart) as error:
        fail(str(error))
    except psycopg.Error as error:
        fail(f"The database does not answer, or not as it should: {error}")
    except OSError as error:
        fail(f"It cannot be read or written: {error}")


def save(env: Environment, path: Path) -> None:
    with standing(env), _progress() as bar:
        manifest = take_backup(url_of(env), env.home.files, path.absolute(), bar)
    size = path.stat().st_size / 1e6
    _tell(f"Saved {_what(manifest)} to {path}, {size:.1f} MB, for your eyes alone.")
    _tell(_WITHOUT_KEYS.format(keys=env.home.keys))


def bring_back(env: Environment, path: Path, *, replace: bool, erased: Path | None = None) -> None:
    known = set(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
    with alone(env):
        url, files = url_of(env), env.home.files
        ledger.note_those_of(env, url)
        if erased is not None:
            ledger.add_from(env, erased)
        with _progress() as bar:
            manifest = restore_backup(url, files, path, bar, known=known, replace=replace)
        prepare.migrate(env)
        number = ledger.keep_erased(env)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        connection.close()
    _tell(f"Restored {_what(manifest)}, as of {manifest.made_at}. Every row was compared.")
    if number:
        _tell(f"Erased again {number} people who had been erased after the backup was taken.")
    _tell(_NEEDS_KEYS.format(keys=env.home.keys))


def _what(manifest: Manifest) -> str:
    rows = sum(table.rows for table in manifest.tables.values())
    files = sum(name.startswith(FILES) for name in manifest.members)
    return f"{rows} rows of {len(manifest.tables)} tables and {files} files"


def _progress() -> Progress:
    return Progress(console=Console(stderr=True))


def _tell(text: str) -> None:
    print(text)  # noqa: T201  # for whoever ran the command
