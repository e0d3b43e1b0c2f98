"""The embedded PostgreSQL as a running process, owned by the supervisor.

A lock that the server inherits says whether anything of it still runs, whatever a pid file
claims; its socket says whether it answers.
"""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from tutelage.config.home import DATABASE, Home
from tutelage.ops import locks
from tutelage.ops.cluster import make_cluster, socket_folder
from tutelage.ops.postgres import CannotRun, dying_with_parent, programs, runner

SETTINGS: Final[Mapping[str, str]] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "max_connections": "50",
    "synchronous_commit": "on",
    "jit": "off",
    "random_page_cost": "1.1",
    "io_method": "sync",  # saves three processes; the other methods pay on larger machines
    "max_logical_replication_workers": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
LARGEST_LOG: Final = 5_000_000
FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT


class Database:
    """A child process in a process group of its own; the terminal's Ctrl-C does not reach it."""

    def __init__(
        self, home: Home, settings: Mapping[str, str] = SETTINGS, *, durable: bool = True
    ) -> None:
        self.home = home
        self.settings = settings
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None
        self._socket = home.running

    @property
    def lock(self) -> Path:
        return self.home.running / "database.lock"

    @property
    def log(self) -> Path:
        return self.home.running / "database.log"

    def start(self) -> None:
        """Start the server, without waiting until it answers.

        Raises:
            CannotRun: it cannot be started here.
        """
        held = self._take_over()
        try:
            make_cluster(self.home, durable=self.durable)
            self._socket = socket_folder(self.home)
            # With the lock in hand nothing of this cluster runs: what these say is old.
            for left in (self.home.cluster / "postmaster.pid", *self._socket.glob(".s.PGSQL.*")):
                left.unlink(missing_ok=True)
            self.process = self._spawn(held)
        finally:
            os.close(held)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def is_ready(self) -> bool:
        """Whether it answers; while it recovers it does not."""
        whom = (f"--host={self._socket}", f"--username={DATABASE}", f"--dbname={DATABASE}")
        command = [str(programs() / "pg_isready"), "--quiet", *whom]
        return self.is_running() and subprocess.run(command, check=False).returncode == 0

    def stop(self, patience: float = 3.0) -> None:
        """End it in order; if that takes too long, at once. No acknowledged write is lost."""
        if self.process is None:
            return
        for number, seconds in ((FAST, patience), (IMMEDIATE, 0.5), (signal.SIGKILL, 0.5)):
            with suppress(subprocess.TimeoutExpired):
                self.process.send_signal(number)
                self.process.wait(seconds)
                return

    def last_words(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])

    def _spawn(self, held: int) -> subprocess.Popen[bytes]:
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        settings = {**self.settings, "unix_socket_directories": f'"{self._socket}"'}
        options = [f"--{name}={value}" for name, value in settings.items()]
        server = [str(programs() / "postgres"), "-D", str(self.home.cluster), *options]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [*runner().before, *dying_with_parent(), *server],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[held],
                process_group=0,
            )

    def _take_over(self) -> int:
        """Lock the cluster; a server that outlived its supervisor is ended first."""
        for number, seconds in ((None, 0.1), (FAST, 3.0), (IMMEDIATE, 1.0), (signal.SIGKILL, 1.0)):
            if number is not None:
                self._tell_holders(number)
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                with suppress(locks.Held):
                    return locks.take(self.lock)
                time.sleep(0.02)
        raise CannotRun(
            f"Something that cannot be seen from here holds {self.lock}: "
            "is the folder in use by another container?"
        )

    def _tell_holders(self, number: signal.Signals) -> None:
        """In order only by the postmaster: to its processes the same signal means another thing.

        Those whose postmaster was killed notice it by themselves.
        """
        pids = locks.holders(self.lock)
        if number is FAST:
            pids = [pid for pid in pids if pid == self._noted_postmaster()]
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def _noted_postmaster(self) -> int | None:
        try:
            return int((self.home.cluster / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return None
