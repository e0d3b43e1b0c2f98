"""A database to save or to fill: the server that is given, or the embedded one, running or not."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tutelage.config.environment import Environment
from tutelage.ops import locks
from tutelage.ops.database import Database
from tutelage.ops.entrance import claim_home
from tutelage.ops.postgres import CannotRun

START_SECONDS: Final = 60.0


def url_of(env: Environment) -> str:
    return env.database_url or env.home.embedded_database_url()


@contextmanager
def standing(env: Environment) -> Iterator[None]:
    """Keep the embedded database running meanwhile, unless `tutelage up` does."""
    if env.database_url or _is_up(env):
        yield
    else:
        with alone(env):
            yield


@contextmanager
def alone(env: Environment) -> Iterator[None]:
    """The same, while nothing of ours runs on this home.

    Raises:
        CannotStart: something does.
    """
    lock = claim_home(env.home)
    try:
        if env.database_url:
            yield
            return
        database = Database(env.home)
        database.start()
        try:
            _wait_for(database)
            yield
        finally:
            database.stop()
    finally:
        os.close(lock)


def _is_up(env: Environment) -> bool:
    path = env.home.running / "up.lock"
    if not path.exists():
        return False
    try:
        os.close(locks.take(path))
    except locks.Held:
        return True
    return False


def _wait_for(database: Database) -> None:
    until = time.monotonic() + START_SECONDS
    while not database.is_ready():
        if not database.is_running() or time.monotonic() > until:
            raise CannotRun(f"The database did not start:\n{database.last_words()}")
        time.sleep(0.02)
