"""Reading how pairs are doing, for any number of them in a bounded number of statements."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Q

from tutelage.core.clock import now
from tutelage.core.compiled import Given, Statement
from tutelage.core.paging import COUNTED, Pagination
from tutelage.core.text import fold
from tutelage.domain.insights.facts import COMPUTE, RECALL
from tutelage.domain.insights.inputs import PulseFilters
from tutelage.domain.insights.pulse import RESTING, Level, Pulse, Seen, mean_gap_days, pulse_of
from tutelage.domain.people.models import User
from tutelage.domain.programs.models import Mentorship, MentorshipQuerySet
from tutelage.domain.sessions.lifecycle import OPEN, UNRESOLVED_AFTER, Status
from tutelage.domain.sessions.models import Session

MOST: Final = 5_000
# More news than these are not looked through: then nothing that was written down counts.
NEWS: Final = 5_000
WEEKS: Final = timedelta(weeks=8)

_SHOWN: Final = (*OPEN, Status.COMPLETED, Status.CANCELLED, Status.NO_SHOW)


class Met(NamedTuple):
    """One session on the line of a pair's meetings."""

    session_id: UUID
    at: datetime
    status: str


class Rhythm(NamedTuple):
    """The meetings since some moment, and how many days lay between those held."""

    since: datetime
    met: Sequence[Met]
    gap_days: int | None


@dataclass(frozen=True, slots=True)
class PairLine:
    pair: Mentorship
    pulse: Pulse


@dataclass(frozen=True, slots=True)
class PulsePage:
    rows: Sequence[PairLine]
    pagination: Pagination


def list_by_pulse(*, actor: User, filters: PulseFilters) -> PulsePage:
    """Pairs the actor may see, worst first: four statements at most, however many there are."""
    found = _ranked(actor, filters)
    start = (filters.page - 1) * filters.limit
    has_more = len(found) > start + filters.limit
    described = Pagination(
        page=filters.page,
        limit=filters.limit,
        total=min(len(found), COUNTED),
        has_more=has_more,
        next_cursor=None,
    )
    return PulsePage(_with_rows(found[start : start + filters.limit]), described)


def list_every_pulse(*, actor: User, filters: PulseFilters) -> Sequence[PairLine]:
    """What such a list holds on all its pages, for a file."""
    return _with_rows(_ranked(actor, filters))


def count_pulses(*, actor: User, level: Level) -> int:
    """How many pairs such a list holds: three statements at most."""
    return len(_ranked(actor, PulseFilters(pulse=level)))


def find_pulses(pairs: Collection[Mentorship]) -> dict[int, Pulse]:
    """The pulse of pairs that were read already, by their program: two statements at most."""
    return _feel([pair.pk for pair in pairs])


def _ranked(actor: User, filters: PulseFilters) -> list[tuple[int, Pulse]]:
    rows: MentorshipQuerySet = Mentorship.objects.visible_to(actor)
    if filters.status:
        rows = rows.filter(status=filters.status)
    if filters.person:
        rows = rows.filter(_of_somebody(filters.person))
    keys = rows.order_by("-started_at", "-pk").values_list("pk", flat=True)
    pulses = _feel(list(keys[:MOST]))
    if filters.pulse:
        pulses = {key: pulse for key, pulse in pulses.items() if pulse.level == filters.pulse}
    return sorted(pulses.items(), key=lambda line: line[1].rank)


def _of_somebody(sought: str) -> Q:
    folded, typed = fold(sought), sought.lower()
    sides = [
        Q(**{f"{side}__name_folded__contains": folded}) | Q(**{f"{side}__email__contains": typed})
        for side in ("mentor", "mentee")
    ]
    return sides[0] | sides[1]


def _feel(pairs: Sequence[int]) -> dict[int, Pulse]:
    """By what is written down, and by the sessions themselves where that is not the latest."""
    if not pairs:
        return {}
    at = now()
    second, late = at.timestamp(), []
    pulses = dict.fromkeys(pairs, RESTING)
    for key, is_current, *seen in _read(RECALL, pairs, at):
        if is_current:
            pulses[key] = pulse_of(Seen(*seen), second)
        else:
            late.append(key)
    for key, *seen in _read(COMPUTE, late, at) if late else ():
        pulses[key] = pulse_of(Seen(*seen), second)
    return pulses


def _read(statement: str, pairs: Sequence[int], at: datetime) -> list[tuple[Any, ...]]:
    listed = ",".join(map(str, pairs))  # ten times as quick as a list, for thousands
    given: dict[str, str | int | datetime] = {
        "pairs": f"{{{listed}}}",
        "now": at,
        "over": at - UNRESOLVED_AFTER,
        "news": NEWS,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())


def _with_rows(lines: Sequence[tuple[int, Pulse]]) -> list[PairLine]:
    rows = Mentorship.objects.with_people().in_bulk([key for key, _pulse in lines])
    return [PairLine(rows[key], pulse) for key, pulse in lines if key in rows]


def get_rhythm(*, actor: User, pair: Mentorship) -> Rhythm:
    """How often a pair meets: of the last eight weeks, or four times of what they agreed upon."""
    since = now() - max(WEEKS, 4 * timedelta(days=pair.cadence_days))
    given = {"actor": actor.pk, "program": pair.pk, "since": since}
    met = [Met(*row) for row in _met(is_admin=actor.is_admin).run(given)]
    held = [each.at.timestamp() for each in met if each.status == Status.COMPLETED]
    return Rhythm(since, met, mean_gap_days(held))


@cache
def _met(*, is_admin: bool) -> Statement:
    person: Any = Given("actor", "bigint")
    actor = User.objects.standing_for(person, is_admin=is_admin)
    rows = Session.objects.visible_to(actor).filter(
        program=Given("program", "bigint"), starts_at__gte=Given("since")
    )
    rows = rows.filter(status__in=_SHOWN, archived_at=None).order_by("starts_at", "pk")
    return Statement.of(rows.values_list("pk", "starts_at", "status")[:100])
