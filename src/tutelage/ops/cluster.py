"""The folder of the embedded database: made whole or not at all, and where it listens."""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from typing import Final

from tutelage.config.home import DATABASE, Home
from tutelage.ops.postgres import MAJOR, CannotRun, programs, runner

INITDB = (
    f"--username={DATABASE}",
    "--auth=trust",  # whoever reaches the socket, in a folder of mode 0700, is its owner
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
)

LONGEST_PARENT: Final = 60


def make_cluster(home: Home, *, durable: bool = True) -> None:
    """Make the cluster if it is not there. What an earlier try left half done is thrown away."""
    for left in home.path.glob("database.new-*"):
        shutil.rmtree(left)
    if home.cluster.exists():
        _check_version(home.cluster)
        runner().own(home.cluster)
        return
    draft = Path(mkdtemp(prefix="database.new-", dir=home.path))
    runner().own(draft)
    _reachable(home)
    _run("initdb", *INITDB, *(() if durable else ("--no-sync",)), f"--pgdata={draft}")
    _run("postgres", "--single", "-D", str(draft), "postgres", say=f"CREATE DATABASE {DATABASE}\n")
    draft.rename(home.cluster)


def socket_folder(home: Home) -> Path:
    """A folder of ours alone with a path short enough for a socket; decided once, then noted."""
    folder = home.socket_folder()
    if not home.has_room_for_socket() and not _is_ours(folder, home):
        folder = Path(mkdtemp(prefix="tutelage-", dir=_short_folder()))
        home.socket_note.write_text(f"{folder}\n")
    runner().own(folder)
    return folder


def _short_folder() -> str:
    for name in (os.environ.get("XDG_RUNTIME_DIR", ""), gettempdir()):
        if name and len(name) <= LONGEST_PARENT and os.access(name, os.W_OK):
            return name
    return "/tmp"  # noqa: S108  # only for a folder of mode 0700 with a name nobody can guess


def _is_ours(folder: Path, home: Home) -> bool:
    """Whether the noted folder is still the one that was made; others may write to its parent."""
    if folder == home.running or folder.is_symlink() or not folder.is_dir():
        return False
    status = folder.stat()
    owners = {os.geteuid(), *(runner().owner or ())}
    return status.st_uid in owners and status.st_mode & 0o077 == 0


def _check_version(cluster: Path) -> None:
    version = cluster / "PG_VERSION"
    found = version.read_text().strip() if version.exists() else "something else"
    if found != MAJOR:
        raise CannotRun(
            f"{cluster} was made by PostgreSQL {found}; this release runs {MAJOR}. Dump it with "
            "the release that made it, move the folder away, and restore the dump."
        )


def _reachable(home: Home) -> None:
    """Under a system user every folder above has to let others through."""
    if runner().owner is None:
        return
    home.path.chmod(0o711)
    for folder in home.path.parents:
        if not folder.stat().st_mode & 0o001:
            raise CannotRun(
                f"The database would run as a system user, who cannot pass {folder}. "
                "Set TUTELAGE_HOME to a folder such as /var/lib/tutelage."
            )


def _run(program: str, *options: str, say: str = "") -> None:
    command = [*runner().before, str(programs() / program), *options]
    done = subprocess.run(command, input=say, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CannotRun(f"{program} failed:\n{done.stderr.strip()}")
