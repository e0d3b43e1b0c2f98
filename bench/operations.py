"""What is measured, and what it may cost: one entry of `OPERATIONS` each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bench.cast import Cast
from bench.floor import NUMBER, Statement
from bench.serving import Request


@dataclass(frozen=True, slots=True)
class Budget:
    """What may not be passed; what is None is only told.

    `database_ms` is what the server itself needs for all statements of one request.
    """

    statements: int | None = None
    cpu_ratio: float | None = None
    p50_ratio: float | None = None
    cpu_ms: float | None = None
    p50_ms: float | None = None
    database_ms: float | None = None
    kilobytes: float | None = None


Asked = Callable[[Cast, int], Request]
Supply = Callable[[Cast, int], None]


@dataclass(frozen=True, slots=True)
class Operation:
    """`floor` is what it is held against: its own reading statements, or the one given.

    `supply` makes what so many requests use up. `against` names another operation, and how many
    times its CPU this one may take. What is bounded shows a page, and costs the same however many
    sessions there are. `make bench-quick` counts the statements of all that is
    demanded, and holds to their floors those that are quick.
    """

    name: str
    asked: Asked
    budget: Budget
    floor: Sequence[Statement] = ()
    supply: Supply | None = None
    against: tuple[str, float] | None = None
    is_bounded: bool = True
    is_demanded: bool = True
    is_quick: bool = False

    @property
    def has_floor(self) -> bool:
        return self.budget.cpu_ratio is not None


# The rows that a new request leaves behind, in one statement: of a person who meets nobody else.
_ONE_STATEMENT: Final = """
with chosen as (
    select p.program_id, p.mentor_id, p.mentee_id, gen_random_uuid() as id,
        date_trunc('hour', now()) + interval '200 days' + %s::int * interval '5 minutes' as at
    from mentorship as p where p.program_id = 100
), made as (
    insert into session (id, version, kind, status, title, program_id, host_id, starts_at, ends_at,
        local_start, zone, created_at)
    select id, 1, 'mentorship', 'requested', '', program_id, mentor_id, at,
        at + interval '5 minutes', at at time zone 'UTC', 'UTC', now() from chosen
), people as (
    insert into participant (session_id, user_id, role)
    select id, mentor_id, 'host' from chosen union all select id, mentee_id, 'guest' from chosen
), offer as (
    insert into time_offer (uid, session_id, by_id, starts_at, ends_at, local_start, zone, note,
        state, made_at, expires_at)
    select gen_random_uuid(), id, mentor_id, at, at + interval '5 minutes',
        at at time zone 'UTC', 'UTC', '', 'open', now(), now() + interval '2 days' from chosen
    returning id
), times as (
    insert into reservation (session_id, offer_id, person_id, during, exclusive, expires_at)
    select chosen.id, offer.id, person, tstzrange(at, at + interval '5 minutes'), true,
        now() + interval '2 days'
    from chosen, offer, lateral (values (mentor_id), (mentee_id)) as side (person)
)
insert into journal_entry (type, actor_id, subject_type, subject_id, payload)
select 'session.requested', mentor_id, 'session', id, '{}'::jsonb from chosen
returning subject_id
"""
_LIST: Final = Budget(statements=3, cpu_ratio=2.5, p50_ratio=1.6)
_HISTORY: Final = Budget(statements=4, cpu_ratio=3, p50_ms=15)
_SEARCH: Final = Budget(statements=3, cpu_ratio=3, p50_ms=15, database_ms=2)
_COMMON: Final = Budget(statements=3, cpu_ratio=3, p50_ms=15, database_ms=10)
_PAGE_OF_50: Final = Budget(statements=8, cpu_ms=10, kilobytes=8)
_FIRST: Final = "History of 8 000, JSON, first page"


def _reads(path: str) -> Asked:
    return lambda cast, _number: cast.calls(path)


def _opens(path: str) -> Asked:
    return lambda cast, _number: cast.opens(path)


def _history(name: str, query: str, budget: Budget = _HISTORY) -> Operation:
    """Of the mentor of many years: whatever is counted or skipped is much."""

    def asked(cast: Cast, _number: int) -> Request:
        given = query.format_map(cast.words)
        return cast.calls(f"/api/sessions?limit=20&{given}", person=cast.veteran)

    return Operation(f"History of 8 000, JSON, {name}", asked, budget)


def _everything(name: str, query: str, budget: Budget = _HISTORY) -> Operation:
    return Operation(
        f"All sessions, JSON, {name}",
        lambda cast, _number: cast.calls(f"/api/sessions?limit=20&{query}", person=cast.admin),
        budget,
    )


OPERATIONS: Final = (
    Operation(
        "Session list, JSON, 20 rows", _reads("/api/sessions?limit=20"), _LIST, is_quick=True
    ),
    Operation(
        "Session list, JSON, one status, 20 rows",
        _reads("/api/sessions?limit=20&status=completed"),
        _LIST,
        is_quick=True,
    ),
    _history("first page", ""),
    _history("one status", "status=cancelled"),
    _history("one person", "person={person}"),
    _history("one pair", "mentorship={pair}"),
    _history("this month", "period=month"),
    _history("between two days", "from={start}&to={end}"),
    _history("rated 5", "min_rating=5"),
    _history("logged late", "logged_late=true"),
    _history("unresolved", "unresolved=true"),
    _history("open next steps", "open_steps=true"),
    _history("several filters", "status=completed&person={person}&period=year&min_rating=4"),
    _history("a common word", "q=chapter", _COMMON),
    _history("two words", "q=quarter+held", _COMMON),
    _history("beginning of many words", "q=topic", _COMMON),
    _history("a typical word", "q=topicb7", _SEARCH),
    _history("a word of one log in twenty", "q=r%C3%A9sum%C3%A9", _COMMON),
    Operation(
        "History of 8 000, JSON, page 351",
        lambda cast, _number: cast.calls("/api/sessions?limit=20&page=351", person=cast.veteran),
        Budget(statements=4, cpu_ratio=3, p50_ms=15),
        against=(_FIRST, 5),
    ),
    _history("by cursor", "cursor={cursor}"),
    _everything("first page", ""),
    _everything("page 351", "page=351"),
    _everything("one status", "status=no_show"),
    _everything("unresolved", "unresolved=true"),
    _everything("open next steps", "open_steps=true"),
    _everything("rated 5", "min_rating=5"),
    _everything("a common word", "q=chapter", _COMMON),
    _everything("a word of thousands", "q=topicb7", _COMMON),
    Operation(
        "Slots of a month, JSON",
        lambda cast, _number: cast.calls(f"/api/people/{cast.mentor.uid}/slots"),
        Budget(statements=6, cpu_ms=20),
    ),
    Operation(
        "Pulse of as many as 5 000 pairs, JSON",
        lambda cast, _number: cast.calls("/api/mentorships/pulse", person=cast.admin),
        Budget(statements=6, cpu_ms=100),
        is_bounded=False,
    ),
    Operation("Home, HTML", _opens("/"), Budget(statements=15)),
    Operation(
        "Session, HTML",
        lambda cast, _number: cast.opens(f"/sessions/{cast.session.pk}"),
        Budget(statements=15),
    ),
    Operation("History, HTML, 20 rows", _opens("/jam/sessions"), Budget(statements=8, kilobytes=8)),
    Operation("History, HTML, 50 rows", _opens("/jam/sessions?limit=50"), _PAGE_OF_50),
    Operation(
        "History, HTML, a common word",
        _opens("/jam/sessions?q=chapter"),
        Budget(statements=8, kilobytes=8),
    ),
    Operation("Pairs, HTML", _opens("/mentorships"), Budget(statements=8, kilobytes=8)),
    Operation(
        "Home of an administrator, HTML",
        lambda cast, _number: cast.opens("/", person=cast.admin),
        Budget(statements=15),
        is_bounded=False,  # it feels the pulse of all
    ),
    Operation(
        "Pairs of an administrator, HTML",
        lambda cast, _number: cast.opens("/mentorships", person=cast.admin),
        Budget(statements=8, kilobytes=8),
        is_bounded=False,  # it feels the pulse of all
    ),
    Operation(
        "People, HTML",
        lambda cast, _number: cast.opens("/people", person=cast.admin),
        Budget(statements=8, kilobytes=8),
    ),
    Operation(
        "Ask for a time, JSON",
        lambda cast, number: cast.asks(number),
        Budget(statements=6, cpu_ratio=5, p50_ms=20),
        floor=[(_ONE_STATEMENT, (NUMBER,))],
    ),
    Operation(
        "Accept a time, JSON",
        lambda cast, number: cast.accepts(number),
        Budget(statements=13, p50_ms=20),
        supply=lambda cast, number: cast.have_requested(number),
    ),
    Operation(
        "Log a session, JSON",
        lambda cast, number: cast.logs(number),
        Budget(statements=15, p50_ms=20),
        supply=lambda cast, number: cast.have_unlogged(number),
    ),
)
