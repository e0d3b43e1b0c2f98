"""The whole installation, PostgreSQL included, on a clock that passes where clocks are odd.

`tutelage up` runs on a false clock from ten minutes before to ten minutes after. What is planned by
API is reminded of by mail: each once, an hour before, with the hour of its reader's clock.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import httpx
import psycopg
import pytest
from aiosmtpd.controller import Controller
from tests.clocks.false_clock import FalseClock, library
from tests.clocks.reminders import Due, Sent, faults
from tests.crash.installation import client_of, make_pair

from tutelage.config.home import Home
from tutelage.core.tests.ports import free_port
from tutelage.domain.notifications.tests.conftest import Sink
from tutelage.ops.tests.stack import Stack

SPEED: Final = 40.0
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
# Sweeps that plan and send stand two and thirty seconds apart by the clock on the wall. The rest
# is what a busy machine may take for a mail, 20 seconds, by a clock that goes so much faster.
LATE: Final = timedelta(seconds=2 + 30 + 20 * SPEED)
DUE: Final = [each * MINUTE for each in (-10, -5, -1, 0, 1, 5, 10)]
NOT_YET: Final = 30 * MINUTE
MENTEES_ZONE: Final = "Asia/Kathmandu"


class Moment(NamedTuple):
    at: datetime
    zone: str


ALL: Final = {
    "back": Moment(datetime(2027, 10, 31, 1, tzinfo=UTC), "Europe/Berlin"),
    "forward": Moment(datetime(2027, 3, 28, 1, tzinfo=UTC), "Europe/Berlin"),
    "leap day": Moment(datetime(2028, 2, 29, tzinfo=UTC), "UTC"),
    "New Year": Moment(datetime(2027, 12, 31, 11, tzinfo=UTC), "Pacific/Auckland"),
    "32 bits of seconds": Moment(datetime(2038, 1, 19, 3, 14, tzinfo=UTC), "America/St_Johns"),
}
DEEP: Final = bool(os.environ.get("DEEP"))
MOMENTS: Final = ALL if DEEP else {"back": ALL["back"]}
needs_library = pytest.mark.skipif(
    library() is None and not os.environ.get("CI"),
    reason="no libfaketime here: install `faketime`, or name the library by LIBFAKETIME",
)


class TimedSink(Sink):
    """Notes when each mail came, by the clock that is moved."""

    def __init__(self, clock: FalseClock) -> None:
        super().__init__()
        self.clock = clock
        self.sent: list[Sent] = []

    def handle_message(self, message: Any) -> None:
        super().handle_message(message)
        subject = " ".join(message["Subject"].split())
        dated = parsedate_to_datetime(message["Date"]).replace(tzinfo=UTC)  # it says -0000
        self.sent.append(Sent(message["To"], self.clock.now(), subject, dated))


class World(NamedTuple):
    clock: FalseClock
    stack: Stack
    sink: TimedSink
    client: httpx.Client

    def tell_zones(self, mentors: str) -> None:
        """People's own choice, which for each would be a login more."""
        with self.database() as rows:
            rows.execute("UPDATE person SET zone = %s WHERE email LIKE 'mentor%%'", [mentors])
            rows.execute("UPDATE person SET zone = %s WHERE email LIKE 'mentee%%'", [MENTEES_ZONE])

    def database(self) -> "psycopg.Connection[Any]":
        return psycopg.connect(Home(self.stack.home).embedded_database_url(), autocommit=True)

    def wait_for(self, count: int) -> None:
        """Until so many mails have come; whether they have, the comparison says."""
        until = time.monotonic() + 60
        while len(self.sink.sent) < count and time.monotonic() < until:
            time.sleep(0.05)


@contextmanager
def world(folder: Path, at: datetime, **more: str) -> Iterator[World]:
    assert library(), "There is no libfaketime, and CI demands it."
    clock = FalseClock(folder, at)
    sink = TimedSink(clock)
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    mail = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(controller.port), "SMTP_SECURITY": "none"}
    stack = Stack(folder / "home", variables={**mail, **clock.variables(SPEED), **more})
    try:
        stack.start()
        with client_of(stack.port, {**stack.settings, **stack.variables}) as client:
            yield World(clock, stack, sink, client)
    finally:
        if stack.is_running():
            stack.stop()
        controller.stop()


