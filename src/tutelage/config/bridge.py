"""Runs Django's WSGI application inside the ASGI server, on a few threads that stay.

A thread is held only while Django computes: the body was read before, and the response is sent
after. Each thread keeps its database connection, and its context with all that Django keeps there.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, Protocol

import structlog

from tutelage.config.incoming import BodyRules, ClientGone, Refused, environ_of, read_body
from tutelage.config.refusals import refuse
from tutelage.realtime.asgi import Receive, Scope, Send, abort_of, until_gone

BLOCK: Final = 64 * 1024
SEND_SECONDS: Final = 60  # for a block of a file; who takes none in that time is cut off
_WITHOUT_BODY: Final = {204, 304}
RETRY_AFTER: Final = (b"retry-after", b"2")
log = logging.getLogger(__name__)

Environ = dict[str, Any]
WsgiApplication = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...
    def close(self) -> None: ...


class FileBody:
    """WSGI's `file_wrapper`: marks a response whose body is a file."""

    def __init__(self, file: Readable, _block_size: int = BLOCK) -> None:
        self.file = file

    def __iter__(self) -> Iterator[bytes]:
        while block := self.file.read(BLOCK):
            yield block

    def close(self) -> None:
        self.file.close()


@dataclass(slots=True)
class Answer:
    """A response of Django's: a body held in memory, or the file that is still to be sent."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    file: FileBody | None


class Bridge:
    """An ASGI application around a WSGI one. At most `waiting` requests wait for a thread."""

    def __init__(
        self,
        application: WsgiApplication,
        *,
        threads: int = 4,
        waiting: int = 100,
        rules: BodyRules | None = None,
    ) -> None:
        self._application = application
        # An executor's thread runs all its work in one context, its own, from first to last.
        self._threads = ThreadPoolExecutor(threads, "django")
        self._room = threads + waiting
        self._rules = rules or BodyRules()

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            given = await self._compute(scope, receive)
        except Refused as refusal:
            await refuse(scope, send, refusal.status, [RETRY_AFTER])
        except ClientGone:
            return
        except Exception:
            log.exception("The application did not answer.")
            await refuse(scope, send, HTTPStatus.INTERNAL_SERVER_ERROR)
        else:
            start = {"status": given.status, "headers": given.headers}
            await send({"type": "http.response.start", **start})
            if given.file:
                await self._send_file(given.file, scope, receive, send)
            else:
                await send({"type": "http.response.body", "body": given.body})

    async def _compute(self, scope: Scope, receive: Receive) -> Answer:
        with await read_body(scope, receive, self._rules) as body:
            if self._room <= 0:
                raise Refused(HTTPStatus.SERVICE_UNAVAILABLE)
            environ = environ_of(scope, body, scope.get("tutelage.request_id", ""))
            environ["wsgi.file_wrapper"] = FileBody
            self._room -= 1
            try:
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._threads, self._call, environ)
            finally:
                self._room += 1

    def _call(self, environ: Environ) -> Answer:
        """Everything that needs Django, in one of its threads."""
        started: list[tuple[str, list[tuple[str, str]]]] = []
        written: list[bytes] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], _error: object = None
        ) -> Callable[[bytes], None]:
            started[:] = [(status, headers)]
            return written.append

        with structlog.contextvars.bound_contextvars(request_id=environ["tutelage.request_id"]):
            result = self._application(environ, start_response)
            status, headers = started[0]
            given = Answer(
                status=int(status[:3]),
                headers=[(n.lower().encode("latin-1"), v.encode("latin-1")) for n, v in headers],
                body=b"",
                file=None,
            )
            if isinstance(result, FileBody) and (_length(given) or BLOCK + 1) > BLOCK:
                given.file = result  # what fits into one block is read where it was opened
                return given
            try:
                given.body = b"".join([*written, *result])
            finally:
                getattr(result, "close", _nothing)()
        if given.status not in _WITHOUT_BODY and _length(given) is None:
            given.headers.append((b"content-length", str(len(given.body)).encode()))
        if environ["REQUEST_METHOD"] == "HEAD":
            given.body = b""
        return given

    async def _send_file(self, file: FileBody, scope: Scope, receive: Receive, send: Send) -> None:
        """Read by any thread that is free, so that a slow reader holds none of Django's."""
        gone = asyncio.create_task(until_gone(receive))
        blocks = iter(file if scope["method"] != "HEAD" else ())
        try:
            while (block := await asyncio.to_thread(next, blocks, b"")) and not gone.done():
                async with asyncio.timeout(SEND_SECONDS):
                    await send({"type": "http.response.body", "body": block, "more_body": True})
            await send({"type": "http.response.body"})
        except TimeoutError:
            if abort := abort_of(scope):
                abort()
        finally:
            gone.cancel()
            loop = asyncio.get_running_loop()
            with suppress(RuntimeError):  # the threads have been closed; nothing is left to free
                await loop.run_in_executor(self._threads, file.close)


def _length(given: Answer) -> int | None:
    return next((int(value) for name, value in given.headers if name == b"content-length"), None)


def _nothing() -> None:
    """For responses that have nothing to close."""
