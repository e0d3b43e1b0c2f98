"""Web and worker processes that begin at once, because they are forked off one that is ready.

A process that takes two seconds to begin can hardly be killed three times a second. What is forked
is what the product runs; only its pace can be quickened, and its sweep be left out, for a test.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tutelage.config.tests.serving import database_url

SLOW_JOB: Final = "faults.slow"
# A tenth of the product's heartbeat and of its patience with a silent worker.
HEARTBEAT_SECONDS, STALLED_SECONDS, RESCUE_SECONDS = 0.5, 3.0, 0.5


@dataclass
class Nursery:
    """Asks the process that is ready for one more; each is killed by the pid that it answers."""

    process: "subprocess.Popen[str]"

    def start(self, kind: str) -> int:
        """One more `web`, `worker`, or `worker-without-sweep`."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{kind}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextmanager
def nursery(listener: socket.socket, log: Path, *, hasty: bool = True) -> Iterator[Nursery]:
    """On the database of the tests; at the end nothing of it is left."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.faults.newborn"]
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            [*command, str(listener.fileno()), "hasty" if hasty else ""],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            pass_fds=[listener.fileno()],
            process_group=0,
            text=True,
            env={**os.environ, "DATABASE_URL": database_url()},
        ) as process,
    ):
        try:
            yield Nursery(process)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
