"""`python -m tests.mutants`: plants defects one at a time, and says which the tests let pass.

Called by `make mutants`, which brings the database server. A share below what a part demands
ends with exit code 1. So does a test that fails without any defect: then nothing is said.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from random import Random
from urllib.parse import urlsplit, urlunsplit

from tests.mutants.operators import Mutant, mutants_of
from tests.mutants.parts import PARTS, ROOT, SOURCE, Part, tests_of

SECONDS = 600  # a defect that makes its tests run for ever is noticed, too
PYTEST = (
    "-m",
    "pytest",
    "-p",
    "tests.mutants.planting",
    "-p",
    "no:randomly",
    "-p",
    "no:cacheprovider",
)
NOTHING_FOUND = 5


@dataclass(frozen=True, slots=True)
class Planted:
    module: Path
    mutant: Mutant

    def __str__(self) -> str:
        return f"{self.module.relative_to(ROOT)}:{self.mutant.line}: {self.mutant.what}"


class Places:
    """A database for each who works at the same time, made once and used again."""

    def __init__(self, url: str, number: int) -> None:
        parts = urlsplit(url)
        self.free: SimpleQueue[str] = SimpleQueue()
        for place in range(number):
            self.free.put(urlunsplit(parts._replace(path=f"/mutants_{place}")))

    def run(self, tests: Sequence[str], planted: Planted | None = None) -> int:
        """The exit code of pytest; 0 when all passed."""
        url = self.free.get()
        try:
            with tempfile.NamedTemporaryFile("w", suffix=".py") as file:
                given = {**os.environ, "DATABASE_URL": url}
                if planted:
                    file.write(planted.mutant.source)
                    file.flush()
                    given |= {"MUTANT_MODULE": _name(planted.module), "MUTANT_SOURCE": file.name}
                return _pytest(tests, given)
        finally:
            self.free.put(url)


def _pytest(tests: Sequence[str], variables: dict[str, str]) -> int:
    command = [sys.executable, *PYTEST, "--reuse-db", "-x", "-m", "not browser", *tests]
    try:
        done = subprocess.run(
            command,
            env=variables,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return 1
    return 0 if done.returncode == NOTHING_FOUND else done.returncode


def main() -> int:
    given = _arguments()
    places = Places(os.environ["DATABASE_URL"], given.jobs)
    chosen = [part for part in PARTS if not given.part or part.name in given.part]
    below = [part.name for part in chosen if not _measure(part, places, given)]
    if below:
        print("Below what is demanded:", ", ".join(below))
    return 1 if below else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mutants", description="Do the tests notice defects?")
    names = [part.name for part in PARTS]
    parser.add_argument("--part", action="append", choices=names, help="all, if unsaid")
    parser.add_argument("--most", type=int, default=60, help="defects of a part, drawn at random")
    parser.add_argument("--seed", type=int, default=1, help="which are drawn")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    return parser.parse_args()


def _measure(part: Part, places: Places, given: argparse.Namespace) -> bool:
    """Plant the defects of one part, print what passed, and say whether enough were noticed."""
    everything = list(_defects(part))
    drawn = Random(given.seed).sample(everything, min(given.most, len(everything)))  # noqa: S311 -- not a secret
    modules = {planted.module for planted in drawn}
    tests = sorted({test for module in modules for test in tests_of(module)} | set(part.wider))
    if places.run(tests):
        print(f"{part.name}: the tests fail without any defect, so they can notice none.")
        return False
    done = count(1)

    def notices(planted: Planted) -> bool:
        caught = bool(places.run(tests_of(planted.module), planted)) or bool(
            places.run(part.wider, planted)
        )
        print(
            f"{part.name} {next(done)}/{len(drawn)}",
            "caught" if caught else "PASSED",
            planted,
            flush=True,
        )
        return caught

    with ThreadPoolExecutor(given.jobs) as pool:
        caught = sum(pool.map(notices, drawn))
    share = caught / max(1, len(drawn))
    least = f", at least {part.least:.0%} demanded" if part.least else ""
    told = f"{part.name}: {caught} of {len(drawn)} noticed ({share:.0%}{least})"
    print(f"{told}; there are {len(everything)}")
    return part.least is None or share >= part.least


def _defects(part: Part) -> Iterator[Planted]:
    for module in part.modules():
        for mutant in mutants_of(module.read_text()):
            yield Planted(module, mutant)


def _name(module: Path) -> str:
    return ".".join(module.relative_to(SOURCE.parent).with_suffix("").parts)


if __name__ == "__main__":
    sys.exit(main())
