"""Who owns what: a file lock, which ends with its holders however they end."""

import fcntl
import os
from pathlib import Path


class Held(RuntimeError):
    """Another process holds the lock."""


def take(path: Path) -> int:
    """Lock the file and return its descriptor; whoever inherits that holds the lock too.

    Raises:
        Held: somebody has it.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise Held(str(path)) from None
    return descriptor


def holders(path: Path) -> list[int]:
    """The processes that have the file open: exact where a pid file would be a guess.

    A process that ends while it is looked at, or that is another user's, is left out.
    """
    wanted = path.stat()
    return [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit()
        and int(entry.name) != os.getpid()
        and _has_open(entry / "fd", wanted)
    ]


def _has_open(descriptors: Path, wanted: os.stat_result) -> bool:
    try:
        links = list(descriptors.iterdir())
    except OSError:
        return False
    return any(_leads_to(link, wanted) for link in links)


def _leads_to(link: Path, wanted: os.stat_result) -> bool:
    """A descriptor that is closed while it is looked at says nothing of the others."""
    try:
        return os.path.samestat(link.stat(), wanted)
    except OSError:
        return False
