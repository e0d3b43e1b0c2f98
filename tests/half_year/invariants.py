"""What has to be true of the database after every single step, whatever was done."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from tests.half_year.programme import Person, Programme

from tutelage.core.clock import now
from tutelage.domain.feedback.models import Rating
from tutelage.domain.scheduling.models import Reservation
from tutelage.domain.sessions.models import Session

OVERLAPS = """
    SELECT count(*) FROM reservation a JOIN reservation b
    ON a.person_id = b.person_id AND a.id < b.id AND a.during && b.during
    WHERE coalesce(a.expires_at, 'infinity') > %s AND coalesce(b.expires_at, 'infinity') > %s
"""


def check(programme: Programme) -> None:
    """Compare the rows with the model, and with each other."""
    _same_statuses(programme)
    _nobody_is_in_two_places()
    _time_is_held_where_the_model_says(programme)


def check_each_session() -> None:
    """What has to be true of every single session; slower, so once a day."""
    for session in Session.objects.select_related("log"):
        _is_sound(session)


def _same_statuses(programme: Programme) -> None:
    expected = {meeting.id: meeting.status for meeting in programme.meetings}
    rows = Session.objects.values_list("pk", "status")
    assert {str(key): status for key, status in rows} == expected


def _nobody_is_in_two_places() -> None:
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS, [now(), now()])
        assert cursor.fetchone() == (0,)


def _time_is_held_where_the_model_says(programme: Programme) -> None:
    """The stretches of each session, joined; what ran out may still stand, but does not count."""
    at = now()
    held: dict[str, timedelta] = {}
    for row in Reservation.objects.all():
        if row.expires_at is None or row.expires_at > at:
            length = row.during.upper - row.during.lower
            held[str(row.session_id)] = held.get(str(row.session_id), timedelta()) + length
    expected = {}
    for meeting in programme.meetings:
        times = meeting.times(at)
        if times:
            expected[meeting.id] = 2 * _covered(times)
    assert held == expected


def _covered(times: Iterable[tuple[datetime, datetime]]) -> timedelta:
    """How much time the stretches cover together; two of them may overlap."""
    total, reach = timedelta(), datetime.min.replace(tzinfo=UTC)
    for start, end in sorted(times):
        total += max(end - max(start, reach), timedelta())
        reach = max(end, reach)
    return total


def _is_sound(session: Session) -> None:
    wall = session.starts_at.astimezone(ZoneInfo(session.zone)).replace(tzinfo=None)
    assert wall == session.local_start, "the clock of its zone shows what was chosen"
    if session.status == "completed":
        assert session.started_at is not None
        assert session.ended_at is not None
        assert session.started_at <= session.ended_at
        assert session.log.outcomes


def check_what_each_sees(programme: Programme, reader: Person) -> None:
    """The list of a person, page after page, is exactly what they take part in."""
    seen: list[str] = []
    cursor = ""
    while True:
        page = reader.client.send("get", f"/sessions?limit=50{cursor}").json()
        seen += [row["id"] for row in page["sessions"]]
        if not page["pagination"]["has_more"]:
            break
        cursor = f"&cursor={page['pagination']['next_cursor']}"
    own = [m.id for m in programme.meetings if reader in m.pair.sides]
    assert sorted(seen) == sorted(own)
    assert page["pagination"]["total"] == len(own)


def check_ratings(programme: Programme) -> None:
    """What the model was told was given is there, and open when both gave or a week passed."""
    rows = Rating.objects.select_related("author")
    stored = {(str(row.session_id), row.author.email): row.stars for row in rows}
    given = {(m.id, who): stars for m in programme.meetings for who, stars in m.rated.items()}
    assert stored == given
    both = {m.id for m in programme.meetings if len(m.rated) > 1}
    for row in rows:
        week_over = now() - row.given_at >= timedelta(days=7)
        assert row.is_open(now()) == (str(row.session_id) in both or week_over)
