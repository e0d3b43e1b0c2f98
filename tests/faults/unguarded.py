"""The product with what guards people's time taken away, to show that a race needs it.

Only tests serve it: nothing in the product can switch a guard off.
"""

from collections.abc import Iterable

from tutelage.config.asgi import application
from tutelage.domain.scheduling.services import answering, offering, reserving

__all__ = ["application"]


def lock_nothing(people: Iterable[int]) -> None:
    """In the place of the locks on calendars."""


def find_nobody(*_people: object, **_beside: object) -> list[str]:
    """In the place of the look at what is taken."""
    return []


for module, name, nothing in (
    (offering, "lock_calendars", lock_nothing),
    (answering, "lock_calendars", lock_nothing),
    (reserving, "find_busy", find_nobody),
):
    setattr(module, name, nothing)
