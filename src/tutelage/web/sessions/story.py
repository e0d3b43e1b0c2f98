"""What happened to a session, told from the journal: what, by whom, when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from tutelage.core.events import Event
from tutelage.domain.feedback.events import FeedbackGiven, FeedbackOpened
from tutelage.domain.imports.events import SessionImported
from tutelage.domain.logs import events as logs
from tutelage.domain.meetings import events as meetings
from tutelage.domain.scheduling import events as scheduling
from tutelage.domain.sessions import events as sessions
from tutelage.web import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tutelage.domain.journal.models import Entry
    from tutelage.domain.people.models import User

Payload = Mapping[str, Any]
Tell = Callable[[Payload], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Happening:
    title: str
    detail: str
    by: str
    at: datetime


def _said(title: Callable[[], str], detail: Callable[[Payload], str] = lambda _p: "") -> Tell:
    return lambda payload: (title(), detail(payload))


def _when(payload: Payload) -> str:
    return _("for %(when)s") % {"when": _moment(payload["starts_at"])}


def _move(payload: Payload) -> str:
    return _("from %(before)s to %(after)s") % {
        "before": _moment(payload["from_starts_at"]),
        "after": _moment(payload["starts_at"]),
    }


def _moment(instant: str) -> str:
    return words.moment(datetime.fromisoformat(instant))


def _late(payload: Payload) -> str:
    return _("inside the notice period") if payload["late"] else ""


def _logged_late(payload: Payload) -> str:
    return _("logged late") if payload["logged_late"] else ""


def _correction(payload: Payload) -> str:
    return _("from %(before)s to %(after)s") % {
        "before": str(words.STATUSES[payload["from_status"]].word).lower(),
        "after": str(words.STATUSES[payload["status"]].word).lower(),
    }


def _link(payload: Payload) -> str:
    return _("to the backup link") if payload["active"] == "backup" else _("to the usual link")


def _way(payload: Payload) -> str:
    return _("by the personal link, not logged in") if payload["source"] == "link" else ""


_TELL: Final[Mapping[type[Event], Tell]] = {
    sessions.SessionRequested: _said(lambda: _("Asked"), _when),
    sessions.SessionScheduled: _said(lambda: _("Scheduled"), _when),
    sessions.SessionRescheduled: _said(lambda: _("Moved"), _move),
    sessions.SessionStarted: _said(lambda: _("Started")),
    sessions.SessionJoined: _said(lambda: _("Joined"), _way),
    sessions.SessionRenamed: _said(lambda: _("Renamed")),
    sessions.SessionCompleted: _said(lambda: _("Completed"), _logged_late),
    sessions.SessionCancelled: _said(lambda: _("Cancelled"), _late),
    scheduling.SessionReinstated: _said(lambda: _("Stands again"), _when),
    sessions.SessionDeclined: _said(lambda: _("Declined")),
    sessions.SessionWithdrawn: _said(lambda: _("Taken back")),
    sessions.SessionExpired: _said(lambda: _("Run out, nobody answered in time")),
    sessions.SessionNoShow: _said(lambda: _("No-show")),
    sessions.SessionCorrected: _said(lambda: _("Corrected"), _correction),
    sessions.MissedAnswered: _said(lambda: _("Said what happened")),
    sessions.LogChanged: _said(lambda: _("Log changed")),
    logs.StepTicked: lambda payload: (
        _("Next step ticked") if payload["done"] else _("Next step opened again"),
        "",
    ),
    sessions.SessionArchived: _said(lambda: _("Archived")),
    scheduling.SessionCountered: _said(lambda: _("Another time offered"), _when),
    scheduling.SessionRezoned: _said(lambda: _("Clock rules changed"), _move),
    scheduling.MoveOffered: _said(lambda: _("Move offered"), _when),
    scheduling.MoveDeclined: _said(lambda: _("Move declined"), _when),
    scheduling.MoveWithdrawn: _said(lambda: _("Offer to move taken back"), _when),
    scheduling.MoveExpired: _said(lambda: _("Offer to move run out"), _when),
    meetings.MeetingChanged: _said(lambda: _("Meeting link changed")),
    meetings.MeetingSwitched: _said(lambda: _("Meeting link switched"), _link),
    SessionImported: _said(lambda: _("Imported")),
    FeedbackGiven: _said(lambda: _("Rated")),
    FeedbackOpened: _said(lambda: _("Ratings opened, both sides have rated")),
}
TOLD: Final = frozenset(_TELL)
_BY_TYPE: Final = {event.type: tell for event, tell in _TELL.items()}


def tell(
    entries: "Sequence[Entry]", names: Mapping[int, "User"], reader: "User"
) -> list[Happening]:
    """Each entry in words; a kind that has none is left out."""
    return [
        Happening(*_BY_TYPE[entry.type](entry.payload), _who(entry, names, reader), entry.at)
        for entry in entries
        if entry.type in _BY_TYPE
    ]


def _who(entry: "Entry", names: Mapping[int, "User"], reader: "User") -> str:
    if entry.actor_id is None:
        return ""
    if entry.actor_id == reader.pk:
        return _("by you")
    person = names.get(entry.actor_id)
    return _("by %(name)s") % {"name": words.first_name(person.name)} if person else ""
