"""The fate of each row of a file, before anything is imported."""

from bisect import bisect_left, insort
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.errors import FieldError
from tutelage.core.times import Slot
from tutelage.domain.imports.inputs.mapping import ImportMapping
from tutelage.domain.imports.lifecycle import BATCH, Column, Fate
from tutelage.domain.imports.models import ImportBatch
from tutelage.domain.imports.queries import Pair, Stretch, find_taken
from tutelage.domain.imports.services.batches import take_staged
from tutelage.domain.imports.services.judging import Claims, Verdict, judge_rows, keep_fates
from tutelage.domain.people.models import User


class Calendars:
    """Who is where when, for a forecast: what is reserved, and what earlier rows would reserve."""

    def __init__(self) -> None:
        self._taken: dict[int, list[Stretch]] = {}

    def learn(self, people: Collection[int]) -> None:
        new = set(people) - self._taken.keys()
        if new:
            self._taken.update(find_taken(new))

    def take(self, people: Sequence[User], slot: Slot) -> list[str]:
        """Take a slot; or leave it, and name those who are somewhere else then."""
        wanted = (slot.starts_at, slot.ends_at)
        busy = [person.name for person in people if self._overlaps(person.pk, wanted)]
        if not busy:
            for person in people:
                insort(self._taken[person.pk], wanted)
        return busy

    def _overlaps(self, person: int, wanted: Stretch) -> bool:
        taken = self._taken[person]
        at = bisect_left(taken, wanted)
        before, after = taken[at - 1 : at] if at else [], taken[at : at + 1]
        return any(start < wanted[1] and wanted[0] < end for start, end in [*before, *after])


def foretell(actor: User, batch: ImportBatch, mapping: ImportMapping) -> ImportBatch:
    claims, calendars = Claims(), Calendars()
    pairs: set[Pair] = set()
    after, counts = 0, dict.fromkeys(Fate, 0)
    while rows := list(batch.rows.filter(number__gt=after).order_by("number")[:BATCH]):
        after = rows[-1].number
        verdicts = judge_rows(actor, mapping, rows, claims)
        _foresee_clashes(verdicts, calendars)
        for verdict in verdicts:
            counts[verdict.fate] += 1
            row = verdict.candidate
            if row and row.pair is None and verdict.fate == Fate.WAITING:
                pairs.add((row.mentor.pk, row.mentee.pk))
        with transaction.atomic():
            take_staged(batch.pk, seen_version=batch.version)
            keep_fates([verdict for verdict in verdicts if verdict.fate != Fate.WAITING])
    with transaction.atomic():
        batch = take_staged(batch.pk, seen_version=batch.version)
        batch.unchanged_count, batch.refused_count = counts[Fate.UNCHANGED], counts[Fate.REFUSED]
        batch.pairs_count, batch.mapped_at = len(pairs), now()
        batch.save()
    return batch


def _foresee_clashes(verdicts: Sequence[Verdict], calendars: Calendars) -> None:
    """What would be refused because somebody is elsewhere, or is in the file twice."""
    for verdict in verdicts:
        if verdict.repeats and verdict.errors:
            verdict.refuse(verdict.errors)
        elif verdict.repeats:
            verdict.fate = Fate.UNCHANGED
    planned = [
        (verdict, verdict.candidate)
        for verdict in verdicts
        if verdict.candidate and verdict.candidate.is_planned and verdict.fate == Fate.WAITING
    ]
    calendars.learn({side.pk for _v, row in planned for side in (row.mentor, row.mentee)})
    for verdict, row in planned:
        if busy := calendars.take((row.mentor, row.mentee), row.reading.slot):
            detail = _("Taken already: %(names)s cannot be in two places.")
            names = {"names": ", ".join(busy)}
            verdict.refuse([FieldError(Column.DATE, detail % names)])
