"""Every way there is to take an hour of somebody's time, by API, page and import.

A way is made ready for an hour, which may take some steps, and then runs as one request.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import httpx
from tests.races.rivals import WON, Attempt, Browser, program_of, said_by_api, said_by_page, timed

from tutelage.domain.imports.models import ImportBatch, ImportRow
from tutelage.domain.imports.services.running import advance_import, start_import
from tutelage.domain.imports.tests.builders import make_file, stage
from tutelage.domain.people.models import User
from tutelage.domain.people.tests.builders import make_admin
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.services.cancelling import cancel_session
from tutelage.domain.scheduling.tests.builders import (
    make_agreed,
    make_request,
    open_hours,
    whole_hour,
)
from tutelage.domain.sessions.models import Session

_FIRST_SPARE: Final = 60


@dataclass
class Ground:
    """Three people, each the mentor of both others, and who looks after them.

    Every two pairs share somebody: as the mentor of both, as the mentee of both, or as each.
    The time of the first is booked outright, the others' is asked for.
    """

    addresses: list[str]
    pairs: list[Mentorship] = field(default_factory=list)
    admin: User = field(default_factory=make_admin)
    spared: int = 0
    _programs: dict[tuple[int, int], httpx.Client] = field(default_factory=dict)
    _browsers: dict[tuple[int, int], Browser] = field(default_factory=dict)

    def __post_init__(self) -> None:
        first = make_pair()
        third = make_pair(mentor=first.mentor)
        other = make_pair(mentor=first.mentee, mentee=third.mentee)
        self.pairs += [first, third, other, make_pair(mentor=third.mentee, mentee=first.mentor)]
        for number, mentor in enumerate((first.mentor, first.mentee, third.mentee)):
            open_hours(mentor, [(day, 0, 24) for day in range(7)], outright=number == 0)

    def spare(self) -> datetime:
        """An hour that nobody wants, for a session that is to be moved: there are thousands."""
        self.spared += 1
        return whole_hour(days=_FIRST_SPARE) + timedelta(hours=self.spared)

    def close(self) -> None:
        for client in self._programs.values():
            client.close()
        for browser in self._browsers.values():
            browser.client.close()


@dataclass
class Seat:
    """A rival's own place: connections to one of the servers, and a pair."""

    ground: Ground
    number: int

    @property
    def pair(self) -> Mentorship:
        return self.ground.pairs[self.number % len(self.ground.pairs)]

    @property
    def _address(self) -> str:
        return self.ground.addresses[self.number % len(self.ground.addresses)]

    def program(self, person: User) -> httpx.Client:
        programs, key = self.ground._programs, (self.number, person.pk)
        if key not in programs:
            programs[key] = program_of(self._address, person)
        return programs[key]

    def browser(self, person: User) -> Browser:
        browsers, key = self.ground._browsers, (self.number, person.pk)
        if key not in browsers:
            browsers[key] = Browser(self._address, person)
        return browsers[key]


Way = Callable[[str, Seat, datetime], Attempt]


def _local(start: datetime) -> dict[str, str]:
    return {"local_start": f"{start:%Y-%m-%dT%H:%M}", "zone": "UTC"}


def _typed(start: datetime) -> dict[str, str]:
    fields = {"day": f"{start:%Y-%m-%d}", "hour": f"{start:%H:%M}", "zone": "UTC"}
    return fields | {"duration_minutes": "60"}


def _by_api(name: str, seat: Seat, person: User, path: str, body: dict[str, Any]) -> Attempt:
    client = seat.program(person)
    return lambda: timed(name, lambda: said_by_api(client.post(f"/api{path}", json=body)))


def _by_page(name: str, seat: Seat, person: User, path: str, form: dict[str, str]) -> Attempt:
    browser = seat.browser(person)
    return lambda: timed(name, lambda: said_by_page(browser.post(path, form)))


def ask(name: str, seat: Seat, start: datetime) -> Attempt:
    body = {"mentorship": str(seat.pair.program.uid), **_local(start)}
    return _by_api(name, seat, seat.pair.mentee, "/sessions", body)


def ask_on_page(name: str, seat: Seat, start: datetime) -> Attempt:
    path = f"/mentorships/{seat.pair.program.uid}/ask"
    return _by_page(name, seat, seat.pair.mentor, path, _typed(start))


