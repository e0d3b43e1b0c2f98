"""`python -m bench`: fills a database, measures, prints; exit code 1 when one is over budget.

Called by `make bench` and `make bench-quick`, which bring the database server.
"""

import argparse
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.verdict import Section

DOCUMENT = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


def main() -> int:
    given = _arguments()
    from bench import filling, verdict

    with (
        filling.database(os.environ["DATABASE_URL"]) as dsn,
        tempfile.TemporaryDirectory(prefix="tutelage-bench-") as home,
    ):
        _load_product(dsn, home)
        filling.fill(dsn, given.sessions)
        sections = []
        for section in _measured(dsn, quick=given.quick):
            print(verdict.table([section]).split("\n", 2)[2], flush=True)
            sections.append(section)
    if given.write:
        _write(sections, given.sessions)
    if over := verdict.over(sections):
        print("", "Over budget:", *over, sep="\n  ")
    return 1 if over else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Measure against the budgets.")
    parser.add_argument("--sessions", type=int, default=10_000, help="1 000 to 1 000 000")
    parser.add_argument("--quick", action="store_true", help="SQL counts and ratios alone")
    parser.add_argument("--write", action="store_true", help="into docs/performance.md")
    given = parser.parse_args()
    if not 1_000 <= given.sessions <= 1_000_000:
        parser.error("--sessions takes 1 000 to 1 000 000")
    return given


def _load_product(dsn: str, home: str) -> None:
    """As in production, and not as in tests: with static files collected, and its own keys."""
    os.environ |= {
        "DATABASE_URL": dsn,
        "TUTELAGE_HOME": home,
        "TUTELAGE_PROFILE": "production",
        "LOG_LEVEL": "INFO",
        "DJANGO_SETTINGS_MODULE": "tutelage.config.settings",
    }
    import django

    django.setup()
    from django.core.management import call_command

    from tutelage.config.environment import read
    from tutelage.ops import static

    call_command("migrate", interactive=False, verbosity=0)
    static.collect(read().home)


def _measured(dsn: str, *, quick: bool) -> "Iterator[Section]":
    from bench import running, visits, whole

    if quick:
        yield from running.count_statements()
        yield from running.measure_operations(dsn, only_demanded=True)
    else:
        yield from running.measure_operations(dsn, only_demanded=False)
        yield from visits.measure_visits(dsn)
        yield from whole.measure_stack()


def _write(sections: "list[Section]", sessions: int) -> None:
    """Between the marks; the words around them are written by hand."""
    from bench.verdict import table

    before, _, rest = DOCUMENT.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    head = (
        f"Taken on {datetime.now(UTC):%Y-%m-%d} with {sessions} sessions, "
        f"Python {sys.version_info.major}.{sys.version_info.minor}, {os.cpu_count()} cores, "
        f"load average at the end {os.getloadavg()[2]:.0f}."
    )
    DOCUMENT.write_text(f"{before}{BEGIN}\n{head}\n\n{table(sections)}\n{END}{after}")


if __name__ == "__main__":
    sys.exit(main())
