"""What a history is narrowed to: read from the address, and shown as chips that take one away."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal
from uuid import UUID

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from pydantic import Field

from tutelage.core.times import Day
from tutelage.domain.feedback.inputs import HistoryFilters
from tutelage.domain.programs.queries import OwnPair
from tutelage.domain.sessions.lifecycle import Status
from tutelage.web import words
from tutelage.web.sides import both_of

if TYPE_CHECKING:
    from tutelage.domain.people.models import User
    from tutelage.domain.programs.models import Mentorship

SWITCHES: Final[Mapping[str, Promise]] = {
    "unresolved": gettext_lazy("Over, and nobody said what became of them"),
    "logged_late": gettext_lazy("Logged after the fact"),
    "open_steps": gettext_lazy("With open next steps"),
    "archived": gettext_lazy("Archived"),
}
NARROWING: Final = (
    "q", "person", "mentorship", "status", "period", "from", "to", "min_rating", *SWITCHES,
)  # fmt: skip
HIDDEN: Final = ("min_rating", *SWITCHES)  # behind "More filters"
SHOWN: Final = (
    Status.COMPLETED,
    Status.NO_SHOW,
    Status.CANCELLED,
    Status.DECLINED,
    Status.SCHEDULED,
    Status.REQUESTED,
    Status.LIVE,
)


class HistoryQuery(HistoryFilters):
    """A page asks for days; instants are the API's."""

    from_: Day | None = Field(default=None, alias="from")
    to: Day | None = None
    view: Literal["cards", "table"] = "cards"


@dataclass(frozen=True, slots=True)
class Chip:
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Names:
    """Who is meant by the ids in an address, for those that the reader may know of."""

    person: str = ""
    pair: str = ""


def people_of(pairs: Sequence[OwnPair]) -> list[tuple[str, str]]:
    """Whom the reader works with, each once, by name."""
    others = {pair.other_uid: pair.other_name for pair in pairs}
    return sorted(((str(uid), name) for uid, name in others.items()), key=lambda each: each[1])


def chips(filters: HistoryQuery, sent: QueryDict, names: Names) -> list[Chip]:
    """One for each filter in use; its address is this one without it, from the first page on."""
    return [Chip(text, _without(sent, name)) for name, text in _texts(filters, names)]


def _texts(filters: HistoryQuery, names: Names) -> Iterator[tuple[str, str]]:
    if filters.q:
        yield "q", _("“%(words)s”") % {"words": filters.q}
    if filters.person:
        yield "person", names.person or _("One person")
    if filters.mentorship:
        yield "mentorship", names.pair
    if filters.status:
        yield "status", str(words.STATUSES[filters.status].word)
    yield from _dates(filters)
    if filters.min_rating:
        yield "min_rating", at_least(filters.min_rating)
    for name, label in SWITCHES.items():
        if getattr(filters, name):
            yield name, str(label)


def _dates(filters: HistoryQuery) -> Iterator[tuple[str, str]]:
    if filters.period:
        yield "period", str(filters.period.label)
    if filters.from_:
        yield "from", _("From %(day)s") % {"day": words.short_date(filters.from_)}
    if filters.to:
        yield "to", _("Until %(day)s") % {"day": words.short_date(filters.to)}


def at_least(count: int) -> str:
    return ngettext("%(count)d star or more", "%(count)d stars or more", count) % {"count": count}


def pair_label(pair: "Mentorship", reader: "User") -> str:
    is_side = reader.pk in {pair.mentor_id, pair.mentee_id}
    return pair.other_than(reader).name if is_side else both_of(pair)


def name_of(person: UUID | None, people: Sequence[tuple[str, str]]) -> str:
    return dict(people).get(str(person), "") if person else ""


def address(sent: Mapping[str, object]) -> str:
    """The query of an address that says only what is asked for."""
    kept = QueryDict(mutable=True)
    kept.update({name: str(value) for name, value in sent.items() if value})
    return f"?{kept.urlencode()}" if kept else "?"


def changed(sent: QueryDict, **values: object) -> str:
    """This address with something else asked for, from the first page on."""
    return address({**{k: v for k, v in sent.items() if k not in {"page", "cursor"}}, **values})


def _without(sent: QueryDict, name: str) -> str:
    return changed(sent, **{name: ""})
