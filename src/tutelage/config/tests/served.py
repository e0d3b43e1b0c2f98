"""A small Django to be served: by the bridge, and as the bridge must not do it."""

import asyncio
import hashlib
import os
import threading
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO, RawIOBase
from itertools import count
from time import sleep
from typing import Any, TypeVar

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tutelage.config.settings")

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished
from django.db import connection
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import path

from tutelage.config.access import logged
from tutelage.config.bridge import Bridge
from tutelage.config.incoming import BodyRules
from tutelage.realtime.asgi import Application, Receive, Scope, Send

T = TypeVar("T")
FINISHED: list[int] = []
ASKED = count()


def tell(request: HttpRequest, rest: str = "") -> JsonResponse:
    """Say what has arrived."""
    body = request.read()
    environ = {key: value for key, value in request.META.items() if isinstance(value, str)}
    return JsonResponse(
        {
            "environ": environ,
            "path": request.path,
            "query": dict(request.GET.lists()),
            "size": len(body),
            "sha256": hashlib.sha256(body).hexdigest(),
            "rest": rest,
        }
    )


def backend(_request: HttpRequest) -> JsonResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid(), pg_sleep(0.002)")
        return JsonResponse({"pid": cursor.fetchone()[0], "thread": threading.get_ident()})


def wait(request: HttpRequest) -> HttpResponse:
    sleep(float(request.GET["seconds"]))
    return HttpResponse("waited")


def large(request: HttpRequest) -> HttpResponseBase:
    """Many bytes, as a file or at once."""
    content = b"x" * int(request.GET["size"])
    if "file" not in request.GET:
        return HttpResponse(content)
    return FileResponse(BytesIO(content), headers={"content-length": str(len(content))})


def finished(_request: HttpRequest) -> JsonResponse:
    """How many requests are finished, without those that asked for this."""
    return JsonResponse({"count": len(FINISHED) - next(ASKED)})


def quick(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("quick")


urlpatterns = [
    path("tell/<path:rest>", tell),
    path("tell/", tell),
    path("api/tell", tell),
    path("backend", backend),
    path("wait", wait),
    path("large", large),
    path("finished", finished),
    path("quick", quick),
]

django.setup()
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = []
request_finished.connect(lambda **_: FINISHED.append(1), weak=False)


def living(application: Application) -> Application:
    """Answer the server's own questions."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await application(scope, receive, send)
            return
        while (message := await receive())["type"] != "lifespan.shutdown":
            await send({"type": f"{message['type']}.complete"})
        await send({"type": "lifespan.shutdown.complete"})

    return serve


async def _waited_for(something: Awaitable[T]) -> T:
    return await something


class BlockingBody(RawIOBase):
    """Read from inside a thread, which waits there for the client."""

    def __init__(self, receive: Receive, loop: asyncio.AbstractEventLoop) -> None:
        self._receive, self._loop, self._more = receive, loop, True

    def readable(self) -> bool:
        return True

    def read(self, _size: int = -1) -> bytes:
        if not self._more:
            return b""
        message = asyncio.run_coroutine_threadsafe(
            _waited_for(self._receive()), self._loop
        ).result()
        self._more = message.get("more_body", False)
        body: bytes = message.get("body", b"")
        return body


class InsideTheThread(Bridge):
    """The control: what most do, who read the body and send the response from the thread."""

    _pool = ThreadPoolExecutor(4)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()

        def say(message: dict[str, Any]) -> None:
            asyncio.run_coroutine_threadsafe(_waited_for(send(message)), loop).result()

        def whole() -> None:
            body, content = BlockingBody(receive, loop), b""
            while block := body.read():
                content += block
            code, size = 200, 5
            if scope["path"] == "/large":
                size = int(scope["query_string"].partition(b"size=")[2].partition(b"&")[0])
            length = (b"content-length", str(size).encode())
            say({"type": "http.response.start", "status": code, "headers": [length]})
            for start in range(0, size, 65536):
                block = b"x" * min(65536, size - start)
                say({"type": "http.response.body", "body": block, "more_body": True})
            say({"type": "http.response.body"})

        await loop.run_in_executor(self._pool, whole)


bridged = living(logged(Bridge(WSGIHandler())))
impatient = living(
    Bridge(WSGIHandler(), threads=1, waiting=2, rules=BodyRules(limit=1000, seconds=0.5))
)
naive = living(InsideTheThread(WSGIHandler()))
