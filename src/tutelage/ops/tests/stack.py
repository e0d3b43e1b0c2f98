"""A whole installation as a process: `tutelage up`, watched from outside."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tutelage.core.tests.ports import free_port

STRANGE = re.compile(r"^(TUTELAGE_|DJANGO_|PYTEST|DATABASE_URL|PORT$|BASE_URL|SMTP_|REDIS_URL)")


def clean_environment(**given: str) -> dict[str, str]:
    kept = {name: text for name, text in os.environ.items() if not STRANGE.match(name)}
    return {**kept, **given}


def tutelage(*arguments: str, **given: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "tutelage", *arguments],
        env=clean_environment(**given),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


class Stack:
    """`before` is what the command is started by, and `variables` what it is told beside."""

    def __init__(
        self, home: Path, before: Sequence[str] = (), variables: Mapping[str, str] | None = None
    ) -> None:
        self.home = home
        self.before = before
        self.variables = variables or {}
        self.port = free_port()
        self.log = home.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def settings(self) -> dict[str, str]:
        return {"TUTELAGE_HOME": str(self.home), "PORT": str(self.port)}

    @property
    def said(self) -> str:
        return self.log.read_text()

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*self.before, sys.executable, "-m", "tutelage", "up"],
                env=clean_environment(**self.settings, **self.variables),
                stdout=log,
                stderr=log,
            )
        self.wait_until(lambda: "Tutelage is up" in self.said, seconds=300)

    def wait_until(self, happened: Callable[[], object], seconds: float = 30) -> float:
        """Wait for it, and say for how long."""
        began = time.monotonic()
        while not happened():
            assert time.monotonic() < began + seconds, self.said
            time.sleep(0.02)
        return time.monotonic() - began

    def children(self) -> dict[str, int]:
        """The running children of the supervisor by name."""
        assert self.process is not None
        found = {}
        for path in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
                words = (path / "cmdline").read_text().split("\0")
            except OSError:
                continue
            if parent == self.process.pid and len(words) > 1:
                name = "database" if words[0].endswith("/postgres") else words[-2]
                found[name] = int(path.name)
        return found

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as caller:
                caller.sendall(b"GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n")
                return b" 200 " in caller.recv(100)
        except OSError:
            return False

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(30)


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
