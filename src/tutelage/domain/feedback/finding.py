"""Which sessions a page of a history shows, and how many there are: their keys, in one statement.

What is shown of them is read by another one, which is the same for all that may be asked. So the
server never has to plan filters and nine tables together.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from tutelage.core.clock import now
from tutelage.core.compiled import Given, Statement
from tutelage.core.paging import COUNTED, Paged, cut, follow
from tutelage.domain.feedback.inputs import HistoryFilters
from tutelage.domain.feedback.models import Rating
from tutelage.domain.people.models import User
from tutelage.domain.sessions.lifecycle import ARCHIVABLE
from tutelage.domain.sessions.models import Session, SessionQuerySet, SessionSearch
from tutelage.domain.sessions.queries import (
    BY_INDEX,
    BY_WORDS,
    lookups_of,
    narrow,
    order_of,
    parts_of,
)

_CASTS: Final = {"min_rating": "bigint"}
_AFTER: Final = (Given("after_at"), Given("after_id"))
# Whoever has so few sessions has them all looked through for a word; and so has whoever has more,
# if of the latest LATEST every eighth holds it. It costs 2 µs a session.
FEW: Final = 300
LATEST: Final = 48
COMMON: Final = LATEST // 8
SMALL: Final = 20_000  # sessions in all, up to which an administrator's word is sought so, too
RARE: Final = "with_open_steps"  # a filter that few answer to: the server joins all of them once
EVERYTHING: Final = 10_000_000  # a limit that cuts nothing off, but is found before all else


class Found(NamedTuple):
    """The keys of a page, newest first, and of one row more if there is one.

    `total` is how many there are in all, as far as it is counted.
    """

    keys: list[UUID]
    total: int


class _Shape(NamedTuple):
    """All that two requests must have in common for the same SQL."""

    role: str
    lookups: tuple[str, ...]
    newest: str
    is_over: bool
    archived: bool
    page: int
    limit: int
    is_after: bool

    def given(self, name: str, cast: str = "") -> Given:
        """A value; hidden where one plan is right for all: nothing narrows one's own sessions."""
        is_own = not User(role=self.role).is_admin
        return Given(name, cast, is_hidden=is_own and not self.lookups)

    def lookups_but(self, *names: str) -> tuple[str, ...]:
        return tuple(name for name in self.lookups if name not in names)


def find(actor: User, filters: HistoryFilters, *, is_history: bool, limit: int) -> Found:
    """Find what the actor may see; a history without a status is of what is over."""
    lookups, after = _lookups_of(filters, actor), filters.after
    shape = _Shape(
        actor.role,
        tuple(lookups),
        order_of(filters, actor),
        is_history and not filters.status,
        filters.archived,
        filters.page,
        limit,
        bool(after),
    )
    at, key = after or (None, None)
    values = {"actor": actor.pk, "after_at": at, "after_id": key, "at": now(), **lookups}
    [[total, keys]] = _compiled(shape).run(values)
    return Found(keys, min(total, COUNTED))


def _lookups_of(filters: HistoryFilters, actor: User) -> dict[str, object]:
    lookups = lookups_of(filters, actor)
    return lookups | {"min_rating": filters.min_rating} if filters.min_rating else lookups


@lru_cache(maxsize=200)
def _compiled(shape: _Shape) -> Statement:
    """By the way that is shorter: what is common by walking, what is rare by finding all of it.

    Of what is rare an administrator, who sees everything, has too much to find all of it.
    """
    actor = User(id=shape.given("actor", "bigint"), role=shape.role)
    if BY_WORDS in shape.lookups:
        walk = shape._replace(lookups=shape.lookups_but(BY_INDEX))
        by_index = (
            _number_and_keys(shape, actor)
            if actor.is_admin
            else _all_at_once(shape, [_found_by_index(shape, actor)])
        )
        return Statement.either(_is_walked(actor), _number_and_keys(walk, actor), by_index)
    if RARE in shape.lookups and not actor.is_admin:
        return _all_at_once(shape, _parts(shape, actor))
    return _number_and_keys(shape, actor)


def _parts(shape: _Shape, actor: User) -> list[SessionQuerySet]:
    return [_found(shape, actor, rows) for rows in parts_of(actor) if rows is not None]


