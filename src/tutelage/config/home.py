"""What stands where in TUTELAGE_HOME. Plain Python: the supervisor reads it without Django."""

from dataclasses import dataclass
from pathlib import Path

DATABASE = "tutelage"
SOCKET_NAME = ".s.PGSQL.5432"
# A socket's address holds 107 bytes; PostgreSQL writes a lock file with a longer name beside it.
LONGEST_SOCKET_PATH = 100


@dataclass(frozen=True)
class Home:
    """The one folder of an installation. All that is in it is its owner's alone."""

    path: Path

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    @property
    def erased(self) -> Path:
        """Who is to stay forgotten when a backup comes back: marks, which say nobody's name."""
        return self.path / "erased"

    @property
    def cluster(self) -> Path:
        return self.path / "database"

    @property
    def running(self) -> Path:
        """Locks, and the socket of the embedded database."""
        return self.path / "run"

    @property
    def socket_note(self) -> Path:
        """Says where the socket is when the path of this folder is too long for one."""
        return self.running / "socket"

    @property
    def static(self) -> Path:
        return self.path / "static"

    @property
    def files(self) -> Path:
        return self.path / "files"

    @property
    def mails(self) -> Path:
        return self.path / "mails"

    def has_room_for_socket(self) -> bool:
        return len(bytes(self.running / SOCKET_NAME)) <= LONGEST_SOCKET_PATH

    def socket_folder(self) -> Path:
        """Where the embedded database listens, as far as it has been decided."""
        if self.has_room_for_socket() or not self.socket_note.exists():
            return self.running
        return Path(self.socket_note.read_text().strip())

    def embedded_database_url(self) -> str:
        return f"host='{self.socket_folder()}' user={DATABASE} dbname={DATABASE}"

    def make(self) -> None:
        for folder in (self.path, self.keys, self.running):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
