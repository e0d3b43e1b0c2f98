"""The file of a backup: a zip of the database's dump, the files, and a manifest that seals both."""

import os
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path, PurePosixPath
from secrets import token_hex
from typing import IO, Final, Literal, NamedTuple
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from pydantic import BaseModel, ValidationError

MANIFEST: Final = "manifest.json"
DUMP: Final = "database.sql"
FILES: Final = "files/"
BLOCK: Final = 1 << 20
# What reading a damaged zip ends with; its own errors are the least of them.
_DAMAGE: Final = (BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError)


class Damaged(RuntimeError):
    """The file is not, or no longer, what `tutelage backup` wrote."""


class Refused(RuntimeError):
    """Something stands in the way; the text says what, and the way out. Nothing was changed."""


class Sealed(NamedTuple):
    """What a member has to be, to the byte."""

    size: int
    sha256: str


class Table(NamedTuple):
    """All rows of a table: how many, and the sum of their hashes, whatever their order."""

    rows: int
    checksum: str


class Manifest(BaseModel, frozen=True):
    """What was saved. It is written last: a file that has none is not whole."""

    format: Literal[1] = 1
    version: str
    made_at: str
    server: str
    migrations: list[tuple[str, str]]
    tables: dict[str, Table]
    members: dict[str, Sealed]


class Writing:
    """A backup while it is written. Each member is hashed as it goes by."""

    def __init__(self, file: ZipFile) -> None:
        self._zip = file
        self.members: dict[str, Sealed] = {}

    def add(self, name: str, source: IO[bytes], seen: Callable[[int], None]) -> None:
        digest, size = sha256(), 0
        with self._zip.open(name, "w", force_zip64=True) as member:
            while block := source.read(BLOCK):
                member.write(block)
                digest.update(block)
                size += len(block)
                seen(len(block))
        self.members[name] = Sealed(size, digest.hexdigest())

    def seal(self, manifest: Manifest) -> None:
        self._zip.writestr(MANIFEST, manifest.model_dump_json(indent=2))


@contextmanager
def writing(path: Path) -> Iterator[Writing]:
    """Write under another name, for the owner alone; the file appears whole or not at all."""
    draft = path.with_name(f".{path.name}.{token_hex(4)}.part")
    descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=4) as zip_file:
                yield Writing(zip_file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name is as durable as what it stands for
    finally:
        os.close(folder)


@contextmanager
def reading(path: Path) -> Iterator[tuple[ZipFile, Manifest]]:
    """Open a backup.

    Raises:
        Damaged: it cannot be read, also where that is only noticed while it is read.
    """
    try:
        with ZipFile(path) as file:
            manifest = Manifest.model_validate_json(file.read(MANIFEST))
            yield file, manifest
    except ValidationError:
        raise Damaged(f"{path} is no backup that this release can read.") from None
    except _DAMAGE as error:
        raise Damaged(f"{path} is damaged or cut short: {error}") from None


def verify(file: ZipFile, manifest: Manifest, seen: Callable[[int], None]) -> None:
    """Read everything once, before anything is written because of it.

    Raises:
        Damaged: a byte of it is not what it was.
    """
    names = [name for name in file.namelist() if name != MANIFEST]
    if sorted(names) != sorted(manifest.members) or DUMP not in names:
        raise Damaged("The backup does not hold what its manifest names.")
    for name, sealed in manifest.members.items():
        if _sealed(file, name, seen) != sealed:
            raise Damaged(f"{name} in the backup is not what it was when it was written.")


def _sealed(file: ZipFile, name: str, seen: Callable[[int], None]) -> Sealed:
    digest, size = sha256(), 0
    with file.open(name) as member:
        while block := member.read(BLOCK):
            digest.update(block)
            size += len(block)
            seen(len(block))
    return Sealed(size, digest.hexdigest())


def unpack_files(file: ZipFile, folder: Path) -> int:
    """Write the files of people into an empty folder and say how many they were."""
    names = [name for name in file.namelist() if name.startswith(FILES)]
    for name in names:
        parts = PurePosixPath(name).parts[1:]
        if ".." in parts or not parts:
            raise Damaged(f"{name} would be written somewhere else.")
        path = folder.joinpath(*parts)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with file.open(name) as member, path.open("xb") as target:
            shutil.copyfileobj(member, target, BLOCK)
        path.chmod(0o600)
    return len(names)
