"""Django by way of the bridge, in a process of its own, over real sockets."""

import hashlib
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from statistics import median
from time import monotonic, sleep

import httpx
import pytest

from tutelage.config.tests.serving import Served, serving

pytestmark = pytest.mark.django_db(transaction=True)

SERVED = "tutelage.config.tests.served"
MEGABYTE = 1024 * 1024
Slow = Callable[[Served, int, ExitStack], list[socket.socket]]


@pytest.fixture(scope="module")
def web(django_db_setup: None) -> Iterator[Served]:
    with serving(f"{SERVED}:bridged") as served:
        yield served


@pytest.fixture(scope="module")
def impatient(django_db_setup: None) -> Iterator[Served]:
    with serving(f"{SERVED}:impatient") as served:
        yield served


def asked(served: Served, request: bytes) -> bytes:
    """Everything that the server answers to these very bytes."""
    with served.connect() as connection:
        connection.sendall(request)
        received = b""
        while block := connection.recv(65536):
            received += block
    return received


def test_a_thread_keeps_its_database_connection(web: Served) -> None:
    with ThreadPoolExecutor(8) as clients:
        told = list(clients.map(lambda _: web.client.get("/backend").json(), range(200)))

    assert len({each["thread"] for each in told}) == 4
    assert len({each["pid"] for each in told}) == 4
    assert len({(each["thread"], each["pid"]) for each in told}) == 4


