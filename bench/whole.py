"""The whole stack as `tutelage demo` runs it: memory at rest, and how soon it is there again."""

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

from bench import recovery
from bench.measures import proportional_mb
from bench.processes import below, children_of, kill_all, name_of
from bench.verdict import Figure, Section
from tutelage.core.tests.ports import free_port

MEGABYTES, AGAIN_SECONDS, RESTART_SECONDS, RECOVERY_SECONDS = 250, 5, 0.2, 5
REST_SECONDS = 20
TIMES = 3


def measure_stack() -> Iterator[Section]:
    with tempfile.TemporaryDirectory(prefix="tutelage-bench-") as folder:
        home = Path(folder)
        with demo(home) as (process, _port, seconds):
            time.sleep(REST_SECONDS)
            parts = dict(_memory(process.pid))
        yield Section(
            "Whole stack after the demo, at rest",
            [
                Figure("memory (PSS)", [sum(parts.values())], " MB", MEGABYTES),
                *(Figure(name, [size], " MB") for name, size in parts.items()),
                Figure("first start, locks installed", [seconds], " s"),
            ],
        )
        again = []
        for _ in range(TIMES):
            with demo(home) as (_process, _port, took):
                again.append(took)
        yield Section("Up again", [_least("until it answers", again, AGAIN_SECONDS)])
        restarts = recovery.restart_database(home, 5)
        yield Section(
            "Embedded database, ended and started",
            [_least("until it answers", restarts, RESTART_SECONDS)],
        )
        yield _recovered(home)


def _recovered(home: Path) -> Section:
    """All of it is killed at once while somebody books, and started again."""
    booker, seconds = recovery.Booker(home), list[float]()
    with demo(home) as (process, port, _seconds):
        booker.begin(port)
        booker.wait_for(20)
        kill_all([process.pid, *below(process.pid)])
        process.wait()
        booker.stop()
    for _ in range(TIMES):
        killed_at = time.monotonic()
        with demo(home) as (process, port, _seconds):
            booker.begin(port)
            booker.wait_for(1)
            seconds.append(time.monotonic() - killed_at)
            booker.wait_for(20)
            kill_all([process.pid, *below(process.pid)])
            process.wait()
            booker.stop()
    with demo(home) as (_process, port, _seconds):
        lost = booker.count_lost(port)
    acknowledged = f"of {len(booker.acknowledged)} that were acknowledged"
    return Section(
        "All killed at once (SIGKILL) while somebody books",
        [
            _least("until a write is acknowledged", seconds, RECOVERY_SECONDS),
            Figure("lost", [lost], "", 0, is_count=True, note=acknowledged),
        ],
    )


def _least(name: str, seconds: list[float], budget: float) -> Figure:
    """The quietest of several: a time grows with whatever else runs here."""
    longest = f"longest {max(seconds):.2f} s"
    return Figure(name, [min(seconds)], " s", budget, note=longest)


@contextmanager
def demo(home: Path) -> Iterator[tuple["subprocess.Popen[bytes]", int, float]]:
    """It runs in the block: its process, its port, and how long it took until it answered."""
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
        yield process, port, time.monotonic() - began
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
    yield "supervisor", proportional_mb(top)
    for child in children_of(top):
        yield name_of(child), sum(proportional_mb(pid) for pid in [child, *below(child)])
