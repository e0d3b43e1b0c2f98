"""Says which locked packages are behind the newest patch release that they can have.

Called as: python requirements/newest.py

It asks the package index, so it belongs to a release and not to each change. Before it believes
that nothing is behind, it has to find an old release that it is shown.
"""

import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from typing import Final

from install import LOCKS, ROOT, installer

# What the check has to find: a release with known holes, long since followed by others.
PLANTED: Final = {"django": "5.2.1"}
_PIN: Final = re.compile(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", re.MULTILINE)


def main() -> None:
    if not behind(PLANTED, newest(PLANTED)):
        sys.exit("It does not find that Django 5.2.1 is old, and so it would find nothing.")
    locked = pins((LOCKS / "dev.lock").read_text())
    old = behind(locked, newest(locked))
    for name, (ours, theirs) in old.items():
        print(f"{name} {ours}: there is {theirs}")
    if old:
        sys.exit("Run `make lock ARGS=--patches`, and the tests, before a release.")
    print(f"None of {len(locked)} packages is behind its newest patch release.")


def pins(lock: str) -> dict[str, str]:
    """Name and version of each package of a lock."""
    return dict(_PIN.findall(lock))


def of_the_same_line(locked: Mapping[str, str]) -> Iterable[str]:
    """Requirements that leave only the last part of a version open: 5.2.1 allows any 5.2."""
    for name, version in sorted(locked.items()):
        yield f"{name}=={'.'.join(version.split('.')[:2])}.*"


def newest(locked: Mapping[str, str]) -> dict[str, str]:
    """The newest of each that go together."""
    command = [installer(), "pip", "compile", "--universal", "--python-version", "3.11"]
    resolved = subprocess.run(
        [*command, "--no-header", "--no-annotate", "-"],
        input="\n".join(of_the_same_line(locked)),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return pins(resolved.stdout)


def behind(locked: Mapping[str, str], there_is: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    return {
        name: (version, there_is[name])
        for name, version in locked.items()
        if there_is.get(name, version) != version
    }


if __name__ == "__main__":
    main()
