"""The worker process: jobs, the relay of the journal, and what is looked for again and again."""

import logging
import os
import signal
from collections.abc import Callable
from threading import Event, Thread
from typing import Any, Final

from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.utils import connector_params
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from tutelage.config.environment import Environment
from tutelage.config.postgresql.base import has_something_to_say
from tutelage.config.subscriptions import REACTIONS, SWEEPS
from tutelage.domain.journal.relay import relay_until
from tutelage.ops.sweeper import (
    HEARTBEAT_SECONDS,
    STALLED_SECONDS,
    rescue_stalled_jobs,
    sweep_until,
)

GRACE_SECONDS: Final = 3.0
RESCUE_EVERY_SECONDS: Final = 10.0
log = logging.getLogger(__name__)


def work(env: Environment) -> None:
    """Work until told to stop. When a part of it breaks, all of it ends, to be started anew."""
    stop = Event()
    sweeps = [(RESCUE_EVERY_SECONDS, rescue_stalled_jobs), *SWEEPS]
    threads = [
        _thread("relay", lambda: relay_until(stop, REACTIONS)),
        _thread("sweeper", lambda: sweep_until(stop, sweeps)),
    ]
    # Not `replace_connector`: that would take the relay's jobs out of its transaction.
    queue = jobs.with_connector(
        PsycopgConnector(
            kwargs=connector_params(), configure=_let_each_statement_commit, pool_factory=_pool
        )
    )
    try:
        queue.run_worker(
            concurrency=env.worker_concurrency,
            update_heartbeat_interval=HEARTBEAT_SECONDS,
            stalled_worker_timeout=STALLED_SECONDS,
            shutdown_graceful_timeout=GRACE_SECONDS,
        )
    finally:
        stop.set()
        for thread in threads:
            thread.join(GRACE_SECONDS)


async def _let_each_statement_commit(connection: AsyncConnection[Any]) -> None:
    """What the queue does is one statement each time: BEGIN and COMMIT would be two more."""
    await connection.set_autocommit(True)


def _pool(**given: Any) -> AsyncConnectionPool[AsyncConnection[Any]]:  # noqa: ANN401  # the library's
    return AsyncConnectionPool(**{**given, "check": _check})


async def _check(connection: AsyncConnection[Any]) -> None:
    """As with Django's: asked only where there is something to read."""
    if connection.closed or has_something_to_say(connection):
        await AsyncConnectionPool.check_connection(connection)


def _thread(name: str, run: Callable[[], None]) -> Thread:
    thread = Thread(target=_or_end, args=(name, run), name=name, daemon=True)
    thread.start()
    return thread


def _or_end(name: str, run: Callable[[], None]) -> None:
    """Without its relay or sweeper a worker would only look alive."""
    try:
        run()
    except BaseException:
        log.exception("The %s broke; this worker ends.", name)
        os.kill(os.getpid(), signal.SIGTERM)
        raise
