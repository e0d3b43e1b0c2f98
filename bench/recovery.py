"""What comes back after an end that nobody was told of: the database, and what was written."""

import os
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

import msgspec

from bench.serving import Answer, Client, Request
from tutelage.config.home import Home
from tutelage.ops.database import Database
from tutelage.ops.demo_people import INGRID

SLOT: Final = timedelta(minutes=15)
PATIENCE_SECONDS: Final = 60


def restart_database(folder: Path, times: int) -> list[float]:
    """Ended in order and started, until it answers."""
    seconds, database = [], Database(Home(folder))
    database.start()
    _await(database)
    for _ in range(times):
        began = time.monotonic()
        database.stop()
        database.start()
        _await(database)
        seconds.append(time.monotonic() - began)
    database.stop()
    return seconds


def _await(database: Database) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not database.is_ready():
        if time.monotonic() > until or not database.is_running():
            raise RuntimeError(f"The database did not start:\n{database.last_words()}")
        time.sleep(0.005)


class Booker:
    """Sets one time after the other for a pair of the demo, and remembers what was acknowledged."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.acknowledged: list[str] = []
        self._start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        self._start += timedelta(days=60)
        self._headers: dict[str, str] = {}
        self._stopped = Event()
        self._thread: Thread | None = None

    def begin(self, port: int) -> None:
        """Go on until stopped, or until the server is gone."""
        self._headers = self._headers or {"Authorization": f"Bearer {self._token()}"}
        with closing(Client(port)) as client:
            pairs = _read(client.ask(Request("/api/mentorships?status=active", self._headers)))
        self._stopped.clear()
        pair = pairs["mentorships"][0]["id"]
        self._thread = Thread(target=self._book, args=(port, pair), daemon=True)
        self._thread.start()

    def wait_for(self, number: int) -> None:
        """Until so many more are acknowledged."""
        wanted, until = len(self.acknowledged) + number, time.monotonic() + PATIENCE_SECONDS
        while len(self.acknowledged) < wanted:
            if time.monotonic() > until:
                raise RuntimeError("Nothing was acknowledged.")
            time.sleep(0.005)

    def stop(self) -> None:
        self._stopped.set()
        if self._thread:
            self._thread.join()

    def count_lost(self, port: int) -> int:
        with closing(Client(port)) as client:
            asked = [Request(f"/api/sessions/{key}", self._headers) for key in self.acknowledged]
            return sum(not client.ask(each).is_success for each in asked)

    def _book(self, port: int, pair: str) -> None:
        try:
            with closing(Client(port)) as client:
                while not self._stopped.is_set():
                    answer = client.ask(self._request(pair))
                    self.acknowledged.append(_read(answer)["id"])
        except OSError:
            return  # it was killed

    def _request(self, pair: str) -> Request:
        self._start += SLOT
        body = {
            "mentorship": pair,
            "local_start": f"{self._start:%Y-%m-%dT%H:%M}",
            "zone": "UTC",
            "duration_minutes": 15,
        }
        return Request("/api/sessions", self._headers, msgspec.json.encode(body))

    def _token(self) -> str:
        """Of who coordinates the demo: what she books stands at once."""
        kept = {name: text for name, text in os.environ.items() if name != "DATABASE_URL"}
        return subprocess.run(
            [sys.executable, "-m", "tutelage", "token", INGRID.email, "--scope=write"],
            env={**kept, "TUTELAGE_HOME": str(self.home)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()


def _read(answer: Answer) -> Any:
    if not answer.is_success:
        raise RuntimeError(f"Refused: {answer.status} {answer.body[:500]!r}")
    return msgspec.json.decode(answer.body)
