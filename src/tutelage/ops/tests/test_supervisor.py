import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutelage.ops.children import LONGEST_WAIT, BackOff
from tutelage.ops.tests.stack import Stack, is_alive, tutelage


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Starting takes seconds: one installation serves the whole file, ended or killed between."""
    stack = Stack(tmp_path_factory.mktemp("up") / "home")
    yield stack
    if stack.is_running():
        assert stack.stop() == 0


@pytest.fixture
def stack(standing: Stack) -> Stack:
    if not standing.is_running():
        standing.start()
    return standing


def test_it_says_where_to_look_and_how_to_set_it_up(stack: Stack) -> None:
    assert f"Tutelage is up: http://localhost:{stack.port}" in stack.said
    assert f"http://localhost:{stack.port}/setup/" in stack.said


@pytest.mark.parametrize("name", ["web", "worker", "database"])
def test_what_dies_is_started_again_and_serves_soon(stack: Stack, name: str) -> None:
    stack.wait_until(lambda: len(stack.children()) == 3)
    before = stack.children()
    os.kill(before[name], signal.SIGKILL)

    stack.wait_until(
        lambda: stack.children().get(name, before[name]) != before[name] and stack.answers()
    )

    assert f"{name} was ended by SIGKILL; trying again" in stack.said
    after = stack.children()
    assert {other for other in before if after[other] != before[other]} == {name}


def test_a_second_one_on_the_same_home_is_told_who_has_it(stack: Stack) -> None:
    second = tutelage("up", **{**stack.settings, "PORT": str(stack.port + 500)})

    assert second.returncode == 3
    assert stack.process is not None
    assert f"as process {stack.process.pid}" in second.stdout
    assert stack.answers()


def test_a_port_that_somebody_else_has_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        refused = tutelage("up", TUTELAGE_HOME=str(tmp_path / "home"), PORT=port)

    assert refused.returncode == 4
    assert f"port {port}" in refused.stdout
    assert "Set PORT" in refused.stdout


def test_the_doctor_finds_it_well(stack: Stack) -> None:
    report = tutelage("doctor", **stack.settings)

    assert report.returncode == 0, report.stdout
    lines = [line.split()[:2] for line in report.stdout.splitlines() if line[0] != " "]
    assert ["ok", "database"] in lines
    assert ["ok", "durability"] in lines
    assert ["ok", "migrations"] in lines
    assert ["ok", "worker"] in lines
    assert ["warn", "mail"] in lines, "no mail server is set"


def test_asked_to_stop_all_of_it_ends_in_time_with_a_slow_client_too(stack: Stack) -> None:
    pids = [*stack.children().values()]
    with socket.create_connection(("127.0.0.1", stack.port)) as slow:
        slow.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n")
        time.sleep(0.3)
        began = time.monotonic()

        code = stack.stop(signal.SIGINT)

        assert time.monotonic() - began < 10
    assert code == 0
    assert not any(map(is_alive, pids))


def test_killed_it_takes_its_children_along_and_starts_cleanly_at_once(stack: Stack) -> None:
    pids = stack.children()
    assert set(pids) == {"web", "worker", "database"}

    stack.stop(signal.SIGKILL)
    stack.start()

    assert not any(map(is_alive, pids.values()))
    assert stack.answers()


def test_all_killed_at_once_it_starts_cleanly(stack: Stack) -> None:
    assert stack.process is not None
    for pid in (stack.process.pid, *stack.children().values()):
        os.kill(pid, signal.SIGKILL)
    stack.process.wait()

    stack.start()

    assert stack.answers()


def test_a_child_ends_with_its_parent_by_the_lifeline_and_not_by_chance() -> None:
    assert not is_alive_after_parent(holds=True)
    assert is_alive_after_parent(holds=False)


def is_alive_after_parent(*, holds: bool) -> bool:
    grip = "from tutelage.ops import lifeline; lifeline.hold();" if holds else ""
    child = f"import time; {grip} time.sleep(60)"
    parent = (
        "import os, subprocess, sys, time; reading, writing = os.pipe();"
        f"child = subprocess.Popen([sys.executable, '-c', {child!r}], pass_fds=[reading],"
        "env={**os.environ, 'TUTELAGE_LIFELINE': str(reading)});"
        "print(child.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        time.sleep(0.5)
        process.kill()
    until = time.monotonic() + (20 if holds else 1.5)
    while is_alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    alive = is_alive(pid)
    if alive:
        os.kill(pid, signal.SIGKILL)
    return alive


def test_it_waits_longer_each_time_and_from_the_start_once_all_went_well() -> None:
    back_off = BackOff()

    waits = [back_off.ended(started_at=0, now=1) for _ in range(12)]

    assert waits[:4] == [0.1, 0.2, 0.4, 0.8]
    assert waits[-1] == LONGEST_WAIT
    assert back_off.ended(started_at=0, now=60) == 0.1
