"""The life of a session: which action leads from which status to which.

What depends on more than the status (kind, time, reason, person) is asked by the services.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutelage.core.errors import Conflict


class Kind(TextChoices):
    MENTORSHIP = "mentorship", gettext_lazy("Mentorship")
    LIVE = "live", gettext_lazy("Live session")
    TUTORING = "tutoring", gettext_lazy("Tutoring")
    WORK = "work", gettext_lazy("Work session")


class Status(TextChoices):
    DRAFT = "draft", gettext_lazy("Draft")
    REQUESTED = "requested", gettext_lazy("Requested")
    SCHEDULED = "scheduled", gettext_lazy("Scheduled")
    LIVE = "live", gettext_lazy("Live now")
    PAUSED = "paused", gettext_lazy("Paused")
    COMPLETED = "completed", gettext_lazy("Completed")
    CANCELLED = "cancelled", gettext_lazy("Cancelled")
    DECLINED = "declined", gettext_lazy("Declined")
    NO_SHOW = "no_show", gettext_lazy("No-show")


class Party(TextChoices):
    """Whose doing an ending was, or whom a session missed."""

    HOST = "host", gettext_lazy("host")
    PARTICIPANT = "participant", gettext_lazy("participant")
    BOTH = "both", gettext_lazy("both")
    ADMIN = "admin", gettext_lazy("administrator")


class Told(TextChoices):
    """What a side says became of a session that nobody logged."""

    HAPPENED = "happened", gettext_lazy("It happened")
    NO_SHOW = "no_show", gettext_lazy("Somebody did not come")
    CALLED_OFF = "called_off", gettext_lazy("It was called off")


class ParticipantRole(TextChoices):
    HOST = "host", gettext_lazy("Host")
    CO_HOST = "co_host", gettext_lazy("Co-host")
    GUEST = "guest", gettext_lazy("Guest")
    OBSERVER = "observer", gettext_lazy("Observer")


class Action(StrEnum):
    SCHEDULE = "schedule"
    REQUEST = "request"
    COUNTER = "counter"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"
    START = "start"
    UNDO_START = "undo_start"
    RESCHEDULE = "reschedule"
    PAUSE = "pause"
    RESUME = "resume"
    COMPLETE = "complete"
    CANCEL = "cancel"
    REINSTATE = "reinstate"
    MARK_NO_SHOW = "mark_no_show"
    CORRECT = "correct"
    REOPEN = "reopen"


_S, _A = Status, Action
ARCHIVABLE: Final = (_S.DRAFT, _S.COMPLETED, _S.CANCELLED, _S.DECLINED, _S.NO_SHOW)
OTHER_WORDS: Final = {"upcoming": _S.SCHEDULED, "active": _S.LIVE, "no-show": _S.NO_SHOW}

AGREED: Final = (_S.SCHEDULED, _S.LIVE, _S.PAUSED)
OPEN: Final = (_S.REQUESTED, *AGREED)
UNRESOLVED: Final = (_S.SCHEDULED, _S.LIVE)  # if that is what they are once they are over
ABSENT: Final = (Party.HOST, Party.PARTICIPANT, Party.BOTH)  # whom a session can have missed
NOT_HELD: Final = (_S.CANCELLED, _S.DECLINED, _S.NO_SHOW)

SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=12)
DOOR_OPENS = timedelta(minutes=15)  # before the start; until then the meeting link is nobody's
UNRESOLVED_AFTER = timedelta(minutes=15)  # past the end, and still scheduled
NOTICE = timedelta(hours=24)  # who cancels with less is late
LOGGED_LATE_AFTER = timedelta(hours=24)  # past the planned end

OUTCOMES: Final = (_S.COMPLETED, _S.CANCELLED, _S.NO_SHOW)
TRANSITIONS: Final = (
    (_S.DRAFT, _A.SCHEDULE, _S.SCHEDULED),
    (_S.DRAFT, _A.START, _S.LIVE),  # work sessions
    (_S.DRAFT, _A.REQUEST, _S.REQUESTED),
    (_S.REQUESTED, _A.COUNTER, _S.REQUESTED),
    (_S.REQUESTED, _A.ACCEPT, _S.SCHEDULED),
    (_S.REQUESTED, _A.DECLINE, _S.DECLINED),
    (_S.REQUESTED, _A.WITHDRAW, _S.CANCELLED),
    (_S.REQUESTED, _A.EXPIRE, _S.DECLINED),
    (_S.SCHEDULED, _A.START, _S.LIVE),
    (_S.SCHEDULED, _A.RESCHEDULE, _S.SCHEDULED),
    (_S.SCHEDULED, _A.CANCEL, _S.CANCELLED),
    (_S.SCHEDULED, _A.MARK_NO_SHOW, _S.NO_SHOW),
    (_S.SCHEDULED, _A.COMPLETE, _S.COMPLETED),  # logged after the fact
    (_S.LIVE, _A.PAUSE, _S.PAUSED),
    (_S.LIVE, _A.COMPLETE, _S.COMPLETED),
    (_S.LIVE, _A.MARK_NO_SHOW, _S.NO_SHOW),
    (_S.LIVE, _A.CANCEL, _S.CANCELLED),
    (_S.LIVE, _A.UNDO_START, _S.SCHEDULED),
    (_S.PAUSED, _A.RESUME, _S.LIVE),
    (_S.PAUSED, _A.COMPLETE, _S.COMPLETED),
    (_S.PAUSED, _A.CANCEL, _S.CANCELLED),
    (_S.COMPLETED, _A.REOPEN, _S.LIVE),  # work sessions, within 24 hours
    (_S.CANCELLED, _A.REINSTATE, _S.SCHEDULED),
    *((source, _A.CORRECT, to) for source in OUTCOMES for to in OUTCOMES if to != source),
)


class TransitionRefused(Conflict):
    code = "transition_refused"


def allowed_actions(status: str) -> set[Action]:
    return {action for source, action, _ in TRANSITIONS if source == status}


def next_status(status: str, action: Action, *, to: Status | None = None) -> Status:
    """Where an action leads; `to` chooses where it could lead to several."""
    targets = [target for *move, target in TRANSITIONS if move == [status, action]]
    if to in targets:
        return to
    if to is None and len(targets) == 1:
        return targets[0]
    raise TransitionRefused(
        _("This session is %(status)s, so this cannot be done: %(action)s.")
        % {"status": Status(status).label.lower(), "action": action.replace("_", " ")}
    )
