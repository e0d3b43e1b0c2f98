"""HTTP out, against servers of this machine, which it must not reach unless it is told so."""

import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic, sleep
from typing import ClassVar

import pytest
from pytest_django import Settings

from tutelage.integrations import http
from tutelage.integrations.http import Bounds, OutboundError, OutboundRefused, send

LOCAL = "127.0.0.0/8"


class Sink(ThreadingHTTPServer):
    """Counts every connection, before a byte is read."""

    daemon_threads = True
    connections = 0

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        self.connections += 1
        return super().get_request()

    def handle_error(self, *_given: object) -> None:
        """A client that has heard enough is no error here."""

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Behaviour(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    headers_seen: ClassVar[list[dict[str, str]]] = []

    def do_GET(self) -> None:  # the name that http.server calls
        self.headers_seen.append(dict(self.headers.items()))
        name, _, rest = self.path[1:].partition("?")
        getattr(self, f"give_{name}")(rest)

    def do_POST(self) -> None:  # the name that http.server calls
        body = self.rfile.read(int(self.headers["content-length"]))
        self.give(200, body)

    def give(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def give_plain(self, _rest: str) -> None:
        self.give(200, b"hello")

    def give_to(self, rest: str) -> None:
        self.give(302, b"elsewhere", location=rest)

    def give_packed(self, _rest: str) -> None:
        self.give(200, gzip.compress(b"0" * 10_000_000), content_encoding="gzip")

    def give_large(self, _rest: str) -> None:
        self.give(200, b"0" * 10_000)

    def give_endless(self, _rest: str) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(1000):
            self.wfile.write(b"0" * 1000)

    def give_drip(self, _rest: str) -> None:
        for sign in b"HTTP/1.1 200 OK\r\nx-slow: " + b"0" * 200:
            self.wfile.write(bytes([sign]))
            sleep(0.05)

    def log_message(self, *_given: object) -> None:
        """Tests are quiet."""


@contextmanager
def served(family: type[Sink] = Sink) -> Iterator[Sink]:
    for port in range(21950, 22000):
        try:
            sink = family(("127.0.0.1", port), Behaviour)
            break
        except OSError:
            continue
    thread = threading.Thread(target=sink.serve_forever, args=(0.02,))
    thread.start()
    yield sink
    sink.shutdown()
    thread.join()
    sink.server_close()


@pytest.fixture
def sink() -> Iterator[Sink]:
    with served() as sink:
        yield sink


@pytest.fixture
def allowed(settings: Settings) -> None:
    settings.HTTP_ALLOWED_NETWORKS = [LOCAL]


FORBIDDEN = [
    "127.0.0.1", "127.0.0.2", "127.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.1",
    "0177.0.0.1", "017700000001", "127.0.0.1.", "localhost", "LOCALHOST", "localhost.",
    "0.0.0.0",  # noqa: S104  # nothing listens there: it is asked for
    "0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254",
    "192.168.0.1", "192.168.1.1", "169.254.169.254", "169.254.0.1", "100.64.0.1",
    "100.127.255.254", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
    "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "0xa9fea9fe", "2852039166",
    "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[::ffff:169.254.169.254]", "[::ffff:10.0.0.1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]",
    "[64:ff9b:1::a00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::]", "[fc00::1]", "[fd12:3456::1]",
    "[fe80::1]", "[fe80::1%25lo]", "[fec0::1]", "[ff02::1]", "[ff0e::1]", "[2001:db8::1]",
    "[100::1]", "１２７.０.０.１", "①②⑦.⓪.⓪.①", "127。0。0。1",
]  # fmt: skip


@pytest.mark.parametrize("host", FORBIDDEN)
def test_no_form_of_an_inner_address_is_reached(sink: Sink, host: str) -> None:
    for url in (f"http://{host}:{sink.port}/plain", f"http://{host}/plain", f"https://{host}/"):
        with pytest.raises(OutboundError):
            send("GET", url, bounds=Bounds(seconds=5))
    assert sink.connections == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "localhost"])
@pytest.mark.usefixtures("allowed")
def test_with_the_guard_off_the_same_forms_would_reach_it(sink: Sink, host: str) -> None:
    assert send("GET", f"http://{host}:{sink.port}/plain").content == b"hello"
    assert sink.connections == 1


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/", "file:///etc/passwd", "gopher://127.0.0.1/", "//127.0.0.1/", "plain",
        "", "http://", "http:///plain", "http://example.org@127.0.0.1/", "http://a:b@example.org/",
        "http://[::1/", "http://example.org:99999/", "data:text/plain,a",
    ],
)  # fmt: skip
def test_what_is_not_a_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(OutboundRefused):
        send("GET", url)


