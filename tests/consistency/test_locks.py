"""What is installed is what was looked at: each package by version and by hash."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

LOCKS: Final = sorted((Path(__file__).parents[2] / "requirements").glob("*.lock"))
PINNED: Final = re.compile(r"[a-z0-9._-]+(\[[a-z0-9,_-]+\])?==\S+")
HASH: Final = re.compile(r"--hash=sha256:[0-9a-f]{64}(?= |$)")


def requirements(lock: str) -> Iterator[str]:
    """Each with what belongs to it, on one line."""
    joined = lock.replace("\\\n", " ")
    return (line for line in joined.splitlines() if line.strip() and line.lstrip()[0] != "#")


def loose(lock: str) -> list[str]:
    """Those that another file could be taken for."""
    found = requirements(lock)
    return [each for each in found if not (PINNED.match(each) and HASH.search(each))]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_each_package_is_pinned_by_hash(path: Path) -> None:
    lock = path.read_text()

    assert loose(lock) == []
    assert len(list(requirements(lock))) >= 1


def test_base_and_dev_are_among_them() -> None:
    assert {"base", "dev"} <= {path.stem for path in LOCKS}


@pytest.mark.parametrize(
    "planted",
    [
        "django==5.2.19\n",
        "django>=5.2 \\\n    --hash=sha256:" + "a" * 64 + "\n",
        "django==5.2.19 \\\n    --hash=sha256:abc\n",
        "git+https://example.org/django\n",
        "-e .\n",
    ],
)
def test_one_that_is_not_would_be_found(planted: str) -> None:
    assert loose(f"# a lock\n{planted}") != []
