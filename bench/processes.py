"""Processes by whose children they are, and how all of them are ended at once."""

import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def children_of(top: int) -> list[int]:
    return [pid for pid, parent in _parents().items() if parent == top]


def below(top: int) -> list[int]:
    """Children, their children, and so on."""
    parents, found = _parents(), [top]
    for each in found:
        found += [pid for pid, parent in parents.items() if parent == each]
    return found[1:]


def name_of(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    return "database" if "postgres" in words[0] or "unshare" in words[0] else words[-2]


def kill_all(pids: Iterable[int]) -> None:
    """As when the power fails: none is told."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _parents() -> dict[int, int]:
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has just ended
            found[int(path.name)] = int((path / "stat").read_text().rpartition(")")[2].split()[1])
    return found
