"""What happens after what, the whole of it on one page.

Projections follow in the transaction of the change: rows that must never disagree with it.
Reactions are jobs of the worker, handed on by the relay once the change is committed.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from tutelage.core.events import Event
from tutelage.domain.journal.relay import Readers
from tutelage.domain.journal.services import append

Projection = Callable[[Any], None]

PROJECTIONS: Final[Mapping[type[Event], Sequence[Projection]]] = {}
REACTIONS: Final[Readers] = {}


def record(event: Event) -> None:
    """Write the event down, then let what has to agree with it follow."""
    append(event)
    for project in PROJECTIONS.get(type(event), ()):
        project(event)
