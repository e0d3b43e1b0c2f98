"""A PostgreSQL that dies as at a power cut, forgets what it promised, or whose disk is full."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import psycopg

# As lazy as it can be: what was acknowledged stands in memory for up to ten seconds.
_FORGETFUL: Final[Mapping[str, str]] = {"wal_writer_delay": "10s", "wal_writer_flush_after": "1GB"}
# The sizes of a file system in memory that only the processes in its namespace see.
_SMALL: Final = 'mount -t tmpfs -o size="$1",mode=700 tmpfs "$2" && shift 2 && exec "$@"'


def kill_server(postmaster: int) -> None:
    """It, and all that serve connections, at once."""
    for pid in [postmaster, *children_of(postmaster)]:
        with suppress(ProcessLookupError):  # it ended by itself, having seen the other one end
            os.kill(pid, signal.SIGKILL)


def children_of(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def make_forgetful(url: str) -> None:
    """Let it say that something is saved before it is: for connections from now on."""
    with psycopg.connect(url, autocommit=True) as server:
        for name, value in _FORGETFUL.items():
            server.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
        server.execute(
            f'ALTER DATABASE "{server.info.dbname}" SET synchronous_commit = off'.encode()
        )
        server.execute("SELECT pg_reload_conf()")
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def on_small_disk(folder: Path, size: str) -> list[str]:
    """What to put before a command so that this folder of its is a disk of that size."""
    return [*_NAMESPACE, "sh", "-c", _SMALL, "sh", size, str(folder)]


def can_make_disks() -> bool:
    """Whether this machine lets us have a namespace of our own with a file system in it."""
    if shutil.which("unshare") is None:
        return False
    attempt = [*_NAMESPACE, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(attempt, capture_output=True, check=False).returncode == 0


_NAMESPACE: Final = ("unshare", "--user", "--map-root-user", "--mount")


class Ballast:
    """A file that takes all the room that there is."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "ballast"

    def load(self) -> None:
        block = bytes(1 << 16)
        with self.path.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                if file.write(block) < len(block):
                    block = block[: len(block) // 2] or b"."

    def drop(self) -> None:
        self.path.unlink()
