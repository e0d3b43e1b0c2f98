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


THOROUGH = Length(rounds=7, requests=300)
QUICK = Length(rounds=5, requests=150)


def measure_operations(dsn: str, length: Length, *, with_pages: bool) -> Iterator[Section]:
    chosen = [each for each in OPERATIONS if with_pages or each.has_floor]
    cast, numbers = Cast(), count()
    sent = [_statements(each, cast, numbers) for each in chosen]
    tasks = {
        str(place): each.floor or sent[place] for place, each in enumerate(chosen) if each.has_floor
    }
    with serving.web(dsn) as web, serving.beside(dsn, tasks) as beside:
        for place, operation in enumerate(chosen):
            asked = _Asked(operation, cast, numbers, place)
            result = _in_turn(asked, web, beside, length)
            answer = web.ask(asked.next())
            loop = None
            if operation.has_floor and not operation.floor:
                loop = floor.in_a_loop(dsn, tasks[str(place)], length.requests)
            yield Section(
                operation.name,
                list(_figures(operation, len(sent[place]), result, len(answer.body), loop)),
            )


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


def _in_turn(asked: _Asked, web: serving.Server, beside: serving.Server, length: Length) -> Result:
    """Rounds of the product and of its floor in turn, so that a busy minute hits both."""
    has_floor = asked.operation.has_floor
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
    yield Figure("SQL statements", statements, "", budget.statements, is_count=True)
    if result.floor:
        bare = Result(result.floor)
        told = f"floor {bare.cpu_ms:.2f} ms" + (f", in a loop {loop:.2f} ms" if loop else "")
        yield Figure("CPU against the floor", result.cpu_ratio, " ×", budget.cpu_ratio, note=told)
        yield Figure("floor's CPU", bare.cpu_ms, " ms", note=told)
        yield Figure("p50 against the floor", result.p50_ratio, " ×", budget.p50_ratio)
    least = f"least {result.least_cpu_ms:.2f} ms"
    yield Figure("CPU", result.cpu_ms, " ms", budget.cpu_ms, note=least)
    yield Figure("p50, one client", result.p50_ms, " ms", budget.p50_ms)
    yield Figure("on the wire", size / 1000, " kB", budget.kilobytes)
