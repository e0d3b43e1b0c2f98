"""`GET /events`: server-sent events for one login session."""

import asyncio
import logging
import re
from http import HTTPStatus
from random import randint
from typing import Final

from django.conf import settings
from django.http import parse_cookie

from tutelage.domain.people import queries
from tutelage.realtime.asgi import (
    Receive,
    Scope,
    Send,
    abort_of,
    answer_json,
    until_gone,
)
from tutelage.realtime.journal import REFRESH, Follower
from tutelage.realtime.streams import Hub, Position, Stream

HEARTBEAT_SECONDS: Final = 15
RECHECK_SECONDS: Final = 30
RETRY_MILLISECONDS: Final = (1_000, 5_000)  # spread, so that all do not come back at once
_STREAM: Final = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"text/event-stream"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ],
}
_POSITION: Final = re.compile(rb"(\d{1,19})-(\d{1,18})")
log = logging.getLogger(__name__)


def _cookie(scope: Scope) -> str:
    cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    return parse_cookie(cookies.decode("latin-1")).get(settings.SESSION_COOKIE_NAME, "")


def _last_event_id(scope: Scope) -> Position | None:
    found = _POSITION.fullmatch(dict(scope["headers"]).get(b"last-event-id", b""))
    return Position(int(found[1]), int(found[2])) if found else None


class Events:
    """An ASGI application."""

    def __init__(self, hub: Hub, follower: Follower) -> None:
        self.hub = hub
        self.follower = follower

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET":
            return await _refuse(send, HTTPStatus.METHOD_NOT_ALLOWED)
        login = _cookie(scope)
        standing = await self.follower.thread.ask(queries.standing_logins, [login]) if login else {}
        if login not in standing:
            return await _refuse(send, HTTPStatus.UNAUTHORIZED)
        if not self.hub.has_room_for(standing[login]):
            return await _refuse(send, HTTPStatus.TOO_MANY_REQUESTS)
        task = asyncio.current_task()
        abort = abort_of(scope) or (task.cancel if task else _nothing)
        stream = Stream(user_id=standing[login], login=login, abort=abort)
        self.hub.add(stream)
        gone = asyncio.create_task(until_gone(receive))
        gone.add_done_callback(lambda _: stream.end())
        try:
            await send(_STREAM)
            await self._greet(stream, scope)
            await _write(stream, send)
        finally:
            gone.cancel()
            self.hub.remove(stream)
        return None

    async def _greet(self, stream: Stream, scope: Scope) -> None:
        """What was missed; from then on, live. Whoever comes anew is told where that begins."""
        stream.push(f"retry: {randint(*RETRY_MILLISECONDS)}\n\n".encode())  # noqa: S311  # no secret
        since, now = _last_event_id(scope), await self.follower.begin()
        if since is not None:
            missed = await self.follower.missed(stream.user_id, since)
        else:
            missed = None if now is None else []
        if since is None and now is not None:
            stream.push(f"id: {now}\n\n".encode())
        if missed is None:
            stream.push(REFRESH)
        stream.catch_up(missed or [])

    async def keep_alive(self) -> None:
        """One ticker for all: what a proxy sees as idle it closes."""
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            for number, stream in enumerate(self.hub):
                stream.push(b":\n\n")
                if number % 100 == 0:
                    await asyncio.sleep(0)

    async def recheck(self) -> None:
        """Who logged out, was suspended or changed the password hears no more."""
        while True:
            await asyncio.sleep(RECHECK_SECONDS)
            logins = {stream.login for stream in self.hub}
            if not logins:
                continue
            try:
                standing = await self.follower.thread.ask(queries.standing_logins, logins)
            except Exception:
                log.exception("Logins could not be checked again; trying later.")
            else:
                self.hub.end_fallen(logins, standing)


async def _write(stream: Stream, send: Send) -> None:
    while chunk := await stream.take():
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body"})


async def _refuse(send: Send, status: HTTPStatus) -> None:
    """As the API would; a browser that is refused does not ask again."""
    problem = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status,
        "code": status.name.lower(),
        "detail": status.description,
        "errors": [],
    }
    await answer_json(send, status, problem, problem=True)


def _nothing() -> None:
    """For a server that cannot cut off, outside a task."""
