"""The API guide is run as it stands: each command, against a real server, and what it answers."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from tutelage.domain.people.lifecycle import Scope
from tutelage.domain.people.tests.builders import make_token, make_user
from tutelage.domain.programs.tests.builders import make_pair

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "api.md"
BLOCK = re.compile(r"^```(sh|json)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANYTHING = "…"

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


def read_guide() -> list[tuple[str, Any]]:
    """Each piece of shell, with the answer that the guide shows after it, if any."""
    blocks = BLOCK.findall(GUIDE.read_text())
    steps: list[tuple[str, Any]] = []
    for kind, text in blocks:
        if kind == "sh":
            steps.append((text, None))
        else:
            steps[-1] = (steps[-1][0], json.loads(text))
    return steps


def agrees(shown: Any, answered: Any) -> bool:
    """What is shown is a part of the answer; an ellipsis stands for anything."""
    if shown == ANYTHING:
        return True
    if isinstance(shown, dict) and isinstance(answered, dict):
        return all(name in answered and agrees(shown[name], answered[name]) for name in shown)
    if isinstance(shown, list) and isinstance(answered, list):
        pairs = zip(shown, answered, strict=False)
        return len(shown) == len(answered) and all(agrees(*pair) for pair in pairs)
    return bool(shown == answered)


def test_an_answer_that_differs_from_what_is_shown_is_noticed() -> None:
    assert agrees({"a": [{"b": "…"}]}, {"a": [{"b": 1, "c": 2}], "d": 3})
    assert not agrees({"a": 1}, {"a": 2})
    assert not agrees({"a": [1]}, {"a": []})
    assert not agrees({"a": 1}, {})


@pytest.mark.django_db(transaction=True)
def test_each_command_of_the_guide_answers_what_the_guide_shows(live_server: LiveServer) -> None:
    pair = make_pair(
        mentor=make_user(name="Dr. Samuel Oyelaran", zone="America/New_York"),
        mentee=make_user(
            name="Aroha Ngata-Williams", email="aroha@example.org", zone="Pacific/Auckland"
        ),
    )
    env = {
        "PATH": os.environ["PATH"],
        "TUTELAGE": f"{live_server.url}/api",
        "MENTEE_TOKEN": make_token(pair.mentee, Scope.WRITE),
        "MENTOR_TOKEN": make_token(pair.mentor, Scope.WRITE),
    }
    steps = read_guide()
    mark = "\n---answered---\n"
    script = "".join(text + "printf '\\n---answered---\\n'\n" for text, _shown in steps)

    run = subprocess.run(
        ["/bin/bash", "-eu", "-c", script],
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    answers = run.stdout.split(mark)
    for (text, shown), answer in zip(steps, answers, strict=False):
        if shown is not None:
            assert agrees(shown, json.loads(answer)), f"{text}\nanswered {answer}"
