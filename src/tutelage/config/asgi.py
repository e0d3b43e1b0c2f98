"""One port: events and health by plain ASGI, everything else through the bridge to Django."""

import asyncio
import gc
import signal
from collections.abc import Mapping
from types import FrameType
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

from tutelage.config import wsgi  # sets Django up; stands before whatever needs its models
from tutelage.config.access import logged
from tutelage.config.audience import concerned
from tutelage.config.bridge import Bridge
from tutelage.config.closed import closed
from tutelage.config.health import Readyz, healthz
from tutelage.config.subscriptions import record
from tutelage.core import events
from tutelage.realtime.asgi import Application, Receive, Scope, Send
from tutelage.realtime.django_thread import DjangoThread
from tutelage.realtime.endpoint import Events
from tutelage.realtime.journal import Doorbell, Follower
from tutelage.realtime.streams import Hub

_NOT_LIBPQ: Final = {"context", "cursor_factory", "prepare_threshold"}


def _connection_parameters() -> Mapping[str, Any]:
    """As Django connects, without what is Django's own."""
    parameters = connection.get_connection_params()
    return {key: value for key, value in parameters.items() if key not in _NOT_LIBPQ}


def _recorder_that_rings(doorbell: Doorbell) -> events.Recorder:
    """What this process commits is heard at once, and not when the worker next looks."""

    def record_and_ring(event: events.Event) -> None:
        record(event)
        transaction.on_commit(doorbell.ring, robust=True)

    return record_and_ring


def _collect_seldom() -> None:
    """What was loaded until now stays: no search for garbage has to look through it again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


class Web:
    """Routes a request by its path, and keeps what runs beside the requests."""

    def __init__(self) -> None:
        self._thread = DjangoThread()
        self._hub = Hub()
        follower = Follower(self._hub, self._thread, concerned)
        self._follower = follower
        self._events = Events(self._hub, follower)
        self._bridge = Bridge(wsgi.application, threads=settings.WEB_THREADS)
        self._everything_else = closed(logged(self._bridge))
        self._routes: Mapping[str, Application] = {
            "/events": closed(logged(self._events)),
            "/healthz": closed(healthz),
            "/readyz": closed(Readyz(self._thread)),
        }
        self._tasks: list[asyncio.Task[None]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            serve = self._routes.get(scope["path"], self._everything_else)
            await serve(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        events.record_with(record)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._bridge.close()
        self._thread.close()
        await send({"type": "lifespan.shutdown.complete"})

    def _start(self) -> None:
        wsgi.limit_waiting()
        _collect_seldom()
        doorbell = Doorbell(self._thread)
        events.record_with(_recorder_that_rings(doorbell))
        beside = [
            self._follower.run(_connection_parameters),
            doorbell.run(),
            self._events.keep_alive(),
            self._events.recheck(),
        ]
        self._tasks = [asyncio.create_task(each) for each in beside]
        self._end_streams_at(signal.SIGTERM)
        self._end_streams_at(signal.SIGINT)

    def _end_streams_at(self, number: signal.Signals) -> None:
        """The server waits for open responses before it says that it stops: hear it earlier."""
        before, loop = signal.getsignal(number), asyncio.get_running_loop()

        def end(received: int, frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(self._hub.close)
            if callable(before):
                before(received, frame)

        signal.signal(number, end)


application = Web()
