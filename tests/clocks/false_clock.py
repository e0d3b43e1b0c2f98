"""A clock that a test moves, and that every process started with its variables reads.

libfaketime stands before the C library of web, worker and PostgreSQL alike. Each look at the clock
reads a file that says how far it is ahead, so all of them are at the same instant. How long
something takes is measured as ever: time limits, pauses and the like are the real ones.
"""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

TICK_SECONDS: Final = 0.02
NAME: Final = "libfaketimeMT.so.1"
HURRY: Final = Path(__file__).parent / "hurry"


def library() -> Path | None:
    """What LIBFAKETIME names, or where the systems' packages put it."""
    if named := os.environ.get("LIBFAKETIME"):
        return Path(named)
    places = ("lib/*/faketime", "lib*/faketime")
    found = (path for place in places for path in Path("/usr").glob(f"{place}/{NAME}"))
    return next(found, None)


class FalseClock:
    def __init__(self, folder: Path, at: datetime) -> None:
        self._file = folder / "ahead"
        self._set(at)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def variables(self, speed: float) -> dict[str, str]:
        """What a process is told that is to read this clock; the worker keeps up with `speed`."""
        return {
            "LD_PRELOAD": str(library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",  # else Python's threads hardly get their turn
            "NO_FAKE_STAT": "1",
            "PYTHONPATH": str(HURRY),
            "HURRY": str(speed),
        }

    def run_to(self, at: datetime, speed: float) -> None:
        """Go on to that instant, so many times as fast as time does."""
        began, start = time.monotonic(), self.now()
        while (seen := start + timedelta(seconds=time.monotonic() - began) * speed) < at:
            self._set(seen)
            time.sleep(TICK_SECONDS)
        self._set(at)

    def _set(self, at: datetime) -> None:
        """Exchanged in one move: nobody ever reads half a number."""
        self._ahead = at - datetime.now(UTC)
        draft = self._file.with_suffix(".new")
        draft.write_text(f"{self._ahead.total_seconds():+.3f}\n")
        draft.replace(self._file)
