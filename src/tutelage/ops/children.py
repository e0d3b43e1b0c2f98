"""A process that the supervisor keeps alive, and how long it waits before it tries again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from tutelage.ops import lifeline
from tutelage.ops.gate import GATE_VARIABLE, Gate

FIRST_WAIT: Final = 0.1
LONGEST_WAIT: Final = 10.0
STEADY_SECONDS: Final = 30.0


@dataclass
class BackOff:
    """Twice as long each time, and from the start again once something has lived for a while."""

    failures: int = 0
    due_at: float = 0.0

    def ended(self, *, started_at: float, now: float) -> float:
        self.failures = 0 if now - started_at > STEADY_SECONDS else self.failures + 1
        wait = min(FIRST_WAIT * float(2 ** max(self.failures - 1, 0)), LONGEST_WAIT)
        self.due_at = now + wait
        return wait


@dataclass
class Child:
    """One of our own commands, in a process group of its own, tied to us by the lifeline.

    With a gate it loads its code, and goes on when that is opened.
    """

    command: str
    lifeline: int
    options: Sequence[str] = ()
    gate: Gate | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    descriptors: Sequence[int] = ()
    back_off: BackOff = field(default_factory=BackOff)
    started_at: float = 0.0
    process: subprocess.Popen[str] | None = None

    def start(self, *, output: int | None = None) -> "subprocess.Popen[str]":
        self.started_at = time.monotonic()
        tied = {lifeline.VARIABLE: self.lifeline}
        if self.gate is not None:
            tied[GATE_VARIABLE] = self.gate.descriptor
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tutelage", self.command, *self.options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            env={**os.environ, **self.variables, **{name: str(end) for name, end in tied.items()}},
            pass_fds=[*tied.values(), *self.descriptors],
            process_group=0,
            text=True,
        )
        return self.process

    def let_go_on(self) -> None:
        """Open its gate. If it has to be started again there is none any more."""
        if self.gate is not None:
            self.gate.open()
            self.gate = None

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def keep(self, say: Callable[[str], None]) -> None:
        """Start it if it is not running, unless it ended too short a while ago."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            wait = self.back_off.ended(started_at=self.started_at, now=now)
            say(f"{self.command} {how_ended(self.process)}; trying again in {wait:.1f} s.")
            self.process = None
        if self.process is None and now >= self.back_off.due_at:
            self.start()

    def ask_to_end(self) -> None:
        if self.process is not None and self.is_running():
            self.process.terminate()

    def end(self, until: float) -> None:
        """Wait for it until then; after that end it, and what it has started, by force."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(until - time.monotonic(), 0))
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def how_ended(process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> str:
    code = process.returncode
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"
