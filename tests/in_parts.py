"""Runs all tests: first those without a browser, then those with one.

The library that drives the browser leaves an event loop running in its process, in which
nothing that starts a loop of its own can be tested any more. What the deep form holds to a time
of the wall's clock comes last, with nothing beside it.
"""

import os
import sys
from collections.abc import Iterator
from typing import Final

from tests.with_database import run_to_its_end

NOTHING_FOUND: Final = 5  # pytest's own exit code
# Many tests wait, for moments and for processes: three at once keep two cores busy.
SHARED: Final = ("-n", "3", "--dist", "worksteal")
IN_BROWSERS: Final = ("-n", "2")  # these keep two cores busy by themselves


def parts() -> Iterator[tuple[str, ...]]:
    is_deep = bool(os.environ.get("DEEP"))
    yield "-m", "not browser and not alone" if is_deep else "not browser", *SHARED
    yield "-m", "browser", *IN_BROWSERS
    if is_deep:
        yield "-m", "alone"


def main(arguments: list[str]) -> int:
    command = [sys.executable, "-m", "pytest"]
    codes = [run_to_its_end([*command, *part, *arguments]) for part in parts()]
    wrong = [code for code in codes if code not in {0, NOTHING_FOUND}]
    if wrong:
        return wrong[0]
    return 0 if 0 in codes else NOTHING_FOUND


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
