"""What a history is narrowed to: read from the address, and shown as chips that take one away."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from pydantic import Field

from tutelage.core.times import Day
from tutelage.domain.sessions.inputs import SessionFilters
from tutelage.domain.sessions.lifecycle import Status
from tutelage.web import words
from tutelage.web.sides import both_of

if TYPE_CHECKING:
    from tutelage.domain.people.models import User
    from tutelage.domain.programs.models import Mentorship

NARROWING: Final = ("q", "status", "mentorship", "from", "to")
SHOWN: Final = (
    Status.COMPLETED,
    Status.NO_SHOW,
    Status.CANCELLED,
    Status.DECLINED,
    Status.SCHEDULED,
    Status.REQUESTED,
    Status.LIVE,
)


class HistoryFilters(SessionFilters):
    """A page asks for days; instants are the API's."""

    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None


@dataclass(frozen=True, slots=True)
class Chip:
    text: str
    href: str


def chips(filters: HistoryFilters, sent: QueryDict, pair: "Mentorship | None") -> list[Chip]:
    """One for each filter in use; its address is this one without it, from the first page on."""
    return [Chip(text, _without(sent, name)) for name, text in _texts(filters, pair)]


def _texts(filters: HistoryFilters, pair: "Mentorship | None") -> Iterator[tuple[str, str]]:
    if filters.q:
        yield "q", _("“%(words)s”") % {"words": filters.q}
    if filters.status:
        yield "status", str(words.STATUSES[filters.status].word)
    if pair:
        yield "mentorship", pair_label(pair)
    if filters.from_:
        yield "from", _("From %(day)s") % {"day": words.short_date(filters.from_)}
    if filters.to:
        yield "to", _("Until %(day)s") % {"day": words.short_date(filters.to)}


def pair_label(pair: "Mentorship", reader: "User | None" = None) -> str:
    is_side = reader is not None and reader.pk in {pair.mentor_id, pair.mentee_id}
    return pair.other_than(reader).name if reader and is_side else both_of(pair)


def address(sent: Mapping[str, object]) -> str:
    """The query of an address that says only what is asked for."""
    kept = QueryDict(mutable=True)
    kept.update({name: str(value) for name, value in sent.items() if value})
    return f"?{kept.urlencode()}" if kept else "?"


def _without(sent: QueryDict, name: str) -> str:
    gone = {name, "page", "cursor"}
    return address({key: value for key, value in sent.items() if key not in gone})
