"""Makes the locks from `pyproject.toml`, or checks without a network that they are current.

Called as: python requirements/lock.py [--check]
"""

import json
import subprocess
import sys
import tomllib
from hashlib import sha256
from typing import Final

from install import LOCKS, ROOT, installer

EXTRAS: Final = {"base": ["build"], "dev": ["build", "dev"]}


def main(arguments: list[str]) -> None:
    if arguments == ["--check"]:
        check()
    else:
        make()


def check() -> None:
    for name in EXTRAS:
        if not (LOCKS / f"{name}.lock").read_text().startswith(mark()):
            sys.exit(f"requirements/{name}.lock is not what pyproject.toml says. Run: make lock")


def make() -> None:
    compile_lock("uv.lock", "requirements/uv.in")
    for name, extras in EXTRAS.items():
        chosen = [part for extra in extras for part in ("--extra", extra)]
        # Development runs what is shipped, to the version.
        alike = ["--constraint", "requirements/base.lock"] if name != "base" else []
        compile_lock(f"{name}.lock", "pyproject.toml", *chosen, *alike)
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
