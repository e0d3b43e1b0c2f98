"""Brings the database up to date before anybody uses it, and says what the first visitor needs."""

import logging
import pkgutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.apps import apps
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MIGRATIONS_MODULE_NAME
from django.db.migrations.recorder import MigrationRecorder
from psycopg.errors import LockNotAvailable

from tutelage.config.environment import Environment
from tutelage.core import links
from tutelage.domain.people.queries import count_people
from tutelage.domain.people.services import make_setup_token

# Any number that nothing else locks: of several machines that start at once, one migrates.
MIGRATION_LOCK: Final = 7_401_220
PATIENCE_SECONDS: Final = 30.0
LOCK_TIMEOUT: Final = "2s"
MIGRATION_TRIES: Final = 10
MIGRATION_PAUSE_SECONDS: Final = 3.0
log = logging.getLogger(__name__)


def migrate(env: Environment) -> None:
    """Apply what is not applied yet. Where all is, it costs one look."""
    wait_for_database(env)
    names = _names()
    if names and names <= MigrationRecorder(connection).applied_migrations().keys():
        return
    with _alone():
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if waiting:
            log.info("Bringing the database up to date: %s steps.", len(waiting))
            _apply()


def _names() -> set[tuple[str, str]]:
    """Each migration that there is. Django's own look loads the code of all of them."""
    return {
        (app.label, found.name)
        for app in apps.get_app_configs()
        for found in pkgutil.iter_modules([f"{app.path}/{MIGRATIONS_MODULE_NAME}"])
        if not found.ispkg
    }


def _apply() -> None:
    """Whoever waits for a table's lock holds up all who come after: rather give way, and try again.

    Steps that were applied stay so; the one that had to give way is undone as a whole.
    """
    for tries_left in reversed(range(MIGRATION_TRIES)):
        try:
            with _lock_timeout(LOCK_TIMEOUT):
                call_command("migrate", interactive=False, verbosity=0)
        except OperationalError as error:
            if not tries_left or not isinstance(error.__cause__, LockNotAvailable):
                raise
            log.warning("Somebody holds a table; trying again.")
            time.sleep(MIGRATION_PAUSE_SECONDS)
        else:
            return


@contextmanager
def _lock_timeout(setting: str) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [setting])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def load_demo() -> str:
    """Load the demo programme into an empty installation; say as whom to look at it."""
    from tutelage.ops import demo_data

    if count_people() == 0:
        demo_data.load()
    return demo_data.ACCOUNTS


def invite_first() -> str:
    """The one-time set-up link, while nobody runs this installation yet."""
    token = make_setup_token()
    if token is None:
        return ""
    return f"Nobody runs it yet. Set it up, once, at {links.absolute(f'/setup/{token}')}"


def wait_for_database(env: Environment) -> None:
    """A server that starts together with us is waited for; the embedded one is there."""
    until = time.monotonic() + (PATIENCE_SECONDS if env.database_url else 0)
    while True:
        try:
            connection.ensure_connection()
        except OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)
        else:
            return


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s::bigint)", [MIGRATION_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s::bigint)", [MIGRATION_LOCK])
