"""No parameter of the API breaks anything, whatever is put into it, and a refusal names it.

Each place gets every seventeenth of the nasties, in turn; with DEEP=1 all of them.
"""

import json
import os
from collections import Counter
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from tests.inputs.made_up import document, tags
from tests.inputs.nasties import ALWAYS, shown
from tests.inputs.parameters import Parameter, actor_for, parameters
from tests.permissions.callers import make_callers, undone
from tests.permissions.world import build_world

from tutelage.api import root
from tutelage.core.errors import DomainError, InvalidInput
from tutelage.core.inputs import invalid_input

DEEP = bool(os.environ.get("DEEP"))
EVERY = 1 if DEEP else 17
RELATED = {"from": "to"}
pytestmark = pytest.mark.django_db


def fault(parameter: Parameter, reply: Any) -> str:
    """What is wrong with an answer, or nothing."""
    operation = document()["paths"][parameter.row.pattern][parameter.row.method.lower()]
    status = reply.status_code
    if status >= 500 or str(status) not in operation["responses"]:
        # An address that is not one leads to no operation.
        return "" if status == 404 and parameter.where == "path" else str(status)
    if status != 422 or not parameter.top:
        return ""
    fields = {error["field"].partition(".")[0] for error in reply.json()["errors"]}
    # A first day that is later than the last one is the last one's fault.
    return "" if {parameter.top, RELATED.get(parameter.top)} & fields else f"422 names {fields}"


@pytest.mark.parametrize("tag", tags())
def test_whatever_is_put_into_a_parameter_is_taken_or_refused_by_its_name(tag: str) -> None:
    world = build_world()
    callers = make_callers(world)
    wrong, statuses, turn = dict[str, str](), Counter[int](), count()
    for parameter in parameters(tag, world):
        caller = callers[actor_for(parameter.row)]
        for name, value in parameter.values():
            if next(turn) % EVERY and name not in ALWAYS:
                continue
            with undone():
                reply = parameter.send(caller, world, value)
            statuses[reply.status_code] += 1
            if found := fault(parameter, reply):
                wrong[f"{parameter}: {name}"] = f"{found} for {shown(value)}"

    print(f"{tag}: {statuses.total()} asked, {dict(statuses)}")
    assert not wrong, "\n".join(f"{place} {what}" for place, what in wrong.items())


def test_an_error_and_a_refusal_that_names_nothing_are_found() -> None:
    """The control: both are planted where a pair is changed."""
    world = build_world()
    caller = make_callers(world)["mentor"]
    route = "PATCH /api/mentorships/{mentorship_id}"
    fields = [each for each in parameters("mentorships", world) if str(each).startswith(route)]
    [goals] = [each for each in fields if each.at == ("goals",)]
    long = json.dumps("x" * 100_000)

    def fault_with(planted: Callable[..., Any]) -> str:
        with undone(), pytest.MonkeyPatch.context() as patch:
            patch.setattr(root, "invalid_input", planted)
            return fault(goals, goals.send(caller, world, long))

    def fail(*_given: object, **_named: object) -> DomainError:
        raise ValueError("planted")

    def name_nothing(*_given: object, **_named: object) -> DomainError:
        return InvalidInput("Something is wrong.")

    assert fault_with(invalid_input) == ""
    assert fault_with(fail) == "500"
    assert fault_with(name_nothing) == "422 names set()"