def set_time(name: str, seat: Seat, start: datetime) -> Attempt:
    """An administrator asks nobody."""
    body = {"mentorship": str(seat.pair.program.uid), **_local(start)}
    return _by_api(name, seat, seat.ground.admin, "/sessions", body)


def book(name: str, seat: Seat, start: datetime) -> Attempt:
    """Outright, or asked for, as the mentor wants it."""
    path = f"/people/{seat.pair.mentor.uid}/bookings"
    return _by_api(name, seat, seat.pair.mentee, path, _local(start))


def book_on_page(name: str, seat: Seat, start: datetime) -> Attempt:
    path = f"/book/{seat.pair.mentor.uid}"
    form = {"local_start": f"{start:%Y-%m-%dT%H:%M}", "host_clocks": "UTC"}
    return _by_page(name, seat, seat.pair.mentee, path, form)


def offer_to_move(name: str, seat: Seat, start: datetime) -> Attempt:
    session = make_agreed(seat.pair, seat.ground.spare())
    body = {"action": "reschedule", **_local(start)}
    return _by_api(name, seat, seat.pair.mentee, f"/sessions/{session.pk}", body)


def offer_to_move_on_page(name: str, seat: Seat, start: datetime) -> Attempt:
    session = make_agreed(seat.pair, seat.ground.spare())
    path = f"/sessions/{session.pk}/reschedule"
    return _by_page(name, seat, seat.pair.mentor, path, _typed(start))


def move(name: str, seat: Seat, start: datetime) -> Attempt:
    """An administrator moves it at once."""
    session = make_agreed(seat.pair, seat.ground.spare())
    body = {"action": "reschedule", **_local(start)}
    return _by_api(name, seat, seat.ground.admin, f"/sessions/{session.pk}", body)


def counter(name: str, seat: Seat, start: datetime) -> Attempt:
    session = make_request(seat.pair, seat.ground.spare())
    body = {"action": "counter", **_local(start)}
    return _by_api(name, seat, seat.pair.mentor, f"/sessions/{session.pk}", body)


def counter_on_page(name: str, seat: Seat, start: datetime) -> Attempt:
    session = make_request(seat.pair, seat.ground.spare())
    path = f"/sessions/{session.pk}/counter"
    return _by_page(name, seat, seat.pair.mentor, path, _typed(start))


def reinstate(name: str, seat: Seat, start: datetime) -> Attempt:
    session = _called_off(seat.pair, start)
    return _by_api(name, seat, seat.pair.mentee, f"/sessions/{session.pk}", {"action": "reinstate"})


def reinstate_on_page(name: str, seat: Seat, start: datetime) -> Attempt:
    session = _called_off(seat.pair, start)
    return _by_page(name, seat, seat.pair.mentee, f"/sessions/{session.pk}/reinstate", {})


def _called_off(pair: Mentorship, start: datetime) -> Session:
    session = make_agreed(pair, start)
    return cancel_session(actor=pair.mentee, session_id=session.pk, reason="Ill")


def bring_in(name: str, seat: Seat, start: datetime) -> Attempt:
    """A file of one row, staged and started; the worker's own service goes through it."""
    pair, admin = seat.pair, seat.ground.admin
    day, hour = f"{start:%Y-%m-%d}", f"{start:%H:%M}"
    content = make_file((pair.mentor.email, pair.mentee.email, day, hour, 60, "", ""))
    batch = stage(admin, content, usual_zone="UTC")
    start_import(actor=admin, batch_id=batch.uid)
    return lambda: timed(name, lambda: _said_by_import(batch))


def _said_by_import(batch: ImportBatch) -> str:
    while advance_import(batch.uid).goes_on:
        pass
    row = ImportRow.objects.get(batch=batch)
    fields = " ".join(named for named, _detail in row.errors)
    return WON if row.fate == "created" else f"{row.fate} at {fields}"


WAYS: Final[Mapping[str, Way]] = {
    "ask": ask,
    "ask on page": ask_on_page,
    "set": set_time,
    "book": book,
    "book on page": book_on_page,
    "offer to move": offer_to_move,
    "offer to move on page": offer_to_move_on_page,
    "move": move,
    "counter": counter,
    "counter on page": counter_on_page,
    "reinstate": reinstate,
    "reinstate on page": reinstate_on_page,
    "import": bring_in,
}