def _number_and_keys(shape: _Shape, actor: User) -> Statement:
    """Both are cut short: neither the count nor the page goes through all there are."""
    parts = _parts(shape, actor)
    counted = [Statement.of(rows.order_by()[:COUNTED].values_list("pk")) for rows in parts]
    start = _start(shape)
    keys = _newest(parts, shape, start + shape.limit).cut(shape.limit + 1, start)
    return Statement.joined(counted).counted().beside(keys)


def _all_at_once(shape: _Shape, parts: Sequence[SessionQuerySet]) -> Statement:
    """Of what is rare all is found at once, and then counted and cut."""
    every = [Statement.of(rows.order_by().values_list("pk", "starts_at")) for rows in parts]
    after = _AFTER if shape.is_after else ()
    return Statement.joined(every).counted_and_cut(shape.limit + 1, _start(shape), after)


def _found_by_index(shape: _Shape, actor: User) -> SessionQuerySet:
    """By the index of words before all else, and then looked at."""
    plain = shape._replace(lookups=shape.lookups_but(BY_INDEX, BY_WORDS))
    held = SessionSearch.objects.filter(
        **{name.removeprefix("search__"): Given(name) for name in (BY_INDEX, BY_WORDS)}
    )
    rows = _found(plain, actor, Session.objects.visible_to(actor))
    return rows.filter(pk__in=held.values("session")[:EVERYTHING])


def _is_walked(actor: User) -> Statement:
    """Whether one's sessions, newest first, are the quicker way to what holds a word."""
    own = parts_of(actor).many.order_by("-starts_at", "-pk").values_list("pk")
    latest = own.filter(starts_at__lte=Given("at"))[:LATEST]
    holding = SessionSearch.objects.filter(
        session__in=latest, **{BY_WORDS.removeprefix("search__"): Given(BY_WORDS)}
    )
    is_common = Statement.of(holding.values_list("pk")).is_common(COMMON)
    if actor.is_admin:
        return _is_small() & is_common
    return Statement.of(own[FEW : FEW + 1]).is_empty() | is_common


def _is_small() -> Statement:
    """Whether all that there is can be gone through: what is common of late may be rare before."""
    table = SessionSearch._meta.db_table  # noqa: SLF001  # documented by Django
    rows = f"SELECT reltuples < {SMALL} FROM pg_class WHERE oid = '{table}'::regclass"  # noqa: S608
    return Statement(rows, [])


def _found(shape: _Shape, actor: User, rows: SessionQuerySet) -> SessionQuerySet:
    lookups = {name: Given(name, _CASTS.get(name, "")) for name in shape.lookups}
    found = _narrow(rows, actor, lookups, archived=shape.archived)
    if shape.is_over:
        found = found.filter(Q(starts_at__lte=shape.given("at")) | Q(status__in=ARCHIVABLE))
    return found


def _narrow(
    rows: SessionQuerySet, actor: User, lookups: Mapping[str, Any], *, archived: bool
) -> SessionQuerySet:
    """By one's own rating, too; of administrators, who have none, by any that is open.

    What is rated has begun: it is said for the index, which knows when sessions begin.
    """
    plain = dict(lookups)
    stars = plain.pop("min_rating", None)
    rows = narrow(rows, plain, archived=archived)
    if stars is None:
        return rows
    ratings = Rating.objects.filter(session=OuterRef("pk"), stars__gte=stars)
    seen = ratings.opened(Given("at")) if actor.is_admin else ratings.filter(author=actor.pk)
    return rows.filter(Exists(seen), starts_at__lte=Given("at"))


def _start(shape: _Shape) -> int:
    return 0 if shape.is_after else (shape.page - 1) * shape.limit


def _newest(parts: Sequence[SessionQuerySet], shape: _Shape, number: int) -> Statement:
    """Keys and times, among them those of the newest so many."""
    many, *few = parts
    asked = Paged.model_construct(page=1, limit=number)
    after = _AFTER if shape.is_after else None
    found = [cut(many, asked, newest=shape.newest, after=after)]
    found += [follow(rows.order_by(), newest=shape.newest, after=after) for rows in few]
    newest, *others = (Statement.of(rows.values_list("pk", shape.newest)) for rows in found)
    return Statement.joined([newest, *(each.fenced() for each in others)])
