"""What sessions are found by: the words of their logs, and whom they belong to."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from functools import cache
from itertools import chain
from time import monotonic
from typing import Any, Final
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from tutelage.core.compiled import Given, IsAny, Statement
from tutelage.core.search import kept
from tutelage.core.text import words_of
from tutelage.core.transactions import one_transaction
from tutelage.domain.sessions.models import (
    NextStep,
    Participant,
    Session,
    SessionLog,
    SessionSearch,
    mark_of_person,
)

BATCH: Final = 500
_FIRST: Final = UUID(int=0)
_TEXTS: Final = ("objectives", "outcomes", "shared_notes")
_FOUND_BY: Final[dict[str, Any]] = {
    "steps": ArraySubquery(NextStep.objects.filter(session=OuterRef("pk")).values("text")),
    "people": ArraySubquery(Participant.objects.filter(session=OuterRef("pk")).values("user")),
}


def index_sessions(session_ids: Collection[UUID]) -> None:
    """Write down anew what these sessions are found by; without a log by nothing.

    Their rows are taken by whoever calls. Never the private notes: they are their author's
    alone, and this is found by both sides.
    """
    rows = [
        SessionSearch(session_id=key, starts_at=at, words=_words([*steps, *texts], people))
        for key, at, people, steps, *texts in _logged().run({"sessions": list(session_ids)})
    ]
    SessionSearch.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["session"],
        update_fields=["starts_at", "words"],
    )


@cache
def _logged() -> Statement:
    logs = SessionLog.objects.filter(IsAny("session_id", Given("sessions", "uuid[]")))
    columns = ("session", "session__starts_at", "people", "steps", *_TEXTS)
    return Statement.of(logs.annotate(**_FOUND_BY).values_list(*columns))


def _words(texts: Collection[str], people: Collection[int]) -> set[str]:
    """Whose they are stands among the words: so both are one look into one index."""
    words = chain.from_iterable(map(words_of, texts))
    return kept(words) | {*map(mark_of_person, people)}


def index_missing(*, for_at_most: timedelta = timedelta(seconds=3)) -> int:
    """Catch up with logs that nothing is found by: of releases before there was a search."""
    until, number = monotonic() + for_at_most.total_seconds(), 0
    missing = SessionLog.objects.filter(session__search=None)
    while monotonic() < until:
        found = list(missing.values_list("session", flat=True)[:BATCH])
        if not found:
            break
        _take_and_index(found)
        number += len(found)
    return number


def index_all() -> Iterator[int]:
    """Write down everything anew, batch by batch; says how many each batch were."""
    last = _FIRST
    logs = SessionLog.objects.order_by("session").values_list("session", flat=True)
    while found := list(logs.filter(session__gt=last)[:BATCH]):
        _take_and_index(found)
        last = found[-1]
        yield len(found)


@one_transaction
def _take_and_index(session_ids: Collection[UUID]) -> None:
    """First the rows, then what they say: or words could be written down that are no more."""
    rows = Session.objects.select_for_update().filter(pk__in=session_ids)
    list(rows.order_by("pk").values_list("pk"))
    index_sessions(session_ids)
