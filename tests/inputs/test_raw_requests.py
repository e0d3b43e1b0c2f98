"""What no well-behaved client sends is answered or refused by a real server, and breaks nothing."""

import gzip
import json
import socket
from collections.abc import Iterator
from http.client import HTTPException, HTTPResponse

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tutelage.config.tests.serving import Served, serving
from tutelage.domain.people.tests.builders import make_token, make_user

HOST = "Host: localhost"
DEEP_JSON = '{"name":' * 10_000 + "1" + "}" * 10_000
LONG_JSON = json.dumps({"name": [1] * 100_000})


@pytest.fixture(scope="module")
def every_server(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Served]:
    with django_db_blocker.unblock(), serving("tutelage.config.asgi:application") as server:
        yield server


@pytest.fixture
def server(every_server: Served, transactional_db: None) -> Served:
    return every_server


def answered(server: Served, sent: bytes) -> int:
    """The status of the answer; 0 when the connection was closed without one."""
    line: socket.socket = server.connect()
    with line:
        line.settimeout(60)
        try:
            line.sendall(sent)
            with HTTPResponse(line) as reply:
                reply.begin()
                reply.read()
                return reply.status
        except TimeoutError:
            raise
        except (OSError, HTTPException):
            return 0


def request(method: str, path: str, *headers: str, body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", HOST, "Connection: close", *headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + body


JSON = "Content-Type: application/json"
FORM = "Content-Type: application/x-www-form-urlencoded"
STRANGE = {
    "5 000 headers": request("GET", "/api/me", *(f"X-H{n}: {n}" for n in range(5_000))),
    "5 000 times the same header": request("GET", "/api/me", *["X-Forwarded-For: 1.1.1.1"] * 5_000),
    "a header of a megabyte": request("GET", "/api/me", f"X-Long: {'x' * 1_000_000}"),
    "a cookie of 60 kB": request("GET", "/", f"Cookie: login={'x' * 60_000}"),
    "a thousand cookies": request("GET", "/", f"Cookie: {'; '.join(['a=b'] * 1_000)}"),
    "cookies that are none": request("GET", "/", "Cookie: =;;;login=\x01;csrf=\udc80;\udcff=1"),
    "a path of 100 kB": request("GET", f"/{'x' * 100_000}"),
    "a query of 100 kB": request("GET", f"/account/login/?{'a=1&' * 25_000}"),
    "a path that is not UTF-8": request("GET", "/sessions/%ff%fe%80"),
    "raw bytes in a path": request("GET", "/sessions/\udcff\udcfe"),
    "NUL in a path": request("GET", "/j/%00"),
    "a path out": request("GET", "/static/../../../../etc/passwd"),
    "a path out, in percent signs": request("GET", "/static/%2e%2e/%2e%2e/etc/passwd"),
    "a line within a path": request("GET", "/a%0d%0aX-Injected:%201"),
    "no host": b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
    "a host that is none": b"GET / HTTP/1.1\r\nHost: \x80\xff..\r\nConnection: close\r\n\r\n",
    "a stranger's host": b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    "an unknown method": request("BREW", "/"),
    "a method in small letters": request("get", "/"),
    "no method": b"\r\n\r\nHTTP/1.1\r\n\r\n",
    "an old protocol": b"GET /\r\n\r\n",
    "gzip that is said to be JSON": request(
        "PUT", "/api/me", JSON, "Content-Encoding: gzip", body=gzip.compress(b"0" * 50_000_000)
    ),
    "JSON that is not UTF-8": request("PUT", "/api/me", JSON, body=b'{"name": "\xff\xfe"}'),
    "JSON in UTF-16": request("PUT", "/api/me", JSON, body='{"name": "a"}'.encode("utf-16")),
    "JSON 10 000 deep": request("PUT", "/api/me", JSON, body=DEEP_JSON.encode()),
    "a list of 100 000": request("PUT", "/api/me", JSON, body=LONG_JSON.encode()),
    "keys twice": request("PUT", "/api/me", JSON, body=b'{"name": "a", "name": 5}'),
    "half of a JSON": request("PUT", "/api/me", JSON, body=b'{"name": "a'),
    "XML": request("PUT", "/api/me", "Content-Type: text/xml", body=b"<!DOCTYPE a>"),
    "a form of 5 000 fields": request("POST", "/account/login/", FORM, body=b"a=1&" * 5_000),
    "a form that is not UTF-8": request("POST", "/account/login/", FORM, body=b"login=%ff&\xff=1"),
    "parts without an edge": request(
        "POST", "/account/login/", "Content-Type: multipart/form-data", body=b"x"
    ),
    "parts with an edge of a megabyte": request(
        "POST",
        "/account/login/",
        f"Content-Type: multipart/form-data; boundary={'e' * 9_000}",
        body=b"x",
    ),
    "an unknown character set": request(
        "POST", "/account/login/", f"{FORM}; charset=klingon", body=b"login=a"
    ),
    "more than ten megabytes": request("PUT", "/api/me", JSON, body=b" " * 10_500_000),
    "a length that is none": request("PUT", "/api/me", JSON, "Content-Length: -1"),
    "two lengths": request("PUT", "/api/me", JSON, "Content-Length: 5", "Content-Length: 6"),
    "a chunk that is none": request(
        "PUT", "/api/me", JSON, "Transfer-Encoding: chunked", body=b"zz\r\n"
    ),
    "languages without end": request("GET", "/", f"Accept-Language: {'a-' * 5_000}"),
    "a range of everything": request("GET", "/static/app.js", "Range: bytes=0-,0-,0-,0-,0-,0-"),
    "a day that is none": request("GET", "/static/app.js", "If-Modified-Since: Feb 30 99999"),
    "an id of an event that is none": request("GET", "/events", "Last-Event-ID: " + "9" * 400),
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_request_is_answered_or_refused(server: Served, name: str) -> None:
    sent = STRANGE[name]
    token = f"Authorization: Bearer {make_token(make_user())}\r\n".encode()
    known = sent.replace(b"Connection: close\r\n", b"Connection: close\r\n" + token, 1)

    for each in (sent, known) if b"/api/" in sent else (sent,):
        status = answered(server, each)

        assert status == 0 or 200 <= status < 500, f"{status}: {server.logged()[-2000:]}"
    assert server.client.get("/healthz").status_code == 200


def test_an_error_would_be_seen(server: Served) -> None:
    """The control: with a table away, the same way of asking finds the error."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE api_token RENAME TO away")
    try:
        token = "Authorization: Bearer tut_x"
        assert answered(server, request("GET", "/api/me", token)) == 500
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE away RENAME TO api_token")
