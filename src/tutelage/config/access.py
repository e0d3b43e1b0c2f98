"""Each request has an id, which the client is told, and leaves one line in the log."""

from secrets import token_hex
from time import perf_counter

import structlog

from tutelage.config.logging import masked_path
from tutelage.realtime.asgi import Application, Message, Receive, Scope, Send

log = structlog.stdlib.get_logger("tutelage.access")


def logged(application: Application) -> Application:
    """Never the query string: searches and one-time codes stand there."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        request_id, began, status = token_hex(8), perf_counter(), 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                header = (b"x-request-id", request_id.encode())
                message = {**message, "headers": [*message["headers"], header]}
            await send(message)

        try:
            await application({**scope, "tutelage.request_id": request_id}, receive, send_with_id)
        finally:
            log.info(
                "request",
                method=scope["method"],
                path=masked_path(scope["path"]),
                status=status or "none",
                ms=round((perf_counter() - began) * 1000, 1),
                request_id=request_id,
            )

    return serve
