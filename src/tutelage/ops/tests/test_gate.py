import os
import subprocess
import sys

import pytest

from tutelage.ops.gate import GATE_VARIABLE, Gate

ARRIVES = "from tutelage.ops import gate; gate.wait(); print('through')"


def arriving(gate: Gate) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", ARRIVES],
        env={**os.environ, GATE_VARIABLE: str(gate.descriptor)},
        pass_fds=[gate.descriptor],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_whoever_is_at_the_gate_goes_on_when_it_is_opened() -> None:
    gate = Gate()
    process = arriving(gate)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)

    gate.open()

    assert process.communicate(timeout=30) == ("through\n", "")


def test_a_gate_may_be_opened_before_anybody_is_there() -> None:
    gate = Gate()
    process = arriving(gate)
    gate.open()

    assert process.communicate(timeout=30)[0] == "through\n"


def test_nobody_gets_through_because_the_keeper_is_gone() -> None:
    gate = Gate()
    process = arriving(gate)

    os.close(gate._opener)

    assert process.communicate(timeout=30) == ("", "The supervisor is gone.\n")
    assert process.returncode == 1


def test_without_a_gate_nobody_waits() -> None:
    done = subprocess.run([sys.executable, "-c", ARRIVES], capture_output=True, check=True)

    assert done.stdout == b"through\n"