@pytest.mark.parametrize("port", [22, 25, 5432, 6379, 8080])
def test_other_ports_of_open_addresses_are_refused(port: int) -> None:
    with pytest.raises(OutboundRefused):
        send("GET", f"http://93.184.215.14:{port}/")


def answering(*answers: str) -> Callable[..., list[tuple[object, ...]]]:
    """A resolver that says something else each time."""
    left = list(answers)

    def getaddrinfo(_host: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        address = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    return getaddrinfo


def test_a_name_that_leads_inside_is_refused(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answering("127.0.0.1"))
    with pytest.raises(OutboundRefused):
        send("GET", f"http://rebind.example.org:{sink.port}/plain")
    assert sink.connections == 0


def test_a_name_that_changes_its_mind_gains_nothing(
    sink: Sink, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """The address that was checked is the address that is connected to."""
    settings.HTTP_ALLOWED_NETWORKS = ["192.0.2.0/24"]
    monkeypatch.setattr(socket, "getaddrinfo", answering("192.0.2.1", "127.0.0.1"))
    with pytest.raises(OutboundError):
        send("GET", f"http://rebind.example.org:{sink.port}/plain", bounds=Bounds(seconds=1))
    assert sink.connections == 0


def test_one_inner_address_among_several_is_enough_to_refuse(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [*answering("93.184.215.14")("", 80), *answering("127.0.0.1")("", sink.port)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: both)
    with pytest.raises(OutboundRefused):
        send("GET", "http://example.org/")
    assert sink.connections == 0


@pytest.mark.usefixtures("allowed")
def test_the_host_is_asked_for_by_its_name(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answering("127.0.0.1"))
    send("GET", f"http://name.example.org:{sink.port}/plain")

    assert Behaviour.headers_seen[-1]["Host"] == f"name.example.org:{sink.port}"


@pytest.mark.usefixtures("allowed")
def test_redirects_are_told_of_and_not_followed(sink: Sink) -> None:
    answer = send("GET", f"http://127.0.0.1:{sink.port}/to?/plain")

    assert (answer.status, answer.headers["location"]) == (302, "/plain")
    assert sink.connections == 1


@pytest.mark.usefixtures("allowed")
def test_a_redirect_is_followed_where_that_is_asked_for(sink: Sink) -> None:
    url = f"http://127.0.0.1:{sink.port}/to?/plain"

    assert send("GET", url, bounds=Bounds(redirects=1)).content == b"hello"


@pytest.mark.parametrize(
    "inside", ["http://[::1]:{port}/plain", "http://127.0.0.1:{port}/plain", "file:///etc/passwd"]
)
def test_no_hop_leads_inside(settings: Settings, inside: str) -> None:
    settings.HTTP_ALLOWED_NETWORKS = ["127.0.0.2/32"]
    with served() as sink:
        outside = Sink(("127.0.0.2", sink.port), Behaviour)
        thread = threading.Thread(target=outside.serve_forever, args=(0.02,))
        thread.start()
        try:
            target = inside.format(port=sink.port)
            with pytest.raises(OutboundError):
                send(
                    "GET",
                    f"http://127.0.0.2:{sink.port}/to?{target}",
                    bounds=Bounds(redirects=3),
                )
        finally:
            outside.shutdown()
            thread.join()
            outside.server_close()
        assert (outside.connections, sink.connections) == (1, 0)


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize("how", ["large", "endless", "packed"])
def test_an_answer_that_is_too_large_is_given_up(sink: Sink, how: str) -> None:
    with pytest.raises(OutboundError):
        send("GET", f"http://127.0.0.1:{sink.port}/{how}", bounds=Bounds(max_bytes=9_999))


@pytest.mark.usefixtures("allowed")
def test_an_answer_that_drips_is_given_up(sink: Sink) -> None:
    began = monotonic()
    with pytest.raises(OutboundError):
        send("GET", f"http://127.0.0.1:{sink.port}/drip", bounds=Bounds(seconds=0.5))
    assert monotonic() - began < 8


@pytest.mark.usefixtures("allowed")
def test_a_body_is_sent_as_it_stands(sink: Sink) -> None:
    body = b'{"a":  1}\n'

    assert send("POST", f"http://127.0.0.1:{sink.port}/", content=body).content == body


@pytest.mark.usefixtures("allowed")
def test_a_proxy_of_the_environment_is_not_asked(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")

    assert send("GET", f"http://127.0.0.1:{sink.port}/plain").status == 200


@pytest.mark.usefixtures("allowed")
def test_a_certificate_that_nobody_vouches_for_is_refused(sink: Sink) -> None:
    with pytest.raises(OutboundError):
        send("GET", f"https://127.0.0.1:{sink.port}/plain", bounds=Bounds(seconds=3))
    assert http._certificates().verify_mode is ssl.CERT_REQUIRED
    assert http._certificates().check_hostname
