"""A request that is sent again is not done again: through a network that loses answers, too.

Two hundred requests, or two thousand with DEEP=1.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from random import Random
from threading import Lock
from time import sleep
from typing import Final
from uuid import uuid4

import httpx
import pytest
from django.db.models import Count
from tests.faults.tcpproxy import CLEAN, DROPPED, Fault, Plan, proxying
from tests.races.rivals import Outcome, at_once, program_of

from tutelage.config.tests.serving import Served
from tutelage.domain.people.tests.builders import make_token
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.tests.builders import whole_hour
from tutelage.domain.sessions.models import Session, SessionLog

pytestmark = pytest.mark.django_db(transaction=True)
REQUESTS: Final = 2_000 if os.environ.get("DEEP") else 200
CLIENTS: Final = 4
SHARE: Final = 0.3
LOSSES: Final = (DROPPED, Fault(cut_after=20), Fault(cut_after=300), Fault(refuse=True))


def losing(share: float) -> Plan:
    """Lose so many of the answers, most of them after the work was done."""
    draw = Random(7)  # noqa: S311 -- the same losses in each run
    return lambda _number: draw.choice(LOSSES) if draw.random() < share else CLEAN


class Sender:
    """Logs sessions that were never planned: nothing but the key keeps one from being there twice.

    Each request has a connection of its own, and is sent until it is answered.
    """

    def __init__(self, port: int, pair: Mentorship, *, with_keys: bool) -> None:
        self.path = f"/api/mentorships/{pair.program.uid}/sessions"
        self.with_keys, self.retries, self._lock = with_keys, 0, Lock()
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{port}",
            headers={"Authorization": f"Bearer {make_token(pair.mentee)}"},
            limits=httpx.Limits(max_keepalive_connections=0),
            timeout=30,
        )

    def send(self, number: int) -> None:
        headers = {"Idempotency-Key": str(uuid4())} if self.with_keys else {}
        while (reply := self._try(number, headers)) is None:
            with self._lock:
                self.retries += 1
        assert reply.status_code == httpx.codes.CREATED, reply.text

    def _try(self, number: int, headers: dict[str, str]) -> httpx.Response | None:
        try:
            reply = self.client.post(self.path, json={"outcomes": str(number)}, headers=headers)
        except httpx.TransportError:
            return None
        if "Retry-After" in reply.headers:
            sleep(float(reply.headers["Retry-After"]))
            return None
        return reply


def send_all(served: Served, *, with_keys: bool, count: int) -> Sender:
    pair = make_pair()
    with proxying(served.port, losing(SHARE)) as proxy:
        sender = Sender(proxy.port, pair, with_keys=with_keys)
        with sender.client, ThreadPoolExecutor(CLIENTS) as clients:
            list(clients.map(sender.send, range(count)))
    print(f"{count} requests, {sender.retries} sent again, {proxy.faults[DROPPED]} only dropped")
    return sender


def done_twice() -> int:
    rows = SessionLog.objects.values("outcomes").annotate(times=Count("pk"))
    return rows.filter(times__gt=1).count()


def test_behind_a_network_that_loses_answers_each_request_is_done_once(
    servers: list[Served],
) -> None:
    sender = send_all(servers[0], with_keys=True, count=REQUESTS)

    assert sender.retries > REQUESTS * SHARE / 2
    assert SessionLog.objects.count() == REQUESTS
    assert done_twice() == 0


def test_without_keys_some_are_done_twice(servers: list[Served]) -> None:
    send_all(servers[0], with_keys=False, count=60)

    assert done_twice() > 0


def asking(pair: Mentorship) -> dict[str, str]:
    start = whole_hour(days=3)
    return {
        "mentorship": str(pair.program.uid),
        "local_start": f"{start:%Y-%m-%dT%H:%M}",
        "zone": "UTC",
    }


def test_of_twenty_who_send_one_request_at_once_one_does_it(addresses: list[str]) -> None:
    pair, replies = make_pair(), list[httpx.Response]()
    body = asking(pair)
    clients = [program_of(addresses[n % 2], pair.mentee) for n in range(20)]

    def send(client: httpx.Client) -> Outcome:
        headers = {"Idempotency-Key": "k"}
        replies.append(client.post("/api/sessions", json=body, headers=headers))
        return Outcome("api", "", 0.0)

    at_once([partial(send, client) for client in clients])
    for client in clients:
        client.close()

    made = [reply for reply in replies if reply.status_code == httpx.codes.CREATED]
    busy = [reply for reply in replies if reply.status_code == httpx.codes.CONFLICT]
    assert len(made) + len(busy) == len(clients)
    assert sum("Idempotency-Replayed" not in reply.headers for reply in made) == 1
    assert len({reply.content for reply in made}) == 1
    assert {reply.json()["code"] for reply in busy} <= {"idempotency_key_in_use"}
    assert all(int(reply.headers["Retry-After"]) > 0 for reply in busy)
    assert Session.objects.count() == 1


def test_a_key_that_is_none_is_refused_as_it_comes_over_the_wire(addresses: list[str]) -> None:
    pair = make_pair()
    with closing(program_of(addresses[0], pair.mentee)) as client:
        for key in (b"", b"x" * 256, "clé".encode(), "clé".encode("latin-1")):
            headers = {b"Idempotency-Key": key}
            reply = client.post("/api/sessions", json=asking(pair), headers=headers)
            assert (reply.status_code, reply.json()["code"]) == (400, "bad_request")
    assert not Session.objects.exists()
