"""Takes the operations in turn: how much SQL, how much CPU, how long, how many bytes."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from bench import floor, serving
from bench.measures import Result
from bench.operations import OPERATIONS, Cast, Operation
from bench.statements import statements_of
from bench.verdict import Figure, Section

WARM_UP = 30


@dataclass(frozen=True, slots=True)
class Length:
    rounds: int
    requests: int


# Many short rounds: of a time only the quietest counts, and one of them will be quiet.
BESIDE_FLOOR = Length(rounds=15, requests=120)
ALONE = Length(rounds=5, requests=25)


def count_statements() -> Iterator[Section]:
    """How much SQL, of all that has to keep to it now: no server is needed."""
    cast, numbers = Cast(), count()
    for operation in OPERATIONS:
        if operation.is_demanded:
            found = len(_statements(operation, cast, numbers))
            yield Section(operation.name, [_statement_count(operation, found)])


def measure_operations(dsn: str, *, only_demanded: bool) -> Iterator[Section]:
    """All of them; or those alone that are held to a floor, and have to keep to it now."""
    chosen = [e for e in OPERATIONS if not only_demanded or (e.has_floor and e.is_demanded)]
    cast, numbers = Cast(), count(WARM_UP)
    sent = [_statements(each, cast, numbers) for each in chosen]
    tasks = {
        str(place): each.floor or sent[place] for place, each in enumerate(chosen) if each.has_floor
    }
    with serving.web(dsn) as web, serving.beside(dsn, tasks) as beside:
        for place, operation in enumerate(chosen):
            asked = _Asked(operation, cast, numbers, place)
            result = _in_turn(asked, web, beside)
            answer = web.ask(asked.next())
            loop = None
            if operation.has_floor and not operation.floor:
                loop = floor.in_a_loop(dsn, tasks[str(place)], times=200)
            figures = list(_figures(operation, len(sent[place]), result, len(answer.body), loop))
            # Times are no ground to refuse a change: a busy machine would refuse it, too.
            yield Section(operation.name, figures[:2] if only_demanded else figures)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Requests of one operation, no two with the same number."""

    operation: Operation
    cast: Cast
    numbers: Iterator[int]
    place: int

    def next(self) -> serving.Request:
        return self.operation.asked(self.cast, next(self.numbers))

    def next_of_floor(self) -> serving.Request:
        return serving.Request(f"/{self.place}?{next(self.numbers)}")


def _statements(operation: Operation, cast: Cast, numbers: Iterator[int]) -> list[floor.Statement]:
    first, second = (operation.asked(cast, next(numbers)) for _ in range(2))
    return statements_of(first, second)


def _in_turn(asked: _Asked, web: serving.Server, beside: serving.Server) -> Result:
    """Rounds of the product and of its floor in turn, so that a busy minute hits both."""
    has_floor = asked.operation.has_floor
    length = BESIDE_FLOOR if has_floor else ALONE
    web.measured([asked.next() for _ in range(WARM_UP)])
    if has_floor:
        beside.measured([asked.next_of_floor() for _ in range(WARM_UP)])
    ours, theirs = [], []
    for _ in range(length.rounds):
        ours.append(web.measured([asked.next() for _ in range(length.requests)]))
        if has_floor:
            theirs.append(beside.measured([asked.next_of_floor() for _ in range(length.requests)]))
    return Result(ours, theirs)


def _figures(
    operation: Operation, statements: int, result: Result, size: int, loop: float | None
) -> Iterator[Figure]:
    budget = operation.budget
    yield _statement_count(operation, statements)
    if result.floor:
        bare = Result(result.floor)
        yield Figure("CPU against the floor", result.cpu_ratio, " ×", budget.cpu_ratio)
        told = f"in a loop {loop:.2f} ms" if loop else ""
        yield Figure("CPU of the floor", bare.cpu_ms, " ms", note=told)
        yield Figure("p50 against the floor", result.p50_ratio, " ×", budget.p50_ratio)
    least = f"least {result.least_cpu_ms:.2f} ms"
    yield Figure("CPU", result.cpu_ms, " ms", budget.cpu_ms, note=least)
    yield Figure("p50, one client", result.p50_ms, " ms", budget.p50_ms)
    yield Figure("on the wire", size / 1000, " kB", budget.kilobytes)


def _statement_count(operation: Operation, found: int) -> Figure:
    return Figure("SQL statements", found, "", operation.budget.statements, is_count=True)
