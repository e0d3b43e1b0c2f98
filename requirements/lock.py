"""Makes the locks from `pyproject.toml`, or checks without a network that they are current.

Called as: python requirements/lock.py [--check | --patches]

What is locked stays as it is, as long as `pyproject.toml` allows it. With `--patches` each package
goes to its newest patch release.
"""

import json
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

import newest
from install import LOCKS, ROOT, installer

EXTRAS: Final = {"base": ["build"], "dev": ["build", "dev"]}


def main(arguments: list[str]) -> None:
    if arguments == ["--check"]:
        check()
    elif arguments == ["--patches"]:
        make(patches())
    else:
        make()


def check() -> None:
    for name in EXTRAS:
        if not (LOCKS / f"{name}.lock").read_text().startswith(mark()):
            sys.exit(f"requirements/{name}.lock is not what pyproject.toml says. Run: make lock")


def patches() -> list[str]:
    """What is to leave its place in the locks, and for which release."""
    locked = newest.pins((LOCKS / "dev.lock").read_text())
    old = newest.behind(locked, newest.newest(locked))
    return [f"{name}=={theirs}" for name, (_ours, theirs) in old.items()]


def make(upgrades: Sequence[str] = ()) -> None:
    compile_lock("uv.lock", "requirements/uv.in")
    upgraded = [part for each in upgrades for part in ("--upgrade-package", each)]
    for name, extras in EXTRAS.items():
        chosen = [part for extra in extras for part in ("--extra", extra)]
        # Development runs what is shipped, to the version.
        alike = ["--constraint", "requirements/base.lock"] if name != "base" else []
        compile_lock(f"{name}.lock", "pyproject.toml", *chosen, *alike, *upgraded)
        path = LOCKS / f"{name}.lock"
        path.write_text(mark() + path.read_text().removeprefix(mark()))


def compile_lock(name: str, source: str, *options: str) -> None:
    always = ("--universal", "--generate-hashes", "--python-version", "3.11", "--no-header")
    command = [installer(), "pip", "compile", "--quiet", *always, *options, source]
    subprocess.run([*command, "--output-file", f"requirements/{name}"], cwd=ROOT, check=True)


def mark() -> str:
    """The first line of a lock: which state of the dependencies it was made from."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    parts = [project[key] for key in ("requires-python", "dependencies", "optional-dependencies")]
    return f"# Made by `make lock` from state {sha256(json.dumps(parts).encode()).hexdigest()}.\n"


if __name__ == "__main__":
    main(sys.argv[1:])
