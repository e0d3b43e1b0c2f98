"""An installation that was upgraded has the schema of one that begins today, to the last line."""

import os
from collections.abc import Callable, Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from tests.migrations.snapshot import RELEASED, begin, load, schema, snapshot, upgrade

SERVER: Final = os.environ.get("DATABASE_URL", "")
Made = Callable[[], str]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def new_database() -> Iterator[Made]:
    """Empty databases beside the one of the other tests."""
    made: list[str] = []

    def make() -> str:
        made.append(f"schema_{uuid4().hex[:12]}")
        with psycopg.connect(SERVER, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{made[-1]}" TEMPLATE template0'.encode())
        return urlsplit(SERVER)._replace(path=f"/{made[-1]}").geturl()

    yield make
    with psycopg.connect(SERVER, autocommit=True) as connection:
        for name in made:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@pytest.fixture(scope="module")
def from_zero(new_database: Made, home: Path) -> str:
    url = new_database()
    upgrade(url, home)
    return settled(url, new_database())


def settled(url: str, empty: str) -> str:
    """The schema as a database writes it that was made from its text.

    PostgreSQL writes `IN` in one way when it was said so, and in another when it reads its own
    writing again; the second stays.
    """
    load(empty, schema(url))
    return schema(empty)


def differences(ours: str, theirs: str) -> list[str]:
    lines = unified_diff(ours.splitlines(), theirs.splitlines(), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


@pytest.fixture(scope="module")
def oldest(new_database: Made, home: Path) -> str:
    """Before the first release there is no snapshot of one: this stands for it."""
    url = new_database()
    begin(url, home)
    return snapshot(url)


def test_an_upgrade_leads_to_what_a_new_installation_has(
    oldest: str, from_zero: str, new_database: Made, home: Path
) -> None:
    assert "CREATE TABLE public.procrastinate_jobs" in oldest
    assert "reservation_one_place_at_a_time" in oldest
    released = {path.stem: path.read_text() for path in RELEASED.glob("*.sql")}
    for name, written in {"the first migrations": oldest, **released}.items():
        url = new_database()
        load(url, written)
        assert name in released or differences(from_zero, settled(url, new_database())) != []
        upgrade(url, home)
        assert differences(from_zero, settled(url, new_database())) == [], name

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE INDEX by_hand ON procrastinate_jobs (status)")
    [found] = differences(from_zero, settled(url, new_database()))
    assert "by_hand" in found
