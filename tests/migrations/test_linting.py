"""Each of our migrations, as the SQL that it is, read by squawk.

What it finds would stop a running release: locks that last, columns that old code does not know.
"""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

Finding = tuple[str, str]
OLDEST_SERVER: Final = "15.0"
# Its rules that are kept in another way, or are not meant for what we do.
NOT_ASKED: Final = {
    "prefer-text-field": "a length only grows, which rewrites nothing",
    "prefer-bigint-over-int": "counts and versions; keys are bigint or UUID",
    "prefer-bigint-over-smallint": "minutes, stars and positions",
    "prefer-timestamp-tz": "tests/consistency/test_schema.py: naive times are those named local",
    "require-lock-timeout": "`tutelage migrate` sets it for all",
    "require-statement-timeout": "an index of a large table may take its time; it blocks nobody",
}
_UNRELEASED: Final = "made before the first release: no installation has rows there"
_NEW_CODES: Final = "a constraint made wider: the old code writes nothing that it refuses"
# Only for reasons that hold for every installation. One that is not needed any more fails.
ALLOWED: Final[Mapping[Finding, str]] = {
    ("meetings.0002_backup", "constraint-missing-not-valid"): _UNRELEASED,
    ("notifications.0002_known_codes", "constraint-missing-not-valid"): _UNRELEASED,
    ("notifications.0003_missed", "ban-drop-constraint"): _NEW_CODES,
    ("notifications.0003_missed", "constraint-missing-not-valid"): _UNRELEASED,
    ("notifications.0004_rezoned", "ban-drop-constraint"): _NEW_CODES,
    ("notifications.0004_rezoned", "constraint-missing-not-valid"): _UNRELEASED,
    ("people.0002_newest_first", "require-concurrent-index-creation"): _UNRELEASED,
    ("programs.0002_moves_of_pairs", "adding-field-with-default"): _UNRELEASED,
    ("programs.0002_moves_of_pairs", "adding-foreign-key-constraint"): _UNRELEASED,
    ("programs.0002_moves_of_pairs", "constraint-missing-not-valid"): _UNRELEASED,
    ("programs.0002_moves_of_pairs", "require-concurrent-index-creation"): _UNRELEASED,
    ("programs.0003_newest_first", "require-concurrent-index-creation"): _UNRELEASED,
    ("tutelage_sessions.0002_known_codes", "constraint-missing-not-valid"): _UNRELEASED,
    ("tutelage_sessions.0004_next_steps_and_notes", "adding-foreign-key-constraint"): _UNRELEASED,
    ("tutelage_sessions.0004_next_steps_and_notes", "constraint-missing-not-valid"): _UNRELEASED,
    (
        "tutelage_sessions.0004_next_steps_and_notes",
        "require-concurrent-index-creation",
    ): _UNRELEASED,
    ("tutelage_sessions.0006_lists_by_start", "require-concurrent-index-creation"): _UNRELEASED,
    ("tutelage_sessions.0007_search_and_status", "require-concurrent-index-creation"): _UNRELEASED,
}


def our_migrations() -> Iterator[tuple[str, str]]:
    """Name and SQL of each; what is Python in it stands there as a comment."""
    loader = MigrationLoader(connection, replace_migrations=False)
    for (app, name), migration in loader.disk_migrations.items():
        if migration.__module__.startswith("tutelage."):
            sql = loader.collect_sql([(migration, False)])
            yield f"{app}.{name}", "\n".join([*sql, ""])


def lint(migrations: Mapping[str, str], folder: Path) -> dict[str, set[str]]:
    """The rules that each one breaks, by its name."""
    for name, sql in migrations.items():
        (folder / f"{name}.sql").write_text(sql)
    report = subprocess.run(
        [
            Path(sys.executable).with_name("squawk"),
            "--reporter=json",
            f"--pg-version={OLDEST_SERVER}",
            "--assume-in-transaction",
            f"--exclude={','.join(NOT_ASKED)}",
            *sorted(folder.glob("*.sql")),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    found = defaultdict[str, set[str]](set)
    for each in json.loads(report.stdout):
        found[Path(each["file"]).stem].add(each["rule_name"])
    return found


@pytest.mark.django_db
def test_no_migration_stops_a_running_release(tmp_path: Path) -> None:
    migrations = dict(our_migrations())
    broken = {(name, rule) for name, rules in lint(migrations, tmp_path).items() for rule in rules}

    assert broken - ALLOWED.keys() == set()
    assert ALLOWED.keys() - broken == set(), "An exception that nobody needs."
    assert len(migrations) > 20


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ('ALTER TABLE "session" RENAME COLUMN "title" TO "name";', "renaming-column"),
        ('ALTER TABLE "session" DROP COLUMN "title";', "ban-drop-column"),
        ('ALTER TABLE "session" ADD COLUMN "room" text NOT NULL;', "adding-required-field"),
        ('ALTER TABLE "session" ALTER COLUMN "title" SET NOT NULL;', "adding-not-nullable-field"),
        ('ALTER TABLE "session" ALTER COLUMN "version" TYPE text;', "changing-column-type"),
        ('CREATE INDEX "x" ON "session" ("title");', "require-concurrent-index-creation"),
        (
            'ALTER TABLE "session" ADD CONSTRAINT "x" CHECK ("version" > 0);',
            "constraint-missing-not-valid",
        ),
    ],
)
def test_one_that_would_is_found(sql: str, rule: str, tmp_path: Path) -> None:
    assert rule in lint({"planted.0001": f"{sql}\n"}, tmp_path)["planted.0001"]


def test_one_that_does_not_passes(tmp_path: Path) -> None:
    good = {
        "planted.0001": 'ALTER TABLE "session" ADD COLUMN "room" text NULL;\n',
        "planted.0002": 'CREATE TABLE "room" ("id" bigint NOT NULL PRIMARY KEY);\n',
    }

    assert lint(good, tmp_path) == {}
