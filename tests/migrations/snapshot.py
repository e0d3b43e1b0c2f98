"""The schema of a database as text: written at each release, brought up to date ever after.

Called as: python -m tests.with_database python -m tests.migrations.snapshot
"""

import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Final

from tutelage.ops.postgres import programs

RELEASED: Final = Path(__file__).parent / "released"
APPLIED: Final = "django_migrations"
# What differs from one dump of the same schema to the next, and what an older server does not know.
_NOISE: Final = re.compile(r"^(--.*|SET .*|SELECT pg_catalog\.set_config.*|\\(un)?restrict .*|)\n", re.M)  # fmt: skip


def schema(url: str) -> str:
    """Tables, columns, constraints, indexes, functions and triggers, the queue's included."""
    return _NOISE.sub("", _dump(url, "--schema-only"))


def snapshot(url: str) -> str:
    """The schema, and which migrations made it."""
    rows = _dump(url, "--data-only", "--inserts", f"--table={APPLIED}")
    return f"{schema(url)}{_NOISE.sub('', rows)}"


def _dump(url: str, *options: str) -> str:
    command = [programs() / "pg_dump", "--no-owner", "--no-privileges", *options, url]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def load(url: str, written: str) -> None:
    """Make an installation of then, in an empty database."""
    command = [programs() / "psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", url]
    made = "DROP SCHEMA public CASCADE;" if "CREATE SCHEMA public" in written else ""
    subprocess.run(command, input=made + written, capture_output=True, text=True, check=True)


def upgrade(url: str, home: Path) -> None:
    """What an administrator does: the command brings the database up to date."""
    _run(url, home, "-m", "tutelage", "migrate")


def begin(url: str, home: Path) -> None:
    """Only the first migration of each part: as the oldest release imaginable left it."""
    _run(url, home, "-m", "tests.migrations.snapshot", "--first")


def _run(url: str, home: Path, *arguments: str) -> None:
    given = {"DATABASE_URL": url, "TUTELAGE_HOME": str(home), "TUTELAGE_PROFILE": "production"}
    subprocess.run(
        [sys.executable, *arguments], env={**os.environ, **given}, capture_output=True, check=True
    )


def _apply_first() -> None:
    import django  # noqa: PLC0415  # set up first
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    os.environ["DJANGO_SETTINGS_MODULE"] = "tutelage.config.settings"
    django.setup()
    for root in MigrationExecutor(connection).loader.graph.root_nodes():
        executor = MigrationExecutor(connection)
        if root not in executor.loader.applied_migrations:
            executor.migrate([root])


def main(arguments: list[str]) -> None:
    if arguments == ["--first"]:
        _apply_first()
        return
    url = os.environ["DATABASE_URL"]
    path = RELEASED / f"{version('tutelage')}.sql"
    subprocess.run([sys.executable, "-m", "tutelage", "migrate"], check=True)
    path.write_text(snapshot(url))
    print(f"Written: {path}")


if __name__ == "__main__":
    main(sys.argv[1:])
