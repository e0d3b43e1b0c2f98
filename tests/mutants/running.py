"""Runs pytest on places of its own: once to see who comes where, then with one defect each."""

import ast
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from tests.mutants.operators import Mutant
from tests.mutants.parts import ROOT, SOURCE
from tests.mutants.reaching import uses_of

# Those that bring pytest something that no test here asks for only make it slow to start.
_LEFT_OUT: Final = ("randomly", "cacheprovider", "schemathesis", "xdist", "xdist.looponfail")
_COMMAND: Final = (
    *(sys.executable, "-m", "pytest", "--reuse-db", "-m", "not browser"),
    *(word for name in _LEFT_OUT for word in ("-p", f"no:{name}")),
)
_NOTHING_FOUND: Final = 5
_FAILED: Final = 1
_LONGEST: Final = 1_800
_TOO_LONG: Final = "time"  # by which a defect is noticed that makes its tests run for ever
_UNSAID: Final = "pytest"  # by what ends before a test could be named


@dataclass(frozen=True, slots=True)
class Planted:
    module: Path
    mutant: Mutant

    def __str__(self) -> str:
        return f"{self.module.relative_to(ROOT)}:{self.mutant.line}: {self.mutant.what}"


@dataclass(frozen=True, slots=True)
class Reach:
    """Which tests come to which lines, and how many seconds each takes.

    Those that fail without a defect are named, and asked about none.
    """

    reached: dict[str, dict[int, set[str]]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)

    def add(self, told: str) -> None:
        """Take what one run has noted, or what was kept of several."""
        found = json.loads(told)
        self.seconds.update(found["seconds"])
        self.failed.update(found["failed"])
        for name, lines in found["reached"].items():
            here = self.reached.setdefault(name, {})
            for line, tests in lines.items():
                here.setdefault(int(line), set()).update(tests)

    def kept(self) -> str:
        """All of it, for another run on the same code."""
        reached = {
            name: {line: sorted(tests) for line, tests in lines.items()}
            for name, lines in self.reached.items()
        }
        return json.dumps(
            {"reached": reached, "seconds": self.seconds, "failed": sorted(self.failed)}
        )

    def tests_at(self, planted: Planted, among: Iterable[str]) -> list[str]:
        """Those that can notice a defect, the quickest first: all, if that is not known."""
        known = [test for place in among for test in self._in(place)]
        uses = uses_of(ast.parse(planted.module.read_text()), planted.mutant.line)
        if uses is not None:
            lines = self.reached.get(name_of(planted.module), {})
            there = {place for line in uses for place in lines.get(line, ())}
            if "" not in there:
                come = {test for place in there for test in self._in(place)}
                known = [test for test in known if test in come]
        return sorted(dict.fromkeys(known), key=lambda test: self.seconds[test])

    def _in(self, place: str) -> list[str]:
        """The tests of a folder or a file, or the one that is meant."""
        if place in self.seconds:
            return [place]
        inside = (f"{place}/", f"{place}::")
        return [test for test in self.seconds if test.startswith(inside)]


class Places:
    """A database for each who works at the same time, made once and used again."""

    def __init__(self, url: str, number: int, kept: Path) -> None:
        parts = urlsplit(url)
        self.number, self.kept = number, kept
        self.free: SimpleQueue[str] = SimpleQueue()
        for place in range(number):
            self.free.put(urlunsplit(parts._replace(path=f"/mutants_{place}")))

    def find_reach(self, folders: Iterable[str], modules: Iterable[Path]) -> Reach:
        """Run the tests without a defect, and see who comes where."""
        names = ",".join(map(name_of, modules))
        reach = Reach()

        def run(folder: str) -> None:
            with tempfile.TemporaryDirectory() as place:
                told = Path(place, "told.json")
                given = {"REACHED_MODULES": names, "REACHED_FILE": str(told)}
                code, said = self._pytest(["-p", "tests.mutants.reaching", folder], given, _LONGEST)
                if code not in {0, _FAILED}:
                    raise RuntimeError(said)
                reach.add(told.read_text())

        with ThreadPoolExecutor(self.number) as pool:
            list(pool.map(run, folders))
        return reach

    def notice(self, planted: Planted, tests: Sequence[str], seconds: float) -> str:
        """Which of these tests fails first, if any; one that a defect makes run for ever does."""
        if not tests:
            return ""
        with tempfile.TemporaryDirectory() as folder:
            source, chosen = Path(folder, "source.py"), Path(folder, "tests.txt")
            source.write_text(planted.mutant.source)
            chosen.write_text("\n".join(tests))
            given = {
                "MUTANT_MODULE": name_of(planted.module),
                "MUTANT_SOURCE": str(source),
                "MUTANT_TESTS": str(chosen),
            }
            files = dict.fromkeys(test.partition("::")[0] for test in tests)
            words = ["-x", "-p", "tests.mutants.planting", *files]
            code, said = self._pytest(words, given, seconds)
            return _who_failed(said) if code else ""

    def _pytest(
        self, words: Sequence[str], variables: dict[str, str], seconds: float
    ) -> tuple[int, str]:
        """The exit code, 0 when all passed, and what pytest said."""
        url = self.free.get()
        given = {**os.environ, **variables, "DATABASE_URL": url}
        # What is compiled once need not be again; what is planted is never kept.
        given |= {"PYTHONPYCACHEPREFIX": str(self.kept), "PYTHONDONTWRITEBYTECODE": ""}
        try:
            done = subprocess.run(
                [*_COMMAND, *words],
                env=given,
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return _FAILED, f"ERROR {_TOO_LONG}"
        finally:
            self.free.put(url)
        return 0 if done.returncode == _NOTHING_FOUND else done.returncode, done.stdout


def _who_failed(said: str) -> str:
    """The first that pytest names where it sums up."""
    summary = said.rpartition(" short test summary info ")[2].splitlines()
    words = (line.split() for line in summary)
    named = (each[1] for each in words if each[:1] in (["FAILED"], ["ERROR"]))
    return next(named, _UNSAID)


def name_of(module: Path) -> str:
    return ".".join(module.relative_to(SOURCE.parent).with_suffix("").parts)
