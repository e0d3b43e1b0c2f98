"""Runs a command on a PostgreSQL of its own, thrown away afterwards.

Called as: python -m tests.with_database COMMAND …

TEST_DATABASE_URL names a server to use instead.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tutelage.config.home import DATABASE, Home
from tutelage.core.tests.ports import free_port
from tutelage.ops import locks
from tutelage.ops.database import SETTINGS, Database

PREFIX = "tutelage-test-"
STARTING_SECONDS = 60  # a younger one may be of a run that has not taken its lock yet
# Nothing here outlives the run, so nothing has to reach the disk.
FAST = {"fsync": "off", "full_page_writes": "off", "max_connections": "200"}


def main(command: list[str]) -> int:
    if os.environ.get("TEST_DATABASE_URL"):
        return run(command, os.environ["TEST_DATABASE_URL"])
    remove_leftovers()
    with served() as url:
        return run(command, url)


@contextmanager
def served() -> Iterator[str]:
    """A server for as long as the block lasts, at this address."""
    home = Home(Path(tempfile.mkdtemp(prefix=PREFIX)))
    home.make()
    port = free_port()
    settings = {**SETTINGS, **FAST}
    settings |= {"listen_addresses": "127.0.0.1", "port": str(port)}
    database = Database(home, settings, durable=False)
    try:
        start(database, port)
        yield f"postgresql://{DATABASE}@127.0.0.1:{port}/{DATABASE}"
    finally:
        database.stop()
        shutil.rmtree(home.path, ignore_errors=True)  # its last processes may still tidy up


def start(database: Database, port: int) -> None:
    database.start()
    until = time.monotonic() + 30
    while time.monotonic() < until and database.is_running():
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    sys.exit(f"The database for the tests did not start:\n{database.last_words()}")


def run(command: list[str], database_url: str) -> int:
    return run_to_its_end(command, DATABASE_URL=database_url, TUTELAGE_PROFILE="test")


def run_to_its_end(command: list[str], **variables: str) -> int:
    process = subprocess.Popen(command, env={**os.environ, **variables})
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the command hears it too, and ends in its own way


def remove_leftovers() -> None:
    """What a run that was killed left behind: its database ended with it, its folder did not."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if time.time() - folder.stat().st_mtime < STARTING_SECONDS:
            continue
        lock = folder / "run" / "database.lock"
        try:
            os.close(locks.take(lock))
        except (OSError, locks.Held):
            continue
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
