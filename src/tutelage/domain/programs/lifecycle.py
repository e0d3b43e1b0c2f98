"""What holds sessions together, and the life of a pair: the words, without the rows."""

from typing import Final

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tutelage.core.errors import Conflict


class ProgramKind(models.TextChoices):
    MENTORSHIP = "mentorship", gettext_lazy("Mentorship")
    COURSE = "course", gettext_lazy("Course")
    COHORT = "cohort", gettext_lazy("Cohort")


class PairStatus(models.TextChoices):
    PROPOSED = "proposed", gettext_lazy("Proposed")
    ACTIVE = "active", gettext_lazy("Active")
    PAUSED = "paused", gettext_lazy("Paused")
    ENDED = "ended", gettext_lazy("Ended")


class PairSide(models.TextChoices):
    MENTOR = "mentor", gettext_lazy("Mentor")
    MENTEE = "mentee", gettext_lazy("Mentee")


class PairAction(models.TextChoices):
    ACCEPT = "accept", gettext_lazy("Accepted")
    DECLINE = "decline", gettext_lazy("Declined")
    WITHDRAW = "withdraw", gettext_lazy("Withdrawn")
    PAUSE = "pause", gettext_lazy("Paused")
    RESUME = "resume", gettext_lazy("Resumed")
    END = "end", gettext_lazy("Ended")


_S, _A = PairStatus, PairAction
TRANSITIONS: Final = (
    (_S.PROPOSED, _A.ACCEPT, _S.ACTIVE),
    (_S.PROPOSED, _A.DECLINE, _S.ENDED),
    (_S.PROPOSED, _A.WITHDRAW, _S.ENDED),
    (_S.ACTIVE, _A.PAUSE, _S.PAUSED),
    (_S.ACTIVE, _A.END, _S.ENDED),
    (_S.PAUSED, _A.RESUME, _S.ACTIVE),
    (_S.PAUSED, _A.END, _S.ENDED),
)


class PairMoveRefused(Conflict):
    code = "transition_refused"


def allowed_pair_actions(status: str) -> list[PairAction]:
    return [action for source, action, _to in TRANSITIONS if source == status]


def next_pair_status(status: str, action: PairAction) -> PairStatus:
    for source, move, target in TRANSITIONS:
        if (source, move) == (status, action):
            return target
    raise PairMoveRefused(
        _("This mentorship is %(status)s, so this cannot be done: %(action)s.")
        % {"status": PairStatus(status).label.lower(), "action": action.value}
    )
