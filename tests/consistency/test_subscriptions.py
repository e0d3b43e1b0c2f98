"""Who reads what: each event has one type, a place, and readers that may run twice."""

import ast
import inspect
import pkgutil
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Final, get_type_hints

import pytest
from django.apps import apps
from procrastinate.contrib.django import app as jobs
from procrastinate.tasks import Task

from tutelage import domain
from tutelage.config.subscriptions import PROJECTIONS, REACTIONS, SWEEPS
from tutelage.core.events import Event
from tutelage.domain.notifications.services import KIND_OF

SOURCE: Final = Path(__file__).parents[2] / "src" / "tutelage"
# Read from the journal alone: by the audit, and by pages that show what happened. Whoever
# publishes a new event either subscribes somebody to it, or says here that nobody has to act.
JOURNAL_ONLY: Final = {
    "availability.changed",
    "feedback.given",
    "feedback.opened",
    "import.finished",
    "mentorship.accepted",
    "mentorship.changed",
    "mentorship.declined",
    "mentorship.ended",
    "mentorship.made",
    "mentorship.paused",
    "mentorship.proposed",
    "mentorship.resumed",
    "mentorship.withdrawn",
    "person.added",
    "person.erased",
    "session.archived",
    "session.imported",
    "session.meeting_switched",
    "session.missed_answered",
    "session.meeting_changed",
    "session.move_withdrawn",
    "session.renamed",
    "session.started",
    "session.step_ticked",
    "token.issued",
    "token.revoked",
}


for _finder, name, _is_package in pkgutil.walk_packages(domain.__path__, f"{domain.__name__}."):
    if name.endswith(".events"):
        import_module(name)


def kinds(of: type[Event] = Event) -> Iterator[type[Event]]:
    """Every event that can happen: those without a type of their own only gather others."""
    for kind in of.__subclasses__():
        ours = kind.__module__.startswith("tutelage.") and ".tests." not in kind.__module__
        if ours and "type" in vars(kind):
            yield kind
        yield from kinds(kind)


def all_tasks() -> list[Task[..., object, ...]]:
    return [
        task
        for task in jobs.tasks.values()
        if not task.name.startswith("builtin:") and ".tests." not in task.func.__module__
    ]


def unread(subscribed: set[str], journal_only: set[str]) -> set[str]:
    """Events that nobody has thought about, or that somebody has in two ways."""
    return {kind.type for kind in kinds()} ^ (subscribed | journal_only) | (
        subscribed & journal_only
    )


def subscribed() -> set[str]:
    return {event.type for event in [*PROJECTIONS, *REACTIONS]}


def test_each_event_is_subscribed_to_or_said_to_be_for_the_journal_alone() -> None:
    assert unread(subscribed(), JOURNAL_ONLY) == set()


def test_an_event_that_nobody_thought_about_would_be_found() -> None:
    assert unread(subscribed(), JOURNAL_ONLY - {"person.added"}) == {"person.added"}
    assert unread(subscribed(), JOURNAL_ONLY | {"session.joined"}) == {"session.joined"}


def test_no_two_events_share_a_type() -> None:
    found = Counter(kind.type for kind in kinds())

    assert [name for name, times in found.items() if times > 1] == []
    assert len(found) > 20


def test_an_event_holds_ids_times_and_codes_and_never_text() -> None:
    """Text that people wrote could not be erased from a journal that is only appended to."""
    free = {
        f"{kind.type}.{name}"
        for kind in kinds()
        for name, hint in get_type_hints(kind).items()
        if hint is str
    }

    assert free <= {"session.joined.source"}, "codes belong in an enumeration"


def test_each_event_is_published_somewhere() -> None:
    """By its name, in a service: an event nobody can cause only misleads."""
    services = [*SOURCE.glob("domain/*/services.py"), *SOURCE.glob("domain/*/services/*.py")]
    named = {
        node.id
        for path in services
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Name)
    }

    assert {kind.type for kind in kinds() if kind.__name__ not in named} == set()


@pytest.mark.parametrize("event", REACTIONS, ids=lambda event: event.type)
def test_each_reaction_is_a_named_job_that_takes_an_entry(event: type[Event]) -> None:
    for job in REACTIONS[event]:
        assert isinstance(job, Task)
        parameters = inspect.signature(job.func).parameters
        assert [name for name in parameters if name != "context"] == ["entry_id"]


def test_each_reaction_is_tried_again_unless_a_sweep_finds_what_it_left() -> None:
    """The relay hands an entry on once: a job that fails with the database must come again."""
    found_by_sweeps = {"imports.begin"}
    given_up = {
        reader.name
        for readers in REACTIONS.values()
        for reader in readers
        if isinstance(reader, Task) and reader.retry_strategy is None
    }

    assert given_up == found_by_sweeps


def test_each_job_is_named_for_its_domain_and_not_for_its_place_in_the_code() -> None:
    """The name stands in rows: code that moves must not leave jobs behind."""
    labels = {config.name.rpartition(".")[2] for config in apps.get_app_configs()}
    for task in all_tasks():
        domain, _dot, verb = task.name.partition(".")
        assert domain in labels
        assert verb.isidentifier()


def test_notifications_are_subscribed_to_what_they_have_words_for() -> None:
    told = {
        event.type
        for event, readers in REACTIONS.items()
        if "notifications.tell_of"
        in {reader.name for reader in readers if isinstance(reader, Task)}
    }

    assert told == set(KIND_OF)


def test_each_sweep_is_there_once_and_none_waits_for_nothing() -> None:
    names = [f"{sweep.__module__}.{sweep.__name__}" for _seconds, sweep in SWEEPS]

    assert len(names) == len(set(names))
    assert all(seconds > 0 for seconds, _sweep in SWEEPS)


def test_what_is_to_be_run_by_the_worker_is_run_by_the_worker() -> None:
    """A function that says so in its first lines has a sweep, or is a job."""
    swept = {sweep.__name__ for _seconds, sweep in SWEEPS}
    promised = {
        node.name
        for path in SOURCE.glob("domain/**/*.py")
        if "tests" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
        and any(words in (ast.get_docstring(node) or "") for words in ("by the worker", "sweep of"))
    }

    assert promised - swept == set()
    assert len(promised) > 3
