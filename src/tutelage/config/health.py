"""`/healthz`: the process is alive. `/readyz`: it can serve and write; how the worker is."""

import asyncio
from contextlib import suppress
from http import HTTPStatus
from typing import Final

from django.db import connection

from tutelage.config import storage
from tutelage.realtime.asgi import Receive, Scope, Send, answer_json
from tutelage.realtime.django_thread import DjangoThread

SILENT_AFTER_SECONDS: Final = 60
ANSWER_SECONDS: Final = 3
_TABLES: Final = "SELECT to_regclass('django_migrations'), to_regclass('procrastinate_workers')"
_HEARTBEAT: Final = """
    SELECT extract(epoch FROM now() - max(last_heartbeat))::float FROM procrastinate_workers
"""


async def healthz(_scope: Scope, _receive: Receive, send: Send) -> None:
    await answer_json(send, HTTPStatus.OK, {"status": "alive"})


class Readyz:
    """A silent worker is told of, but does not take the pages away."""

    def __init__(self, thread: DjangoThread) -> None:
        self._thread = thread

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        found: dict[str, object] = {
            "database": False,
            "migrated": False,
            "storage": "unknown",
            "worker": "unknown",
        }
        with suppress(Exception):  # whatever the reason: it is not ready, and says so
            async with asyncio.timeout(ANSWER_SECONDS):
                found |= await self._thread.ask(_look)
        ready = bool(found["database"] and found["migrated"] and found["storage"] == "ok")
        status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
        await answer_json(send, status, {"status": "ready" if ready else "not ready", **found})


def _look() -> dict[str, object]:
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        migrations, workers = cursor.fetchone()
        seconds = None
        if workers:
            cursor.execute(_HEARTBEAT)
            (seconds,) = cursor.fetchone()
    return {
        "database": True,
        "migrated": migrations is not None,
        "storage": "ok" if storage.has_room() else "full",
        "worker": _worker(seconds),
        "worker_heartbeat_seconds": None if seconds is None else round(seconds, 1),
    }


def _worker(seconds: float | None) -> str:
    if seconds is None:
        return "none"
    return "alive" if seconds <= SILENT_AFTER_SECONDS else "silent"
