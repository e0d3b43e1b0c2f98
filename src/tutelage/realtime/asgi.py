"""The words of ASGI, and its small answers."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

Scope = Mapping[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = Sequence[tuple[bytes, bytes]]


async def answer(
    send: Send, status: int, body: bytes, media_type: str, headers: Headers = ()
) -> None:
    """Send a whole response; the server leaves the body out where the method is HEAD."""
    own = [
        (b"content-type", media_type.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": [*own, *headers]})
    await send({"type": "http.response.body", "body": body})


async def answer_json(
    send: Send, status: int, content: object, *, problem: bool = False, headers: Headers = ()
) -> None:
    media_type = "application/problem+json" if problem else "application/json"
    await answer(send, status, json.dumps(content).encode(), media_type, headers)


async def until_gone(receive: Receive) -> None:
    """Return when the client has left; what it sends meanwhile is not looked at."""
    while (await receive())["type"] != "http.disconnect":
        pass


def abort_of(scope: Scope) -> Callable[[], None] | None:
    """How to cut a client off without sending what is still queued, if the server can."""
    extension = scope.get("extensions", {}).get("tutelage.abort")
    return extension["abort"] if extension else None
