"""The process that is ready: for each line that it reads it forks a web process or a worker."""

import os
import signal
import socket
import sys
import time
from typing import Final

from tutelage.config import asgi  # sets Django up; stands before whatever needs its models

from django.urls import get_resolver  # isort: skip
from procrastinate.contrib.django import app as jobs  # isort: skip
from tests.faults.nursery import (  # isort: skip
    HEARTBEAT_SECONDS,
    RESCUE_SECONDS,
    SLOW_JOB,
    STALLED_SECONDS,
)

from tutelage.config.environment import read  # isort: skip
from tutelage.config.server import make_server  # isort: skip
from tutelage.ops import sweeper, work  # isort: skip

SLOW_SECONDS: Final = 0.3


def bear(listener: int) -> None:
    assert asgi.application is not None
    assert get_resolver().url_patterns  # else each child would load the pages anew
    jobs.task(name=SLOW_JOB)(_slow)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that are killed
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _live(line.strip(), listener)
        print(pid, flush=True)


def hasten() -> None:
    for module in (sweeper, work):
        setattr(module, "HEARTBEAT_SECONDS", HEARTBEAT_SECONDS)  # noqa: B010
        setattr(module, "STALLED_SECONDS", STALLED_SECONDS)  # noqa: B010
    setattr(work, "RESCUE_EVERY_SECONDS", RESCUE_SECONDS)  # noqa: B010


def _live(kind: str, listener: int) -> None:
    try:
        if kind == "web":
            make_server(port=0).run(sockets=[socket.socket(fileno=listener)])
        else:
            if kind == "worker-without-sweep":
                setattr(work, "rescue_stalled_jobs", _rescue_nothing)  # noqa: B010
            work.work(read())
    finally:
        os._exit(1)


def _rescue_nothing() -> None:
    """In the place of the sweep that gives the jobs of a killed worker to another."""


def _slow(number: int) -> None:
    time.sleep(SLOW_SECONDS)


if __name__ == "__main__":
    if sys.argv[2]:
        hasten()
    bear(int(sys.argv[1]))
