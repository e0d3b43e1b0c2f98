"""The product with what guards people's time taken away, to show that a race needs it.

Only tests serve it, in a process of its own: importing it takes the guards away for good.
Nothing in the product can switch a guard off.
"""

from tests.faults.nothing import find_nobody, lock_nothing

from tutelage.config.asgi import application
from tutelage.domain.scheduling.services import (
    answering,
    booking,
    offering,
    reinstating,
    reserving,
)

__all__ = ["application"]

for module, name, nothing in (
    (offering, "lock_calendars", lock_nothing),
    (answering, "lock_calendars", lock_nothing),
    (booking, "lock_calendars", lock_nothing),
    (reinstating, "lock_calendars", lock_nothing),
    (booking, "list_reasons", find_nobody),
    (reserving, "find_busy", find_nobody),
):
    setattr(module, name, nothing)
