"""What stands in the place of a guard that is taken away. Importing it takes nothing away."""

from collections.abc import Iterable


def lock_nothing(people: Iterable[int]) -> None:
    """In the place of the locks on calendars."""


def find_nobody(*_people: object, **_beside: object) -> list[str]:
    """In the place of the look at what is taken."""
    return []
