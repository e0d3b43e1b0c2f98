"""The parts of a run, each of which can be taken alone. Imported once the product is loaded."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bench import events, jobs, running, visits, whole
from bench.operations import OPERATIONS, Operation
from bench.verdict import Section

Databases = Mapping[int, str]


def _largest(databases: Databases) -> str:
    return databases[max(databases)]


PARTS: Final[Mapping[str, Callable[[Databases], Iterator[Section]]]] = {
    "visits": lambda databases: visits.measure_visits(_largest(databases)),
    "events": lambda databases: events.measure_events(_largest(databases)),
    "jobs": lambda databases: jobs.measure_jobs(_largest(databases)),
    "stack": lambda _databases: whole.measure_stack(),
}


def quick(dsn: str) -> Iterator[Section]:
    """What every change has to keep to: counts of all, and ratios of those held to a floor."""
    demanded = [each for each in OPERATIONS if each.is_demanded]
    yield from running.count_statements(dsn, demanded)
    yield from running.measure_ratios(dsn, [each for each in demanded if each.is_quick])


def whole_of(databases: Databases, only: Sequence[str]) -> Iterator[Section]:
    """All of it, or what has one of the words in its name; `operations` are all of them."""
    if chosen := _operations(only):
        yield from running.measure_operations(databases, chosen)
    for name, part in PARTS.items():
        if _is_wanted(name, only):
            try:
                for section in part(databases):
                    yield replace(section, part=name)
            except Exception as error:  # the others are to be measured all the same
                yield Section(name, [running.failure(error)])


def _operations(only: Sequence[str]) -> list[Operation]:
    if "operations" in only:
        return list(OPERATIONS)
    return [each for each in OPERATIONS if _is_wanted(each.name, only)]


def _is_wanted(name: str, only: Sequence[str]) -> bool:
    return not only or any(word.casefold() in name.casefold() for word in only)
