"""Read by every Python of an installation on a false clock, before anything of it.

The clock on the wall goes `HURRY` times as fast, the one that measures how long something takes
does not. So what is told in seconds of the wall has to be told anew: how often the worker looks
for what is due, and after which silence a worker is taken for dead. All else is the product's.
"""

import os
import select
import sys
import time
from datetime import UTC, datetime
from importlib.abc import MetaPathFinder
from zoneinfo import ZoneInfo

HURRY = float(os.environ.get("HURRY", "1"))
# A defect that is planted: the zone by whose wall clock the worker goes.
GOES_BY = os.environ.get("GOES_BY", "")


def sleep(seconds: float) -> None:
    """Without `clock_nanosleep`: libfaketime 0.9.10 has it refuse what it is asked for here."""
    select.select((), (), (), seconds)


def by_the_wall() -> datetime:
    """There and back, as if no hour came twice."""
    return datetime.now(ZoneInfo(GOES_BY)).replace(fold=0).astimezone(UTC)


class BeforeWork(MetaPathFinder):
    """Quickens the sweeps just before the worker takes them."""

    def find_spec(self, name: str, *_where: object) -> None:
        if name != "tutelage.ops.work":
            return
        sys.meta_path.remove(self)
        from tutelage.config import subscriptions  # noqa: PLC0415 -- Django is set up by now
        from tutelage.ops import sweeper  # noqa: PLC0415

        quicker = tuple((every / HURRY, sweep) for every, sweep in subscriptions.SWEEPS)
        setattr(subscriptions, "SWEEPS", quicker)  # noqa: B010 -- it is Final
        setattr(sweeper, "STALLED_SECONDS", sweeper.STALLED_SECONDS * HURRY)  # noqa: B010
        if GOES_BY:
            from tutelage.domain.notifications import queries  # noqa: PLC0415

            setattr(queries, "now", by_the_wall)  # noqa: B010


setattr(time, "sleep", sleep)  # noqa: B010
sys.meta_path.insert(0, BeforeWork())
