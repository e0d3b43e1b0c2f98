"""How the web process listens: uvicorn, as the bridge and the event streams need it."""

import asyncio
import socket
from typing import Final

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tutelage.config.closed import closing

GRACE_SECONDS: Final = 8
UNREAD_SECONDS: Final = 60


class Protocol(HttpToolsProtocol):
    """Lets an application drop a client at once, and drops one that does not take its answer.

    Without it an answer to a client that has stopped reading stays in memory for ever.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        connection: socket.socket | None = transport.get_extra_info("socket")
        if connection is not None and hasattr(socket, "TCP_USER_TIMEOUT"):
            milliseconds = UNREAD_SECONDS * 1000
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        extensions = {"tutelage.abort": {"abort": self.transport.abort}}
        self.scope["extensions"] = extensions  # type: ignore[typeddict-item]  # one of our own

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP reaches no application; its answer is closed as all others are."""
        body = msg.encode()
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
            *closing(),
        ]
        lines = [b"HTTP/1.1 400 Bad Request", *(b": ".join(each) for each in headers), b"", body]
        self.transport.write(b"\r\n".join(lines))
        self.transport.close()


def make_server(
    *, port: int, host: str = "127.0.0.1", application: str = "tutelage.config.asgi:application"
) -> uvicorn.Server:
    """Addresses of clients are left as they are: Django counts the proxies that it may trust."""
    return uvicorn.Server(
        uvicorn.Config(
            application,
            host=host,
            port=port,
            loop="uvloop",
            http=Protocol,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )
