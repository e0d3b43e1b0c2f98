"""A backup is brought back into an empty home by the documented commands, and served."""

from datetime import timedelta
from pathlib import Path

import httpx
import psycopg
import pytest
from rich.progress import Progress
from tests.crash.installation import LONGEST_WAIT

from tutelage.config.home import Home
from tutelage.config.keys import THROWAWAY_ENCRYPTION, THROWAWAY_SECRET
from tutelage.config.tests.serving import database_url
from tutelage.core.clock import now
from tutelage.domain.people.tests.builders import make_admin, make_token, make_user
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.ops.backup.taking import take_backup
from tutelage.ops.tests.stack import Stack, tutelage

FORGOTTEN = "cleo@example.org"


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """Of another machine: the database of the tests, and one file."""
    files = tmp_path / "files"
    (files / "a").mkdir(parents=True)
    (files / "a" / "agenda.txt").write_text("Eight questions")
    make_user(email=FORGOTTEN, name="Cleo")
    path = tmp_path / "backup.zip"
    with Progress(disable=True) as bar:
        take_backup(database_url(), files, path, bar)
    return path


@pytest.fixture
def empty(tmp_path: Path) -> Stack:
    """A home with nothing in it but the keys, which were kept apart."""
    stack = Stack(tmp_path / "home")
    keys = Home(stack.home).keys
    keys.mkdir(mode=0o700, parents=True)
    (keys / "secret_key").write_text(THROWAWAY_SECRET)
    (keys / "encryption_keys").write_text(THROWAWAY_ENCRYPTION)
    return stack


def names(stack: Stack) -> list[str]:
    with psycopg.connect(Home(stack.home).embedded_database_url()) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM person ORDER BY id")]


def book(client: httpx.Client, pair: str) -> str:
    day = now() + timedelta(days=200)
    slot = {"mentorship": pair, "local_start": f"{day:%Y-%m-%d}T10:00", "zone": "UTC"}
    made = client.post("/api/sessions", json=slot)
    made.raise_for_status()
    return str(made.json()["id"])


@pytest.mark.django_db(transaction=True)
def test_what_was_saved_elsewhere_is_restored_here_served_and_stays_forgotten(
    empty: Stack, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    token, pair = make_token(make_admin()), str(make_pair().program.uid)
    backup: Path = request.getfixturevalue("backup")

    done = tutelage("restore", str(backup), **empty.settings)
    assert done.returncode == 0, done.stderr
    assert "Every row was compared" in done.stdout
    assert "THE KEYS WERE NOT IN IT" in done.stdout
    assert (empty.home / "files" / "a" / "agenda.txt").read_text() == "Eight questions"

    empty.start()
    address, headers = f"http://127.0.0.1:{empty.port}", {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=address, headers=headers, timeout=20) as client:
        path = f"/api/sessions/{book(client, pair)}/notifications"
        empty.wait_until(lambda: client.get(path).json()["notifications"], seconds=LONGEST_WAIT)
    refused = tutelage("restore", str(backup), "--replace", **empty.settings)
    assert refused.returncode == 1
    assert "already running" in refused.stderr
    assert tutelage("erase", FORGOTTEN, "--yes", **empty.settings).returncode == 0
    assert "Cleo" not in names(empty)
    second = tmp_path / "second.zip"
    assert tutelage("backup", str(second), **empty.settings).returncode == 0
    empty.stop()

    again = tutelage("restore", str(backup), "--replace", **empty.settings)
    assert again.returncode == 0, again.stderr
    assert "Erased again 1 people" in again.stdout
