"""How a pair is doing, as its sessions show it. Pure; no rows.

Only an active pair has a pulse, and only since it became active: a pause is nobody's fault.
Instants are seconds since 1970 here: thousands of pairs are looked at for one page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tutelage.domain.sessions.lifecycle import UNRESOLVED_AFTER

FIRST_WITHIN: Final = timedelta(days=10).total_seconds()
NEXT_WITHIN: Final = timedelta(days=14).total_seconds()
LOGGED_WITHIN: Final = timedelta(days=1).total_seconds()
_OVER_FOR: Final = UNRESOLVED_AFTER.total_seconds()


class Sign(TextChoices):
    """What can be wrong with a pair."""

    NO_FIRST_MEETING = "no_first_meeting", _("First meeting not planned")
    NOTHING_PLANNED = "nothing_planned", _("Nothing planned")
    CANCELLED_TWICE = "cancelled_twice", _("Two cancellations in a row")
    LOG_MISSING = "log_missing", _("Log missing")
    RATINGS_FALLING = "ratings_falling", _("Ratings falling")


ADVICE: Final[Mapping[Sign, Promise]] = {
    Sign.NO_FIRST_MEETING: _(
        "Propose a first time; half an hour to get to know each other will do."
    ),
    Sign.NOTHING_PLANNED: _("Ask for the next time, or pause the mentorship if it has to rest."),
    Sign.CANCELLED_TWICE: _(
        "Ask what is in the way: another hour, or a longer cadence, may fit better."
    ),
    Sign.LOG_MISSING: _("Write down what became of it; it can be logged late."),
    Sign.RATINGS_FALLING: _("Talk about what each of you expects, and look at the goals again."),
}


class Level(TextChoices):
    """The pulse in one word: nothing is wrong, one thing is, or several are."""

    ACT = "act", _("Needs attention")
    WATCH = "watch", _("Worth a look")
    GOOD = "good", _("Going well")
    RESTING = "resting", _("Not active")


@dataclass(slots=True)
class Seen:
    """What the sessions of an active pair show of it at some moment.

    `last_at` is when the latest session was held; `planned_until` the end of the last that is
    still open; `unlogged_since` of the first that is over and that nobody spoke of; `cancelled_at`
    for when the one before the latest cancelled session was planned, if nothing came of any since;
    `is_falling` says that each of the latest three sessions with opened ratings was rated lower
    than the one before it.
    """

    active_since: float
    last_at: float | None
    planned_until: float | None
    unlogged_since: float | None
    cancelled_at: float | None
    is_falling: bool


@dataclass(slots=True)
class Pulse:
    """The signs of a pair, each with the moment since when it has been so."""

    is_active: bool
    signs: Sequence[tuple[Sign, float]]

    @property
    def level(self) -> Level:
        if not self.is_active:
            return Level.RESTING
        return (Level.GOOD, Level.WATCH, Level.ACT)[min(len(self.signs), 2)]

    @property
    def rank(self) -> tuple[bool, int, float]:
        """Sorts the worst first: by the number of signs, then by how long it has been so."""
        oldest = min([since for _sign, since in self.signs]) if self.signs else 0.0
        return (not self.is_active, -len(self.signs), oldest)


RESTING: Final = Pulse(is_active=False, signs=())


def pulse_of(seen: Seen, at: float) -> Pulse:
    """Feel the pulse of a pair at some moment."""
    signs = []
    sign, since = _due(seen, at)
    if since is not None and since <= at:
        signs.append((sign, since))
    if seen.cancelled_at is not None:
        signs.append((Sign.CANCELLED_TWICE, min(seen.cancelled_at, at)))
    if seen.unlogged_since is not None and seen.unlogged_since + LOGGED_WITHIN <= at:
        signs.append((Sign.LOG_MISSING, seen.unlogged_since + LOGGED_WITHIN))
    if seen.is_falling and seen.last_at is not None and seen.last_at <= at:
        signs.append((Sign.RATINGS_FALLING, seen.last_at))
    return Pulse(is_active=True, signs=signs)


def _due(seen: Seen, at: float) -> tuple[Sign, float | None]:
    """When the next meeting should have been planned.

    Counted from the last, though nobody may have said what became of it; for a pair that rested,
    from when it was taken up again.
    """
    last = max(seen.last_at or 0, seen.planned_until or 0)
    if not last:
        return Sign.NO_FIRST_MEETING, seen.active_since + FIRST_WITHIN
    is_planned = last > at - _OVER_FOR
    return Sign.NOTHING_PLANNED, None if is_planned else max(last, seen.active_since) + NEXT_WITHIN


def mean_gap_days(starts: Sequence[float]) -> int | None:
    """How many days lay between meetings, on the average; of one alone nothing can be said."""
    if len(starts) < 2:  # noqa: PLR2004  # a distance has two ends
        return None
    return round((max(starts) - min(starts)) / (len(starts) - 1) / 86_400)
