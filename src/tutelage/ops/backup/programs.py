"""PostgreSQL's own programs that write a database down, and bring it back."""

import os
import subprocess
from collections.abc import Callable, Iterable
from contextlib import suppress
from tempfile import TemporaryFile
from typing import IO, Final

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tutelage.ops.backup.archive import BLOCK
from tutelage.ops.postgres import CannotRun, programs

# Of extensions, only the server's owner can say which are there.
_DUMP: Final = (
    "--format=plain", "--no-owner", "--no-privileges", "--no-comments", "--exclude-extension=*",
    "--encoding=UTF8", "--quote-all-identifiers",
)  # fmt: skip
_RESTORE: Final = (
    "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--file=-",
)  # fmt: skip
# Said by every dump of today; unknown to servers before 17, and of no use to us.
_NEWER_THAN_SOME_SERVERS: Final = b"SET transaction_timeout = 0;\n"
_LONGEST_REASON: Final = 1_000


def dump(url: str, snapshot: str, take: Callable[[IO[bytes]], None]) -> None:
    """Hand on the script that makes the database again, as the snapshot sees it."""
    with TemporaryFile() as errors:
        with subprocess.Popen(
            command("pg_dump", url, *_DUMP, f"--snapshot={snapshot}"),
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment(url),
        ) as process:
            assert process.stdout is not None  # noqa: S101  # it was asked for
            take(process.stdout)
        _explain("pg_dump", process.returncode, errors)


def run_script(url: str, parts: Iterable[bytes]) -> None:
    """Run it all in one transaction: after any failure nothing has changed."""
    with TemporaryFile() as errors:
        with subprocess.Popen(
            command("psql", url, *_RESTORE),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=environment(url),
        ) as process:
            assert process.stdin is not None  # noqa: S101  # it was asked for
            # It stops reading at the first error, which it then tells.
            with suppress(BrokenPipeError), process.stdin as script:
                for part in parts:
                    script.write(part)
        _explain("psql", process.returncode, errors)


def blocks_of(script: IO[bytes], seen: Callable[[int], None]) -> Iterable[bytes]:
    """The script as it was dumped, but for a setting that not every server knows."""
    first = script.read(BLOCK)
    seen(len(first))
    yield first.replace(_NEWER_THAN_SOME_SERVERS, b"", 1)
    while block := script.read(BLOCK):
        seen(len(block))
        yield block


def command(program: str, url: str, *options: str) -> list[str]:
    """Without the password, which everybody could read in the list of processes."""
    known = {name: str(said) for name, said in conninfo_to_dict(url).items() if name != "password"}
    return [str(programs() / program), *options, f"--dbname={make_conninfo(**known)}"]


def environment(url: str) -> dict[str, str]:
    password = conninfo_to_dict(url).get("password")
    return {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}


def _explain(program: str, code: int, errors: IO[bytes]) -> None:
    if code != 0:
        errors.seek(0)
        said = errors.read().decode(errors="replace").strip()
        raise CannotRun(f"{program} failed:\n{said[:_LONGEST_REASON]}")
