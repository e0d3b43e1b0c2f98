"""Every answer is closed, whatever the address, the method, who asks, and whoever answers."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path
from tests.headers.closing import DUE, directives, faults
from tests.permissions.table import Row, rows
from tests.permissions.world import World, build_world, filled

from tutelage.config.bridge import Bridge
from tutelage.config.closed import closed, closing
from tutelage.config.tests.listening import logged_in
from tutelage.config.tests.serving import Served
from tutelage.realtime.asgi import Application

# One of each kind that no page or operation answers.
BESIDE = (
    "/healthz", "/readyz", "/events", "/nothing", "/api/nothing", "/static/nothing.css",
    "/account/nothing/", "/%00", "/%FF", "/sessions/not-an-id",
)  # fmt: skip
TOO_LARGE = (
    b"POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99000000\r\n"
    b"Expect: 100-continue\r\n\r\n"
)
INLINE = re.compile(rb"<script(?![^>]*\b(?:src|nonce)=)|<[^>]+\s(?:style|on[a-z]+)=")


@pytest.fixture
def world(transactional_db: None) -> World:
    return build_world()


def walked(web: Served, row: Row, world: World, login: str, method: str) -> httpx.Response:
    headers = {**filled(dict(row.headers), world.names), "Cookie": f"__Host-login={login}"}
    return web.client.request(method, row.path(world.names), headers=headers)


def wrong(answers: Iterator[tuple[str, httpx.Response]]) -> dict[str, set[str]]:
    found = {name: faults(answer.headers.multi_items()) for name, answer in answers}
    return {name: each for name, each in found.items() if each}


def test_every_answer_of_every_route_is_closed(web: Served, world: World) -> None:
    """Each is read. A POST comes without its token against forgery, and so does no harm."""
    logins = {name: logged_in(world.people[name]) for name in ("superadmin", "mentee")}
    seen = set[int]()

    def answers() -> Iterator[tuple[str, httpx.Response]]:
        for name, login in {**logins, "nobody": ""}.items():
            for row in rows():
                for method in methods(row, name):
                    answer = walked(web, row, world, login, method)
                    seen.add(answer.status_code)
                    yield f"{method} {row} as {name}", answer

    assert wrong(answers()) == {}
    assert seen >= {200, 302, 401, 403, 404, 405}


def methods(row: Row, name: str) -> tuple[str, ...]:
    if row.method == "GET":
        return ("GET", "HEAD") if name == "superadmin" else ("GET",)
    return ("POST",) if row.method == "POST" and name == "mentee" else ()


def test_what_is_beside_the_routes_is_closed(web: Served, world: World) -> None:
    def answers() -> Iterator[tuple[str, httpx.Response]]:
        for address in BESIDE:
            for method in ("GET", "POST", "OPTIONS", "TRACE"):
                yield f"{method} {address}", web.client.request(method, address)
        yield "a wrong host", web.client.get("/", headers={"Host": "evil.example"})

    assert wrong(answers()) == {}


@pytest.mark.django_db(transaction=True)
def test_static_files_are_closed_and_may_be_kept(web: Served) -> None:
    page = web.client.get("/account/login/").text
    files = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))

    answers = {file: web.client.get(file) for file in files}

    assert len(files) >= 2
    assert {answer.status_code for answer in answers.values()} == {200}
    for file, answer in answers.items():
        assert faults(answer.headers.multi_items(), public=True) == set(), file
        assert "no-store" not in answer.headers["cache-control"]


def raw(web: Served, request: bytes) -> tuple[list[str], str]:
    """The head, by lines, of the answer to what an HTTP client would not send, and its body."""
    with web.connect() as connection:
        connection.sendall(request)
        received = b""
        while b"\r\n\r\n" not in received and (block := connection.recv(65536)):
            received += block
        if b"text/event-stream" not in received:
            while block := connection.recv(65536):
                received += block
    head, _, body = received.decode("latin-1").partition("\r\n\r\n")
    return head.split("\r\n"), body


def headers_of(lines: list[str]) -> list[tuple[str, str]]:
    return [(name, value) for name, _, value in (line.partition(": ") for line in lines[1:])]


def raw_answer(web: Served, address: str) -> tuple[int, str]:
    head = f"GET {address} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    lines, body = raw(web, head.encode())
    return int(lines[0].split()[1]), body


def test_streams_and_what_reaches_nobody_are_closed(web: Served, world: World) -> None:
    login = logged_in(world.people["mentee"])
    cookie = f"Host: localhost\r\nCookie: __Host-login={login}\r\n\r\n".encode()
    stream, _ = raw(web, b"GET /events HTTP/1.1\r\n" + cookie)
    no_http, _ = raw(web, b"Good day\r\n\r\n")

    too_large = [raw(web, TOO_LARGE % address)[0] for address in (b"/settings", b"/api/me")]

    assert ("content-type", "text/event-stream") in headers_of(stream)
    assert {lines[0].split()[1] for lines in too_large} == {"413"}
    assert [faults(headers_of(lines)) for lines in too_large] == [set(), set()]
    assert no_http[0] == "HTTP/1.1 400 Bad Request"
    assert faults(headers_of(stream)) == faults(headers_of(no_http)) == set()


def test_pages_run_no_script_but_our_files(web: Served, world: World) -> None:
    """None needs a nonce so far; one that does would get one that is good for this page alone."""
    login = logged_in(world.people["superadmin"])
    for row in rows():
        if row.method == "GET" and not row.is_api and row.answers["superadmin"] == "200":
            answer = walked(web, row, world, login, "GET")
            sources = directives(answer.headers["content-security-policy"])["script-src"]

            assert sources == {"'self'"}, row
            assert INLINE.findall(answer.content) == [], row


@pytest.mark.parametrize(
    "planted", [b"<script>a()</script>", b'<p style="color:red">', b'<a href="/" onclick="a()">']
)
def test_a_script_or_style_within_a_page_is_reported(planted: bytes) -> None:
    assert len(INLINE.findall(b"<p>Good day</p>" + planted)) == 1


# What cannot be had from a server that works: in this process, by the same wrapper.


@login_not_required
def fail(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("On purpose")


urlpatterns = [path("fail", fail), path("api/fail", fail)]
handler500 = "tutelage.web.errors.server_error"


def broken(_environ: Any, _start: Any) -> Any:
    raise RuntimeError("On purpose")


def asked(application: Application, address: str) -> tuple[int, list[tuple[str, str]]]:
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http", "method": "GET", "path": address, "raw_path": address.encode(),
        "query_string": b"", "root_path": "", "scheme": "http", "http_version": "1.1",
        "headers": [(b"host", b"localhost")], "server": ("localhost", 80), "client": None,
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(application(scope, receive, send))  # type: ignore[arg-type]  # a coroutine each
    headers = [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]
    return sent[0]["status"], headers


ON_PLAIN_HTTP = {"strict-transport-security"}


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize("address", ["/fail", "/api/fail"])
@pytest.mark.parametrize("application", [WSGIHandler(), broken], ids=["django", "before it"])
def test_what_went_wrong_is_closed(application: Any, address: str) -> None:
    status, headers = asked(closed(Bridge(application)), address)

    assert status == 500
    assert faults(headers) == ON_PLAIN_HTTP
    status, headers = asked(Bridge(application), address)
    assert faults(headers) > ON_PLAIN_HTTP, "The control: unclosed, it has to be reported."


def test_full_is_closed() -> None:
    status, headers = asked(closed(Bridge(broken, threads=1, waiting=-1)), "/")

    assert (status, faults(headers)) == (503, ON_PLAIN_HTTP)


@pytest.mark.parametrize("name", DUE)
def test_a_missing_or_doubled_header_is_reported(name: str) -> None:
    whole = [(key.decode(), value.decode()) for key, value in closing()]
    whole.append(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))
    assert faults(whole) == set()

    assert faults([each for each in whole if each[0].lower() != name]) == {name}
    assert faults([*whole, *(each for each in whole if each[0].lower() == name)]) == {name}


def test_what_tells_of_the_server_or_lets_others_read_is_reported() -> None:
    whole = [(key.decode(), value.decode()) for key, value in closing()]
    told = [("Server", "nginx/1.2"), ("Access-Control-Allow-Origin", "*")]

    assert faults([*whole, *told]) - ON_PLAIN_HTTP == {"server", "access-control-allow-origin"}
