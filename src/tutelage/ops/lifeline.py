"""Ends a process when the supervisor that started it is gone, even by kill -9.

The supervisor holds the writing end of a pipe and never writes; the kernel closes it however
the supervisor ends. Unlike a signal on the parent's death it cannot be lost at a race, belongs
to no thread, and is the same on every system.
"""

import os
import signal
import time
from threading import Thread
from typing import Final

VARIABLE: Final = "TUTELAGE_LIFELINE"
GRACE_SECONDS: Final = 2


def hold() -> None:
    """Watch the lifeline, if there is one. A process started by hand has none."""
    descriptor = os.environ.pop(VARIABLE, "")
    if descriptor:
        Thread(target=_watch, args=(int(descriptor),), name="lifeline", daemon=True).start()


def _watch(descriptor: int) -> None:
    os.read(descriptor, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)
