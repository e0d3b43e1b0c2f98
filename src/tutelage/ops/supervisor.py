"""Keeps database, web and worker running: the process behind `tutelage up`.

It takes only the standard library, so that what is always there stays small; the command line
checks the settings and then becomes this process.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Never

from tutelage.config.home import Home
from tutelage.ops.children import Child, how_ended
from tutelage.ops.database import Database
from tutelage.ops.entrance import CannotStart, answers, claim_home, claim_port
from tutelage.ops.gate import Gate
from tutelage.ops.kept_database import KeptDatabase
from tutelage.ops.postgres import CannotRun

LISTENER_VARIABLE: Final = "TUTELAGE_LISTENER"
# Together with ending the database, all is over within ten seconds.
CHILDREN_GRACE_SECONDS: Final = 6.0
DATABASE_START_SECONDS: Final = 60.0
# As long as the web process of a supervisor that was killed may keep the port.
PORT_PATIENCE_SECONDS: Final = 3.0


class Stopped(Exception):
    """Somebody asked for the end."""


@dataclass(frozen=True)
class Plan:
    """What the command line read from the settings."""

    home: str
    host: str
    port: int
    address: str
    owns_database: bool
    with_demo: bool

    def become(self) -> Never:
        """Replace this process by the supervisor."""
        command = [sys.executable, "-m", "tutelage.ops.supervisor", json.dumps(asdict(self))]
        os.execv(sys.executable, command)  # noqa: S606  # no shell is wanted


class Supervisor:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        home = Home(Path(plan.home))
        self.home = home
        self.database = KeptDatabase(Database(home)) if plan.owns_database else None
        # Only this process has the writing end: that it closes tells the children.
        self.lifeline, self._never_written = os.pipe()
        self.children: list[Child] = []
        self.listener: socket.socket | None = None
        self.news = ""
        self.is_announced = False
        self.asked_to_stop = False
        self._bell, self._ringer = socket.socketpair()

    def run(self) -> int:
        self._listen_to_signals()
        try:
            claim_home(self.home)
            self._take_port()
            self._start()
            self._keep()
        except Stopped:
            return 0
        except CannotStart as error:
            say(str(error))
            return error.code
        finally:
            self._stop()

    def _listen_to_signals(self) -> None:
        self._ringer.setblocking(False)
        signal.set_wakeup_fd(self._ringer.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask_to_stop)

    def _ask_to_stop(self, *_: object) -> None:
        self.asked_to_stop = True

    def _wait(self, seconds: float) -> None:
        """Sleep that long, or until a child ended or a signal came."""
        if not self.asked_to_stop and select.select([self._bell], [], [], seconds)[0]:
            self._bell.recv(4096)
        if self.asked_to_stop:
            raise Stopped

    def _take_port(self) -> None:
        until = time.monotonic() + PORT_PATIENCE_SECONDS
        while self.listener is None:
            try:
                self.listener = claim_port(self.plan.host, self.plan.port)
            except CannotStart:
                if time.monotonic() > until:
                    raise
                self._wait(0.1)

    def _start(self) -> None:
        """Database, then what prepares it, then web: each loads while the one before gets ready."""
        prepare = Child("prepare", self.lifeline, ["--demo"] if self.plan.with_demo else [], Gate())
        port = self.listener.fileno() if self.listener else -1
        web = Child("web", self.lifeline, (), Gate(), {LISTENER_VARIABLE: str(port)}, [port])
        self._start_database()
        self.children = [prepare, web]
        process = prepare.start(output=subprocess.PIPE)
        web.start()
        self._await_database()
        prepare.let_go_on()
        while prepare.is_running():
            self._wait(0.5)
        if process.returncode != 0:
            raise CannotStart(f"Preparing the database {how_ended(process)}.")
        self.news = process.stdout.read().strip() if process.stdout else ""
        web.let_go_on()
        self.children = [web, Child("worker", self.lifeline)]

    def _start_database(self) -> None:
        if self.database is None:
            return
        try:
            self.database.start()
        except CannotRun as error:
            raise CannotStart(str(error)) from None

    def _await_database(self) -> None:
        if self.database is None:
            return
        server = self.database.database
        until = time.monotonic() + DATABASE_START_SECONDS
        while not server.is_ready():
            if not server.is_running() or time.monotonic() > until:
                raise CannotStart(f"The database did not start:\n{server.last_words()}")
            self._wait(0.02)

    def _keep(self) -> Never:
        while True:
            if self.database is not None:
                self.database.keep(say)
            has_database = self.database is None or self.database.is_ready
            for child in self.children:
                # One that ended is not started while there is no database to work with.
                if has_database or child.is_running():
                    child.keep(say)
            if not self.is_announced:
                self._announce()
            self._wait(0.2 if has_database and self.is_announced else 0.05)

    def _announce(self) -> None:
        """Say where to look, once somebody who looks there would see something."""
        if answers(self.plan.host, self.plan.port):
            say(f"\nTutelage is up: {self.plan.address}")
            say(f"{self.news}\nStop it with Ctrl-C.".lstrip())
            self.is_announced = True

    def _stop(self) -> None:
        if self.listener is not None:
            self.listener.close()
        for child in self.children:
            child.ask_to_end()
        until = time.monotonic() + CHILDREN_GRACE_SECONDS
        for child in self.children:
            child.end(until)
        if self.database is not None:
            self.database.stop()


def say(text: str) -> None:
    """Tell whoever started it. A terminal that has gone away is no reason to stop."""
    with suppress(OSError):
        print(text, flush=True)  # noqa: T201  # this process has no other voice


if __name__ == "__main__":
    sys.exit(Supervisor(Plan(**json.loads(sys.argv[1]))).run())
