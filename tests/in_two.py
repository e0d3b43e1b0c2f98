"""Runs all tests: first those without a browser, then those with one.

The library that drives the browser leaves an event loop running in its process, in which
nothing that starts a loop of its own can be tested any more.
"""

import subprocess
import sys
from typing import Final

NOTHING_FOUND: Final = 5  # pytest's own exit code
WORKERS: Final = ("-n", "2")


def main(arguments: list[str]) -> int:
    codes = [
        subprocess.call([sys.executable, "-m", "pytest", *WORKERS, "-m", mark, *arguments])
        for mark in ("not browser", "browser")
    ]
    wrong = [code for code in codes if code not in {0, NOTHING_FOUND}]
    if wrong:
        return wrong[0]
    return 0 if 0 in codes else NOTHING_FOUND


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
