"""Lets a process load its code while what it is going to work with is not there yet.

The supervisor holds the writing end of a pipe. A byte lets the process go on; an end without one
means that the supervisor is gone.
"""

import os
import sys
from typing import Final

GATE_VARIABLE: Final = "TUTELAGE_GATE"


class Gate:
    """Closed until it is opened, once."""

    def __init__(self) -> None:
        self.descriptor, self._opener = os.pipe()

    def open(self) -> None:
        os.write(self._opener, b"!")
        os.close(self._opener)
        os.close(self.descriptor)


def wait() -> None:
    """Wait at the gate, if there is one. A process started by hand has none."""
    descriptor = os.environ.pop(GATE_VARIABLE, "")
    if descriptor and not os.read(int(descriptor), 1):
        sys.exit("The supervisor is gone.")