def test_what_was_sent_arrives_whole(web: Served) -> None:
    body = bytes(range(256)) * 4096 * 9  # nine megabytes: more than is kept in memory
    told = web.client.post("/tell/", content=body).json()

    assert (told["size"], told["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())


def test_a_body_in_chunks_arrives_whole(web: Served) -> None:
    told = web.client.post("/tell/", content=iter([b"one", b"two", b"three"])).json()

    assert told["size"] == 11
    assert "HTTP_TRANSFER_ENCODING" not in told["environ"]


def test_the_environ_says_what_the_request_said(web: Served) -> None:
    answer = asked(
        web,
        b"GET /tell/%C3%BC%2Fb%FF?q=%C3%A9&q=2 HTTP/1.1\r\nHost: localhost:99\r\n"
        b"Cookie: a=1\r\nCookie: b=2\r\nX-Twice: one\r\nX-Twice: two\r\n"
        b"Content-Type: text/plain\r\nConnection: close\r\n\r\n",
    )
    told = httpx.Response(200, content=answer.partition(b"\r\n\r\n")[2]).json()
    environ = told["environ"]

    assert told["rest"] == "ü/b%FF"
    assert told["query"] == {"q": ["é", "2"]}
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["HTTP_X_TWICE"] == "one,two"
    assert environ["CONTENT_TYPE"] == "text/plain"
    assert environ["HTTP_HOST"] == "localhost:99"
    assert environ["REMOTE_ADDR"] == "127.0.0.1"
    assert environ["SERVER_PORT"] == str(web.port)
    assert environ["wsgi.url_scheme"] == "http"


def test_a_header_with_an_underscore_cannot_pass_for_another(web: Served) -> None:
    spoofed = {"X_Forwarded_For": "10.0.0.1", "X-Real-Ip": "10.0.0.2"}
    environ = web.client.get("/tell/", headers=spoofed).json()["environ"]

    assert "HTTP_X_FORWARDED_FOR" not in environ
    assert environ["HTTP_X_REAL_IP"] == "10.0.0.2"


def test_the_client_is_whom_the_socket_says(web: Served) -> None:
    environ = web.client.get("/tell/", headers={"X-Forwarded-For": "10.0.0.1"}).json()["environ"]

    assert environ["REMOTE_ADDR"] == "127.0.0.1"


@pytest.mark.parametrize("how", ["", "&file=1"])
@pytest.mark.parametrize("size", [0, 10, 65_536, 65_537, 3 * MEGABYTE])
def test_a_response_arrives_whole(web: Served, size: int, how: str) -> None:
    response = web.client.get(f"/large?size={size}{how}")

    assert response.content == b"x" * size
    assert response.headers["content-length"] == str(size)


@pytest.mark.parametrize("how", ["", "&file=1"])
def test_head_answers_the_headers_alone(web: Served, how: str) -> None:
    answer = asked(
        web,
        f"HEAD /large?size=200000{how} HTTP/1.1\r\nHost: localhost\r\n"
        "Connection: close\r\n\r\n".encode(),
    )
    head, _, body = answer.partition(b"\r\n\r\n")

    assert b"content-length: 200000" in head
    assert body == b""


def finished(web: Served, *, at_least: int = 0) -> int:
    """How many requests are finished, once there are so many and no more come."""
    until, before, count = monotonic() + 20, -1, 0
    while count != before or (count < at_least and monotonic() < until):
        before, count = count, int(web.client.get("/finished").json()["count"])
        sleep(0.2)
    return count


@pytest.mark.parametrize("how", ["size=10", "size=10&file=1", "size=200000&file=1"])
def test_django_hears_that_a_request_is_finished(web: Served, how: str) -> None:
    before = finished(web)
    web.client.get(f"/large?{how}")

    assert finished(web, at_least=before + 1) == before + 1


def test_a_file_that_nobody_takes_is_closed(web: Served) -> None:
    before = finished(web)
    with web.connect() as connection:
        request = f"GET /large?size={20 * MEGABYTE}&file=1 HTTP/1.1\r\nHost: localhost\r\n\r\n"
        connection.sendall(request.encode())
        connection.recv(10)

    assert finished(web, at_least=before + 1) == before + 1


def test_a_client_that_leaves_midway_is_not_served(web: Served) -> None:
    before = finished(web)
    with web.connect() as connection:
        connection.sendall(b"POST /tell/ HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc")

    assert finished(web) == before


def test_each_answer_names_its_request(web: Served) -> None:
    ids = {web.client.get("/quick").headers["x-request-id"] for _ in range(5)}

    assert len(ids) == 5


def test_more_than_the_limit_is_refused(impatient: Served) -> None:
    page = impatient.client.post("/tell/", content=b"x" * 1001)
    problem = impatient.client.post("/api/tell", content=iter([b"x" * 900, b"x" * 900]))

    assert page.status_code == problem.status_code == 413
    assert page.headers["content-type"].startswith("text/html")
    assert problem.json()["code"] == "request_entity_too_large"
    assert impatient.client.post("/tell/", content=b"x" * 1000).json()["size"] == 1000


def test_the_refusal_reaches_a_client_that_is_still_sending(impatient: Served) -> None:
    response = impatient.client.post("/tell/", content=b"x" * 20 * MEGABYTE)

    assert response.status_code == 413


def test_a_body_announced_too_large_is_not_asked_for(impatient: Served) -> None:
    request = b"POST /tell/ HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5000\r\n"

    assert asked(impatient, request + b"\r\n").startswith(b"HTTP/1.1 413")


def test_a_body_that_takes_too_long_is_given_up(impatient: Served) -> None:
    began = monotonic()
    request = b"POST /tell/ HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc"

    assert asked(impatient, request).startswith(b"HTTP/1.1 408")
    assert monotonic() - began < 8


def test_too_many_waiting_are_sent_away_at_once(impatient: Served) -> None:
    with ThreadPoolExecutor(6) as clients:
        asked = clients.map(lambda _: impatient.client.get("/wait?seconds=3", timeout=60), range(6))
        answers = list(asked)

    assert sorted(each.status_code for each in answers) == [200] * 3 + [503] * 3
    assert all(
        each.headers["retry-after"] and each.elapsed.total_seconds() < 2
        for each in answers
        if each.status_code == 503
    )


def slow_senders(served: Served, count: int, among: ExitStack) -> list[socket.socket]:
    clients = [among.enter_context(served.connect()) for _ in range(count)]
    for client in clients:
        client.sendall(b"POST /tell/ HTTP/1.1\r\nHost: a\r\nContent-Length: 90000\r\n\r\nabc")
    return clients


def slow_readers(served: Served, count: int, among: ExitStack) -> list[socket.socket]:
    clients = [among.enter_context(served.connect()) for _ in range(count)]
    for number, client in enumerate(clients):
        file = "&file=1" if number % 2 else ""
        request = f"GET /large?size={8 * MEGABYTE}{file} HTTP/1.1\r\nHost: a\r\n\r\n"
        client.sendall(request.encode())
    return clients


@pytest.mark.parametrize("how_many", [4, 40])
@pytest.mark.parametrize("slow", [slow_senders, slow_readers])
def test_slow_clients_do_not_stop_the_others(web: Served, slow: Slow, how_many: int) -> None:
    with ExitStack() as among:
        slow(web, how_many, among)
        sleep(0.5)
        times = [web.client.get("/quick").elapsed.total_seconds() for _ in range(20)]

    # One that waits for the slow ones waits for minutes; one on a busy machine, for a moment.
    assert median(times) < 1
    assert max(times) < 10


@pytest.mark.parametrize("slow", [slow_senders, slow_readers])
def test_four_slow_clients_would_stop_threads_that_wait_for_them(
    slow: Slow,
) -> None:
    with serving(f"{SERVED}:naive") as naive, ExitStack() as among:
        assert naive.client.get("/quick").status_code == 200
        slow(naive, 4, among)
        sleep(0.5)

        with pytest.raises(httpx.ReadTimeout):
            naive.client.get("/quick", timeout=1)
