"""Nothing of ours begins on a database that may lose what it said was saved."""

from pathlib import Path

import pytest
from django.db import connection

from tutelage.config.environment import read
from tutelage.config.tests.serving import database_url
from tutelage.core.tests.ports import free_port
from tutelage.ops.durability import NotDurable, find_switched_off, require_durability
from tutelage.ops.tests.stack import tutelage

LOSING = ("fsync", "full_page_writes", "synchronous_commit")
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("command", ["up", "web", "worker", "doctor"])
def test_on_a_database_that_may_lose_what_was_saved_nothing_begins(
    command: str, tmp_path: Path
) -> None:
    losing = database_url(options="-c synchronous_commit=off")

    done = tutelage(
        command, TUTELAGE_HOME=str(tmp_path), DATABASE_URL=losing, PORT=str(free_port())
    )

    assert done.returncode == 1
    assert "synchronous_commit" in done.stdout + done.stderr
    assert "ALTER SYSTEM SET synchronous_commit = on" in done.stdout + done.stderr


def test_each_setting_that_loses_something_is_found() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        said = {}
        for name in LOSING:
            cursor.execute(f"SHOW {name}")
            [said[name]] = cursor.fetchone()

    assert find_switched_off() == [name for name in LOSING if said[name] == "off"]
    with pytest.raises(NotDurable, match="synchronous_commit off"):
        require_durability(read({}))


def test_tests_and_tools_may_lose_everything() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")

    require_durability(read({"TUTELAGE_PROFILE": "test"}))
