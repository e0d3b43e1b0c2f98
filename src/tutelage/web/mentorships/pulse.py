"""The pulse of a pair as pages show it: its signs in words, its meetings as a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.domain.insights.pulse import ADVICE, Level, Pulse
from tutelage.domain.insights.queries import find_pulses, get_rhythm
from tutelage.domain.sessions.lifecycle import Status
from tutelage.web import words

if TYPE_CHECKING:
    from tutelage.domain.insights.queries import Met
    from tutelage.domain.people.models import User
    from tutelage.domain.programs.models import Mentorship

TONES: Final = {
    Level.ACT: "bad",
    Level.WATCH: "warn",
    Level.GOOD: "good",
    Level.RESTING: "info",
}
_CALLED_OFF: Final = (Status.CANCELLED, Status.NO_SHOW)


@dataclass(frozen=True, slots=True)
class Symptom:
    says: str
    since: datetime
    advice: str | Promise


@dataclass(frozen=True, slots=True)
class Dot:
    """A meeting on the line of time: where it stands in per cent, and how it is drawn."""

    session_id: UUID
    at: datetime
    status: str
    x: str
    shape: str


@dataclass(frozen=True, slots=True)
class Line:
    """The meetings of some weeks on a line, with today."""

    since: datetime
    dots: Sequence[Dot]
    today: str
    says: str


@dataclass(frozen=True, slots=True)
class PulseCard:
    level: Level
    tone: str
    symptoms: Sequence[Symptom]
    line: Line
    gap_days: int | None


def symptoms_of(pulse: Pulse) -> list[Symptom]:
    return [
        Symptom(str(sign.label), datetime.fromtimestamp(since, UTC), ADVICE[sign])
        for sign, since in pulse.signs
    ]


def read_pulse(pair: "Mentorship", reader: "User") -> PulseCard:
    pulse = find_pulses([pair])[pair.pk]
    rhythm = get_rhythm(actor=reader, pair=pair)
    return PulseCard(
        level=pulse.level,
        tone=TONES[pulse.level],
        symptoms=symptoms_of(pulse),
        line=_line(rhythm.since, rhythm.met),
        gap_days=rhythm.gap_days,
    )


def _line(since: datetime, met: "Sequence[Met]") -> Line:
    at = now()
    end = max([at, *(each.at for each in met)])
    whole = (end - since).total_seconds()

    def place(when: datetime) -> str:
        return f"{4 + 92 * (when - since).total_seconds() / whole:.1f}%"

    dots = [
        Dot(each.session_id, each.at, each.status, place(each.at), _shape(each.status))
        for each in met
    ]
    return Line(since, dots, place(at), _says(dots))


def _shape(status: str) -> str:
    if status == Status.COMPLETED:
        return "held"
    return "off" if status in _CALLED_OFF else "open"


def _says(dots: Sequence[Dot]) -> str:
    """The picture for those who hear it."""
    if not dots:
        return _("No meetings in this time.")
    said = [
        _("%(day)s: %(status)s")
        % {"day": words.brief_day(dot.at), "status": Status(dot.status).label}
        for dot in dots
    ]
    return "; ".join(said)
