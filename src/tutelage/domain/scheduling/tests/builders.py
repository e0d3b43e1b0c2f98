"""Asked-for times with one line each, by the services themselves."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from tutelage.core.clock import now
from tutelage.core.times import to_local
from tutelage.domain.people.models import User
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.inputs import AskForTime, SetAvailability
from tutelage.domain.scheduling.services.answering import accept_time
from tutelage.domain.scheduling.services.availability import set_availability
from tutelage.domain.scheduling.services.offering import ask_for_time
from tutelage.domain.sessions.models import Session


def whole_hour(**ahead: int) -> datetime:
    """A full hour some time from now."""
    return (now() + timedelta(**ahead)).replace(minute=0, second=0, microsecond=0)


def wish(
    pair: Mentorship, starts_at: datetime | None = None, *, zone: str = "UTC", minutes: int = 60
) -> AskForTime:
    starts_at = starts_at or whole_hour(days=2)
    return AskForTime(
        mentorship=pair.program.uid,
        local_start=to_local(starts_at, zone),
        zone=zone,
        duration_minutes=minutes,
    )


def make_request(
    pair: Mentorship, starts_at: datetime | None = None, *, by: User | None = None
) -> Session:
    return ask_for_time(actor=by or pair.mentee, given=wish(pair, starts_at))


def make_agreed(pair: Mentorship, starts_at: datetime | None = None) -> Session:
    session = make_request(pair, starts_at)
    return accept_time(actor=pair.mentor, session_id=session.pk).session


def open_hours(person: User, hours: Iterable[tuple[int, int, int]], **said: Any) -> None:
    """Weekday, first and last hour of each stretch; noticed at once unless said otherwise."""
    lines = [
        {"weekday": weekday, "starts": f"{starts:02}:00", "ends": f"{ends % 24:02}:00"}
        for weekday, starts, ends in hours
    ]
    usual = {"zone": person.own_zone, "min_notice_hours": 0, "hours": lines}
    set_availability(actor=person, given=SetAvailability.model_validate({**usual, **said}))


def make_bookable(hours: Iterable[tuple[int, int, int]], **said: Any) -> Mentorship:
    """A pair whose mentor can be booked."""
    pair = make_pair()
    open_hours(pair.mentor, hours, **said)
    return pair
