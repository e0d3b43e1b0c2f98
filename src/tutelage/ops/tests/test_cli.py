import json
import subprocess
import sys
from pathlib import Path

import pytest

from tutelage.ops.cli import app
from tutelage.ops.tests.stack import tutelage

COMMANDS = [
    command.name or command.callback.__name__
    for command in app.registered_commands
    if command.callback
]


def test_every_command_says_what_it_does() -> None:
    listing = tutelage("--help").stdout

    assert {"up", "demo", "web", "worker", "user", "token", "openapi", "doctor"} <= set(COMMANDS)
    for command in set(COMMANDS) - {"prepare"}:
        assert command in listing


@pytest.mark.parametrize("command", ["up", "web", "worker", "doctor", "migrate"])
def test_a_wrong_setting_ends_every_command_with_code_two(tmp_path: Path, command: str) -> None:
    done = tutelage(command, TUTELAGE_HOME=str(tmp_path / "home"), PORT="eighty")

    assert done.returncode == 2
    assert done.stderr.startswith("PORT is 'eighty'")
    assert not (tmp_path / "home").exists()


def test_the_api_is_described_without_a_server_a_database_or_a_home(tmp_path: Path) -> None:
    done = tutelage("openapi", TUTELAGE_HOME=str(tmp_path / "home"))

    assert done.returncode == 0
    assert json.loads(done.stdout)["openapi"].startswith("3.1")
    assert not (tmp_path / "home").exists()


def test_a_role_that_does_not_exist_is_refused_before_anything_is_loaded() -> None:
    assert tutelage("user", "ada@example.org", "--role", "king").returncode == 2


def test_the_supervisor_loads_neither_django_nor_pydantic() -> None:
    script = "import sys, tutelage.ops.supervisor; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert not {"django", "pydantic", "typer", "psycopg"} & set(done.stdout.split())
