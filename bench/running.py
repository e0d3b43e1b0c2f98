"""Takes the operations in turn: how much SQL, how much CPU, how long, how many bytes."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Final

from django.db import connection

from bench import explained, product, serving
from bench.cast import Cast
from bench.floor import Statement
from bench.measures import Result, Round
from bench.operations import Operation
from bench.statements import statements_of
from bench.verdict import BOUNDED, Figure, Section

WARM_UP: Final = 20
CPU_RATIO: Final = "CPU against the floor"
STATEMENTS: Final = "SQL statements"


@dataclass(frozen=True, slots=True)
class Length:
    rounds: int
    requests: int


# Many short rounds: of a time only the quietest counts, and one of them will be quiet.
LONG: Final = Length(rounds=15, requests=80)  # what is held to a floor's time, too
BESIDE_FLOOR: Final = Length(rounds=9, requests=40)
ALONE: Final = Length(rounds=5, requests=25)


@dataclass(frozen=True, slots=True)
class Asked:
    """One operation on one database: its statements, and requests with numbers of their own."""

    operation: Operation
    place: int
    cast: Cast
    sent: Sequence[Statement]
    numbers: Iterator[int]

    @classmethod
    def of(cls, operation: Operation, place: int, cast: Cast) -> "Asked":
        """Ask twice, to see its statements: the product has been turned to that database."""
        numbers = count()
        if operation.supply:
            length = length_of(operation)
            operation.supply(cast, length.rounds * length.requests + WARM_UP + 5)
        first, second = (operation.asked(cast, next(numbers)) for _ in range(2))
        return cls(operation, place, cast, statements_of(first, second), numbers)

    @property
    def name(self) -> str:
        return self.operation.name

    def next(self, number: int) -> list[serving.Request]:
        return [self.operation.asked(self.cast, next(self.numbers)) for _ in range(number)]

    def next_of_floor(self, number: int) -> list[serving.Request]:
        return [serving.Request(f"/{self.place}?{next(self.numbers)}") for _ in range(number)]


@dataclass(frozen=True, slots=True)
class Site:
    """One database with the product and the floor on it, each in a process of its own."""

    dsn: str
    asked: Sequence[Asked]
    web: serving.Server
    floor: serving.Server


def count_statements(dsn: str, chosen: Sequence[Operation]) -> Iterator[Section]:
    """How much SQL: no server is needed."""
    product.turn_to(dsn)
    cast = Cast()
    for place, operation in enumerate(chosen):
        asked = Asked.of(operation, place, cast)
        yield Section(operation.name, [statement_count([asked])], is_operation=True)


def measure_ratios(dsn: str, chosen: Sequence[Operation]) -> Iterator[Section]:
    """CPU against the floor, and nothing that depends on how busy the machine is.

    What is over is taken once more: a change is not refused for one bad minute.
    """
    with site(dsn, chosen) as one:
        for asked in one.asked:
            section = ratio_of(one, asked)
            yield ratio_of(one, asked) if section.figures[0].is_over else section


def ratio_of(one: Site, asked: Asked) -> Section:
    [result] = take_in_turn([one], asked.place, BESIDE_FLOOR)
    budget = asked.operation.budget.cpu_ratio
    figure = Figure(CPU_RATIO, [result.cpu_ratio], " ×", budget)
    return Section(asked.name, [figure], is_operation=True)


def measure_operations(
    databases: Mapping[int, str], chosen: Sequence[Operation]
) -> Iterator[Section]:
    """All there is to know of them, on databases of several sizes in turn."""
    known: dict[str, Sequence[Result]] = {}
    with ExitStack() as stack:
        sites = [stack.enter_context(site(dsn, chosen)) for dsn in databases.values()]
        for place, operation in enumerate(chosen):
            try:
                known[operation.name] = take_in_turn(sites, place, length_of(operation))
                figures = list(_figures(sites, place, known))
            except Exception as error:  # the others are to be measured all the same
                figures = [failure(error)]
            yield Section(operation.name, figures, is_operation=True)


def failure(error: Exception) -> Figure:
    """Fails the run, and says why."""
    words = f"{type(error).__name__}: {error}"[:200].replace("\n", " ")
    return Figure("failed", [1], budget=0, is_count=True, note=words)


@contextmanager
def site(dsn: str, chosen: Sequence[Operation]) -> Iterator[Site]:
    product.turn_to(dsn)
    cast = Cast()
    asked = [Asked.of(operation, place, cast) for place, operation in enumerate(chosen)]
    tasks = {
        str(each.place): each.operation.floor or each.sent
        for each in asked
        if each.operation.has_floor
    }
    with serving.web(dsn) as web, serving.beside(dsn, tasks, options()) as floor:
        yield Site(dsn, asked, web, floor)


def options() -> str:
    """How the product has the server plan."""
    return str(connection.settings_dict["OPTIONS"]["options"])


def length_of(operation: Operation) -> Length:
    if operation.budget.p50_ratio is not None:
        return LONG
    return BESIDE_FLOOR if operation.has_floor else ALONE


def take_in_turn(sites: Sequence[Site], place: int, length: Length) -> list[Result]:
    """Rounds of the product and of its floor, on each database: a busy minute hits all."""
    operation = sites[0].asked[place].operation
    results = [(list[Round](), list[Round]()) for _ in sites]
    for number in range(-1, length.rounds):  # the first one only warms up
        requests = WARM_UP if number < 0 else length.requests
        for one, (ours, theirs) in zip(sites, results, strict=True):
            asked = one.asked[place]
            ours.append(one.web.measured(asked.next(requests)))
            if operation.has_floor:
                theirs.append(one.floor.measured(asked.next_of_floor(requests)))
    return [Result(ours[1:], theirs[1:]) for ours, theirs in results]


def _figures(
    sites: Sequence[Site], place: int, known: Mapping[str, Sequence[Result]]
) -> Iterator[Figure]:
    asked = [one.asked[place] for one in sites]
    operation, results = asked[0].operation, known[asked[0].name]
    budget = operation.budget
    yield statement_count(asked)
    yield Figure("CPU", [each.cpu_ms for each in results], " ms", budget.cpu_ms)
    if len(results) > 1:
        growth = results[-1].cpu_against(results[0])
        target = BOUNDED if operation.is_bounded else None
        yield Figure("CPU, by the size", [growth], " ×", target=target)
    if operation.against and operation.against[0] in known:
        yield _against(operation.against, results, known)
    if operation.has_floor:
        floors = [Result(each.floor).cpu_ms for each in results]
        yield Figure(CPU_RATIO, [each.cpu_ratio for each in results], " ×", budget.cpu_ratio)
        yield Figure("CPU of the floor", floors, " ms")
        ratios = [each.p50_ratio for each in results]
        yield Figure("p50 against the floor", ratios, " ×", budget.p50_ratio)
    yield Figure("p50", [each.p50_ms for each in results], " ms", budget.p50_ms)
    yield Figure("p99", [each.p99_ms for each in results], " ms")
    if not (operation.supply or operation.floor):  # what writes is not done once more
        took = [
            explained.database_ms(one.dsn, options(), each.sent)
            for one, each in zip(sites, asked, strict=True)
        ]
        yield Figure("in the database", took, " ms", budget.database_ms)
        sizes = [
            len(one.web.ask(each.next(1)[0]).body) / 1000
            for one, each in zip(sites, asked, strict=True)
        ]
        yield Figure("on the wire", sizes, " kB", budget.kilobytes)


def _against(
    other: tuple[str, float], results: Sequence[Result], known: Mapping[str, Sequence[Result]]
) -> Figure:
    name, budget = other
    ratios = [a.cpu_ms / b.cpu_ms for a, b in zip(results, known[name], strict=True)]
    return Figure("CPU against the first page", ratios, " ×", budget)


def statement_count(asked: Sequence[Asked]) -> Figure:
    counts = [len(each.sent) for each in asked]
    budget = asked[0].operation.budget.statements
    return Figure(STATEMENTS, counts, "", budget, is_count=True)