def plan(world: World, moment: Moment) -> list[Due]:
    """A pair for each reminder, whose session begins an hour after it; the last is not due yet."""
    planned = []
    for number, after in enumerate([*DUE, NOT_YET]):
        start = moment.at + after + HOUR
        slot = {"local_start": f"{start:%Y-%m-%dT%H:%M}", "zone": "UTC", "duration_minutes": 30}
        pair = make_pair(world.client, number)
        world.client.post("/api/sessions", json={"mentorship": pair, **slot}).raise_for_status()
        for side, zone in (("mentor", moment.zone), ("mentee", MENTEES_ZONE)):
            hour = f"{start.astimezone(ZoneInfo(zone)):%H:%M}"
            planned.append(Due(f"{side}{number}@example.org", moment.at + after, hour))
    world.tell_zones(moment.zone)
    world.wait_for(len(planned))  # each is told that it stands
    world.sink.sent.clear()
    return [due for due in planned if due.at <= moment.at + DUE[-1]]


def apart(world: World) -> dict[str, timedelta]:
    """How far web and database are from the clock that they are to read."""
    told = parsedate_to_datetime(world.client.get("/healthz").headers["Date"])
    web = abs(told - world.clock.now())
    with world.database() as rows:
        [(instant,)] = rows.execute("SELECT clock_timestamp()").fetchall()
    return {"web": web, "database": abs(instant - world.clock.now())}


def pass_by(world: World, moment: Moment) -> None:
    """Quickly to where the first is due, and then on to where the last one was."""
    world.clock.run_to(moment.at + DUE[0] - MINUTE, SPEED * 10)
    assert world.sink.sent == []
    world.clock.run_to(moment.at + DUE[-1] + MINUTE, SPEED)


@needs_library
@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_every_reminder_comes_once_and_in_time(moment: Moment, tmp_path: Path) -> None:
    with world(tmp_path, moment.at - 30 * MINUTE) as here:
        due = plan(here, moment)
        assert max(apart(here).values()) < timedelta(seconds=5)

        pass_by(here, moment)
        here.wait_for(len(due))

        assert faults(due, here.sink.sent, LATE) == []
        assert all(each.at - each.dated < LATE for each in here.sink.sent), "The worker's clock."
        an_hour_off = [each._replace(at=each.at - HOUR) for each in due]
        assert len(faults(an_hour_off, here.sink.sent, LATE)) == len(due)


@needs_library
@pytest.mark.skipif(not DEEP, reason="a control, which takes a minute: DEEP=1 runs it")
def test_a_worker_that_goes_by_the_wall_clock_would_be_found(tmp_path: Path) -> None:
    """In the hour that comes twice it believes to be in the first of both."""
    moment = ALL["back"]
    with world(tmp_path, moment.at - 30 * MINUTE, GOES_BY=moment.zone) as here:
        due = plan(here, moment)

        pass_by(here, moment)

        found = faults(due, here.sink.sent, LATE)
        assert {f"{each.to}: 0 reminders" for each in due if each.at >= moment.at} <= {*found}


MOMENT: Final = ALL["back"].at
ONE: Final = Due("bo@example.org", MOMENT, "03:00")
RIGHT: Final = Sent(ONE.to, MOMENT + MINUTE, "Soon: Al, 31 October 2027, 03:00 (Berlin)", MOMENT)
WRONG: Final = {
    "lost": [],
    "twice": [RIGHT, RIGHT],
    "by the first of two times": [RIGHT._replace(at=RIGHT.at - HOUR)],
    "by the second of two times": [RIGHT._replace(at=RIGHT.at + HOUR)],
    "a second too early": [RIGHT._replace(at=MOMENT - timedelta(seconds=1))],
    "another hour": [RIGHT._replace(subject="Soon: Al, 31 October 2027, 02:00 (Berlin)")],
    "somebody else's, too": [RIGHT, RIGHT._replace(to="al@example.org")],
}


def test_what_is_right_passes() -> None:
    assert faults([ONE], [RIGHT], LATE) == []


@pytest.mark.parametrize("sent", WRONG.values(), ids=WRONG)
def test_a_reminder_that_is_not_right_would_be_found(sent: list[Sent]) -> None:
    assert len(faults([ONE], sent, LATE)) == 1
