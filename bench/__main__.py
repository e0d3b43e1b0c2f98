"""`python -m bench`: fills databases, measures, prints; exit code 1 when one is over budget.

Called by `make bench` and `make bench-quick`.
"""

import argparse
import signal
import sys
import time
from collections.abc import Iterable, Iterator

from bench import document, filling, kept, product, records
from bench.verdict import Section, above_target, in_words, over

SMALL, LARGE = 10_000, 1_000_000


def main() -> int:
    given = _arguments()
    # Ended from outside, too, it ends what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    sizes = [SMALL] if given.quick else sorted(set(given.sessions))
    with kept.alone():
        filling.fill_missing(sizes)
        with kept.server() as url, filling.copies(url, sizes) as databases:
            product.load(databases[sizes[0]], kept.HOME.path / "product")
            from bench import parts

            if given.quick:
                return judge(list(told(parts.quick(databases[SMALL]))))
            path = kept.HOME.path / f"figures-{'-'.join(map(str, sizes))}.json"
            if not given.only:
                records.forget(path)
            sections = []
            for section in told(parts.whole_of(databases, given.only)):
                records.keep(path, section)
                sections.append(section)
        if given.write:
            document.write(records.read(path), sizes)
    return judge(sections)


def told(sections: Iterable[Section]) -> Iterator[Section]:
    """Say each as it comes: all of them take a while."""
    began = time.monotonic()
    for section in sections:
        print(f"[{time.monotonic() - began:4.0f} s] {in_words(section)}", flush=True)
        yield section


def judge(sections: list[Section]) -> int:
    """Name what is over its budget, which fails, and what is above a target, which does not."""
    if above := above_target(sections):
        print("", "Above the target:", *above, sep="\n  ")
    if too_much := over(sections):
        print("", "Over budget:", *too_much, sep="\n  ")
        return 1
    print(f"\nAll that was measured is within its budget: {len(sections)} things.")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Measure against the budgets.")
    parser.add_argument(
        "--sessions", type=int, nargs="+", default=[SMALL, LARGE], help="sizes of the databases"
    )
    parser.add_argument("--quick", action="store_true", help="SQL counts and ratios alone")
    parser.add_argument(
        "--only",
        nargs="+",
        default=[],
        help="words in the names of operations, or: operations, visits, events, jobs, stack",
    )
    parser.add_argument("--write", action="store_true", help="into docs/performance.md")
    given = parser.parse_args()
    if not all(10_000 <= size <= 2_000_000 for size in given.sessions):
        parser.error("--sessions takes numbers from 10 000 to 2 000 000")
    return given


if __name__ == "__main__":
    sys.exit(main())
