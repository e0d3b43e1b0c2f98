"""What is done again and again: due things are found by looking, not by an alarm that may be lost.

It runs beside the queue and not in it: a queue that is stuck must not stop what frees it.
"""

import logging
import time
from collections.abc import Callable, Sequence
from threading import Event
from typing import Final

from asgiref.sync import async_to_sync
from django.db import connection
from procrastinate.contrib.django import app as jobs

from tutelage.config.subscriptions import Sweep

log = logging.getLogger(__name__)

# A worker tells that it lives every five seconds; after thirty its jobs are another's.
HEARTBEAT_SECONDS: Final = 5.0
STALLED_SECONDS: Final = 30.0


@async_to_sync
async def rescue_stalled_jobs() -> None:
    """Give jobs whose worker was killed to another: nothing else ever would."""
    for job in await jobs.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        log.warning("Job %s of a worker that is gone is tried again.", job.id)
        await jobs.job_manager.retry_job(job)


def sweep_until(stop: Event, sweeps: Sequence[Sweep]) -> None:
    """Run each in its own time until told to stop. One that fails is logged and tried again."""
    due = [0.0 for _ in sweeps]
    while not stop.is_set():
        for number, (every, sweep) in enumerate(sweeps):
            if time.monotonic() >= due[number]:
                _run(sweep)
                due[number] = time.monotonic() + every
        stop.wait(max(min(due, default=0.0) - time.monotonic(), 0.05))
    connection.close()


def _run(sweep: Callable[[], object]) -> None:
    try:
        sweep()
    except Exception:
        log.exception("The sweep %r failed; it is tried again in its time.", sweep)
        connection.close()
