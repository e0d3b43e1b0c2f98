"""The whole stack as `tutelage demo` runs it: its memory at rest, and how soon it is up again."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

from bench.measures import proportional_mb
from bench.verdict import Figure, Section
from tutelage.core.tests.ports import free_port

MEGABYTES, SECONDS = 250, 5
REST_SECONDS = 20


def measure_stack() -> Iterator[Section]:
    with tempfile.TemporaryDirectory(prefix="tutelage-bench-") as folder:
        home = Path(folder)
        with _demo(home) as (process, seconds):
            time.sleep(REST_SECONDS)
            parts = dict(_memory(process.pid))
        yield Section(
            "Whole stack after the demo, at rest",
            [
                Figure("memory (PSS)", sum(parts.values()), " MB", MEGABYTES),
                *(Figure(name, size, " MB") for name, size in parts.items()),
                Figure("first start, locks installed", seconds, " s"),
            ],
        )
        with _demo(home) as (_process, again):
            yield Section("Up again", [Figure("until it answers", again, " s", SECONDS)])


@contextmanager
def _demo(home: Path) -> Iterator[tuple["subprocess.Popen[bytes]", float]]:
    port = free_port()
    kept = {name: text for name, text in os.environ.items() if name != "DATABASE_URL"}
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "tutelage", "demo"],
        env={**kept, "TUTELAGE_HOME": str(home), "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(port, process)
        yield process, time.monotonic() - began
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def _await(port: int, process: "subprocess.Popen[bytes]", seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.02)
    raise RuntimeError("The demo did not come up.")


def _memory(top: int) -> Iterator[tuple[str, float]]:
    """By part: the supervisor, and each of its children with all below it."""
    parents = _parents()
    yield "supervisor", proportional_mb(top)
    for child in (pid for pid, parent in parents.items() if parent == top):
        yield _name(child), sum(proportional_mb(pid) for pid in _below(child, parents))


def _parents() -> dict[int, int]:
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has just ended
            found[int(path.name)] = int((path / "stat").read_text().rpartition(")")[2].split()[1])
    return found


def _below(top: int, parents: dict[int, int]) -> list[int]:
    children = [pid for pid, parent in parents.items() if parent == top]
    return [top, *(pid for child in children for pid in _below(child, parents))]


def _name(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    return "database" if "postgres" in words[0] or "unshare" in words[0] else words[-2]
