"""Clients as they should be: each write has a key, and is sent again until it is answered."""

from datetime import datetime, timedelta
from http import HTTPStatus
from threading import Event, Thread
from time import monotonic
from typing import Any, Final
from uuid import uuid4

import httpx
from tests.faults.ledger import Ledger

SLOT: Final = timedelta(minutes=30)
PAUSE: Final = 0.15  # the worker is to keep up, so that its absence is seen and not its queue
RETRY_PAUSE: Final = 0.05


class Booker:
    """Books one slot after the other for a pair of its own, and reads each back."""

    def __init__(
        self,
        client: httpx.Client,
        pair: str,
        first: datetime,
        ledger: Ledger,
        *,
        pause: float = PAUSE,
    ) -> None:
        self.client, self.pair, self.start, self.ledger = client, pair, first, ledger
        self.pause = pause
        self.stopped = Event()
        self.thread = Thread(target=self._run)
        self.thread.start()

    def stop(self) -> None:
        self.stopped.set()
        self.thread.join()

    def _run(self) -> None:
        while not self.stopped.wait(self.pause):
            self._book(f"{self.start:%Y-%m-%dT%H:%M}")
            self.start += SLOT

    def _book(self, slot: str) -> None:
        body = {"mentorship": self.pair, "local_start": slot, "zone": "UTC", "duration_minutes": 30}
        key, asked_at, tries = str(uuid4()), monotonic(), 0
        while True:
            tries += 1
            reply = self._send(body, key)
            if reply is not None and reply.status_code == HTTPStatus.CREATED:
                break
            if tries == 1:
                self.ledger.doubt()
            if reply is not None and _is_final(reply):
                self.ledger.fault(f"{slot}: {reply.status_code} {reply.text[:200]}")
                return
            self.stopped.wait(RETRY_PAUSE)
        made = reply.json()["id"]
        replayed = "Idempotency-Replayed" in reply.headers
        self.ledger.keep(made, slot, asked_at=asked_at, replayed=replayed)
        self._read_back(made)

    def _send(self, body: dict[str, Any], key: str) -> httpx.Response | None:
        try:
            return self.client.post("/api/sessions", json=body, headers={"Idempotency-Key": key})
        except httpx.TransportError:
            return None

    def _read_back(self, made: str) -> None:
        try:
            reply = self.client.get(f"/api/sessions/{made}")
        except httpx.TransportError:
            return
        if reply.status_code == HTTPStatus.NOT_FOUND:
            self.ledger.fault(f"{made} was acknowledged, and is not there.")


def _is_final(reply: httpx.Response) -> bool:
    """Whether to ask again would be of no use."""
    if reply.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return False
    return bool(reply.json().get("code") != "idempotency_key_in_use")
