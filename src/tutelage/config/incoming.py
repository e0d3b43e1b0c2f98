"""What a client sends, made ready for Django: the body read to its end, and the WSGI environ."""

import asyncio
import sys
from dataclasses import dataclass
from http import HTTPStatus
from tempfile import SpooledTemporaryFile
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from tutelage.config.storage import NO_ROOM
from tutelage.realtime.asgi import Receive, Scope

MAX_BODY_BYTES: Final = 10 * 1024 * 1024  # the largest spreadsheet that may be imported

Body = SpooledTemporaryFile[bytes]


class Refused(Exception):
    """The request will not reach Django; the status says why."""

    def __init__(self, status: HTTPStatus, *, unread: bool = False) -> None:
        super().__init__(status.phrase)
        self.status = status
        self.unread = unread


class ClientGone(Exception):
    """Nobody is left to answer."""


@dataclass(frozen=True, kw_only=True)
class BodyRules:
    """How much a client may send and how long it may take; what is over `in_memory` is on disk."""

    limit: int = MAX_BODY_BYTES
    seconds: float = 60
    in_memory: int = 1024 * 1024
    linger: float = 5


async def read_body(scope: Scope, receive: Receive, rules: BodyRules) -> Body:
    """Read the whole body before a thread is taken for it: slow senders cost no thread."""
    headers = dict(scope["headers"])
    body = Body(rules.in_memory)
    try:
        async with asyncio.timeout(rules.seconds):
            declared = int(headers.get(b"content-length", 0))
            await _fill(body, receive, declared=declared, limit=rules.limit)
    except TimeoutError:
        body.close()
        raise Refused(HTTPStatus.REQUEST_TIMEOUT) from None
    except OSError as error:  # a large body is kept on disk
        body.close()
        if error.errno in NO_ROOM:
            raise Refused(HTTPStatus.INSUFFICIENT_STORAGE) from None
        raise
    except BaseException as reason:
        body.close()
        # To go on reading would grant what `Expect: 100-continue` asks for.
        if isinstance(reason, Refused) and reason.unread and b"expect" not in headers:
            await _let_finish(receive, rules.linger)
        raise
    return body


async def _fill(body: Body, receive: Receive, *, declared: int, limit: int) -> None:
    size, more = 0, True
    while more:
        if max(size, declared) > limit:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, unread=True)
        message = await receive()
        if message["type"] != "http.request":
            raise ClientGone
        body.write(message["body"])
        size += len(message["body"])
        more = message["more_body"]
    if size > limit:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


async def _let_finish(receive: Receive, seconds: float) -> None:
    """Throw the rest away: a client that is still sending would never read the refusal."""
    try:
        async with asyncio.timeout(seconds):
            while (message := await receive())["type"] == "http.request" and message["more_body"]:
                pass
    except TimeoutError:
        return


def environ_of(scope: Scope, body: Body, request_id: str) -> dict[str, Any]:
    """Bytes as WSGI wants them: in strings, one character each."""
    server, client = scope["server"] or ("", ""), scope["client"] or ("", "")
    length = body.tell()
    body.seek(0)
    return {
        **_headers(scope),
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": scope["root_path"],
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        # What was counted, and not what was said: a body may have come in chunks.
        "CONTENT_LENGTH": str(length) if length else "",
        "SERVER_NAME": str(server[0]),
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": str(client[0]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "tutelage.request_id": request_id,
    }


def _headers(scope: Scope) -> dict[str, str]:
    found: dict[str, str] = {}
    for raw_name, value in scope["headers"]:
        # `X_Real_IP` would be read as `X-Real-IP`, and pass for what a proxy has set.
        if b"_" in raw_name or raw_name == b"transfer-encoding":
            continue
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        key = name if name == "CONTENT_TYPE" else f"HTTP_{name}"
        text = value.decode("latin-1")
        if key in found:
            text = f"{found[key]}{'; ' if name == 'COOKIE' else ','}{text}"
        found[key] = text
    return found
