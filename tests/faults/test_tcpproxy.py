"""The proxy does what its faults say: tests that lean on it would prove nothing otherwise."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from time import monotonic
from typing import Final

import httpx
import pytest
from tests.faults.tcpproxy import CLEAN, DROPPED, Fault, proxying

BODY: Final = b"x" * 1_000


class Answering(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append(self.path)  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *_words: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def server() -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), Answering) as made:
        made.heard = []  # type: ignore[attr-defined]
        thread = Thread(target=made.serve_forever, daemon=True)
        thread.start()
        yield made
        made.shutdown()


Sent = Callable[[Fault], httpx.Response]


@pytest.fixture
def send(server: HTTPServer) -> Sent:
    def post(fault: Fault) -> httpx.Response:
        with proxying(server.server_port, lambda _number: fault) as proxy:
            patience = 1 if fault.silent else 30
            return httpx.post(f"http://127.0.0.1:{proxy.port}/", content=b"a", timeout=patience)

    return post


def heard(server: HTTPServer) -> int:
    return len(server.heard)  # type: ignore[attr-defined]


def test_without_a_fault_all_is_passed_on(send: Sent) -> None:
    assert send(CLEAN).content == BODY


@pytest.mark.parametrize("fault", [DROPPED, Fault(cut_after=10), Fault(cut_after=500)])
def test_a_cut_answer_breaks_and_the_work_is_done(
    send: Sent, server: HTTPServer, fault: Fault
) -> None:
    with pytest.raises(httpx.TransportError):
        send(fault)
    assert heard(server) == 1


def test_an_answer_that_never_comes_is_waited_for(send: Sent, server: HTTPServer) -> None:
    with pytest.raises(httpx.ReadTimeout):
        send(Fault(silent=True))
    assert heard(server) == 1


def test_a_refused_connection_never_reaches_the_server(send: Sent, server: HTTPServer) -> None:
    with pytest.raises(httpx.TransportError):
        send(Fault(refuse=True))
    assert heard(server) == 0


def test_a_client_that_says_no_more_is_still_answered(send: Sent) -> None:
    assert send(Fault(half_close=True)).content == BODY


def test_latency_is_felt(send: Sent) -> None:
    began = monotonic()
    assert send(Fault(latency=0.2)).content == BODY
    assert monotonic() - began >= 0.4
