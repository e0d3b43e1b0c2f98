"""The embedded database, kept running like the other children."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tutelage.ops.children import BackOff, how_ended
from tutelage.ops.database import Database
from tutelage.ops.postgres import CannotRun


@dataclass
class KeptDatabase:
    database: Database
    back_off: BackOff = field(default_factory=BackOff)
    started_at: float = 0.0
    is_ready: bool = False

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.is_ready = False
        self.database.start()

    def keep(self, say: Callable[[str], None]) -> None:
        """Start it again if it ended, and see whether it answers by now."""
        process = self.database.process
        if process is not None and process.poll() is not None:
            self._has_ended(how_ended(process), say)
        if self.database.process is None and time.monotonic() >= self.back_off.due_at:
            try:
                self.start()
            except (CannotRun, OSError) as error:
                self._has_ended(str(error), say)
        self.is_ready = self.is_ready or self.database.is_ready()

    def stop(self) -> None:
        self.database.stop()

    def _has_ended(self, how: str, say: Callable[[str], None]) -> None:
        wait = self.back_off.ended(started_at=self.started_at, now=time.monotonic())
        say(f"database {how}; trying again in {wait:.1f} s.")
        self.database.process = None
        self.is_ready = False
