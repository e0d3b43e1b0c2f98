"""`python -m tests.mutants`: plants defects one at a time, and says which the tests let pass.

Called by `make mutants`, which brings the database server. A share below what a part demands
ends with exit code 1. A test that fails without any defect is named, and can notice none. Who
noticed is named, too: on a busy machine that may be a test that only came too late.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import count
from pathlib import Path
from random import Random

from tests.mutants.operators import mutants_of
from tests.mutants.parts import PARTS, Part, tests_of
from tests.mutants.running import Places, Planted, Reach

SLOWER = 5  # times; a defect that makes its tests run for ever is noticed, too
STARTING = 120


def main() -> int:
    given = _arguments()
    chosen = [part for part in PARTS if not given.part or part.name in given.part]
    drawn = {part.name: _drawn(part, given) for part in chosen}
    modules = sorted({each.module for planted in drawn.values() for each in planted})
    folders = {folder for part in chosen for folder in part.wider}
    folders |= {folder for module in modules for folder in tests_of(module)}
    with tempfile.TemporaryDirectory() as kept:
        places = Places(os.environ["DATABASE_URL"], given.jobs, Path(kept))
        reach = _reach(places, sorted(_outermost(folders)), modules, given.noted)
        for test in sorted(reach.failed):
            print("fails without any defect:", test)
        below = [
            part.name for part in chosen if not _measure(part, drawn[part.name], places, reach)
        ]
    if below:
        print("Below what is demanded:", ", ".join(below))
    return 1 if below else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="mutants", description="Do the tests notice defects?")
    names = [part.name for part in PARTS]
    parser.add_argument("--part", action="append", choices=names, help="all, if unsaid")
    parser.add_argument("--most", type=int, help="defects of a part, drawn at random")
    parser.add_argument("--seed", type=int, default=1, help="which are drawn")
    parser.add_argument("--noted", type=Path, help="keeps who comes where, for the same code again")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    return parser.parse_args()


def _reach(places: Places, folders: list[str], modules: list[Path], noted: Path | None) -> Reach:
    if noted and noted.exists():
        reach = Reach()
        reach.add(noted.read_text())
        return reach
    reach = places.find_reach(folders, modules)
    if noted:
        noted.write_text(reach.kept())
    return reach


def _outermost(folders: set[str]) -> Iterator[str]:
    """Each test once, though a folder and one within it may both be asked for."""
    for folder in folders:
        if not any(folder.startswith(f"{other}/") for other in folders):
            yield folder


def _drawn(part: Part, given: argparse.Namespace) -> list[Planted]:
    everything = _defects(part)
    return Random(given.seed).sample(everything, min(given.most or part.most, len(everything)))  # noqa: S311 -- not a secret


def _measure(part: Part, drawn: list[Planted], places: Places, reach: Reach) -> bool:
    """Plant the defects of one part, print what passed, and say whether enough were noticed."""
    done = count(1)

    def notices(planted: Planted) -> bool:
        by = ""
        for among in (tests_of(planted.module), part.wider):
            tests = reach.tests_at(planted, among)
            seconds = STARTING + SLOWER * sum(reach.seconds[test] for test in tests)
            by = by or places.notice(planted, tests, seconds)
        how = f"caught by {by}:" if by else "PASSED"
        print(f"{part.name} {next(done)}/{len(drawn)}", how, planted, flush=True)
        return bool(by)

    with ThreadPoolExecutor(places.number) as pool:
        caught = sum(pool.map(notices, drawn))
    share = caught / max(1, len(drawn))
    least = f", at least {part.least:.0%} demanded" if part.least else ""
    told = f"{part.name}: {caught} of {len(drawn)} noticed ({share:.0%}{least})"
    print(f"{told}; there are {len(_defects(part))}", flush=True)
    return part.least is None or share >= part.least


@cache
def _defects(part: Part) -> tuple[Planted, ...]:
    return tuple(
        Planted(module, mutant)
        for module in part.modules()
        for mutant in mutants_of(module.read_text())
    )


if __name__ == "__main__":
    sys.exit(main())
