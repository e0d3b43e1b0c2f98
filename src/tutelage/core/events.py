"""Domain events: a fact that happened.

Publishing writes one row to the journal, and lets the projections that belong to the same
transaction follow; whatever may wait is a reaction of the worker. The row stands or falls with
the change it tells of. Who reads what is declared on one page, `tutelage.config.subscriptions`.
"""

from collections.abc import Callable
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel


class Event(BaseModel, frozen=True):
    """Base class. What a subclass adds becomes the payload, as JSON: ids and codes, never text."""

    type: ClassVar[str]
    subject_type: ClassVar[str]

    subject_id: UUID
    actor_id: int | None


def known_types(of: type[Event] = Event) -> frozenset[str]:
    """The names of all events there are, for those who listen to each."""
    own = {str(of.type)} if "type" in vars(of) else set[str]()
    return frozenset(own).union(*(known_types(kind) for kind in of.__subclasses__()))


Recorder = Callable[[Event], None]
_recorder: Recorder | None = None


def record_with(recorder: Recorder) -> None:
    """Plug the journal in, once, when Django starts: core knows nothing above itself."""
    global _recorder  # noqa: PLW0603
    _recorder = recorder


def publish(event: Event) -> None:
    """Append the event to the journal, in the transaction that is open."""
    if _recorder is None:
        raise RuntimeError("No journal is plugged in.")
    _recorder(event)
