"""No field of a page's form breaks anything, whatever is typed into it, and a refusal is at it.

Each field gets every twenty-third of the nasties, in turn; with DEEP=1 all of them.
"""

import os
import re
from collections import Counter
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.core.cache import cache
from tests.inputs.forms import Target, forms_in, targets, values
from tests.inputs.nasties import ALWAYS, shown
from tests.permissions.callers import make_callers
from tests.permissions.world import build_world

from tutelage.core.errors import DomainError, InvalidInput
from tutelage.core.inputs import invalid_input
from tutelage.web import forms

DEEP = bool(os.environ.get("DEEP"))
EVERY = 1 if DEEP else 23
PARTS = 4 if DEEP else 2
"""So that the fields can be shared among processes."""
FIELD = re.compile(r"<(?:input|select|textarea)\b[^>]*>")
CALLED = {"host_clocks": "zone"}
"""A hidden field, by the name that the input has for it."""
LEADS_TO = {"status": "words"}
"""Where what follows from a choice is refused: a column's words have to be explained."""
pytestmark = pytest.mark.django_db


def fault(target: Target, reply: Any) -> str:
    status = reply.status_code
    if status >= 500 or status == 405:
        return str(status)
    if status != 422:
        return ""
    page, name = reply.content.decode(), target.name.removesuffix("[]")
    name = CALLED.get(name, name)
    marked = any(
        f'name="{name}"' in each and 'aria-invalid="true"' in each for each in FIELD.findall(page)
    )
    told = [f'id="{name}-error"', f'href="#{name}"', f"<strong>{name}</strong>:"]
    if name in LEADS_TO:
        told.append(f'href="#{LEADS_TO[name]}"')
    return "" if marked or any(mark in page for mark in told) else "422 does not say where"


@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_is_typed_into_a_field_is_taken_or_refused_at_it(part: int) -> None:
    world = build_world()
    callers = make_callers(world)
    wrong, statuses, turn = dict[str, str](), Counter[int](), count()
    fields = sorted(targets(callers, world), key=lambda each: (each.route, each.actor, each.name))
    for target in fields[part::PARTS]:
        for name, value in values():
            number = next(turn)
            if number % EVERY and name not in ALWAYS:
                continue
            cache.clear()
            reply = target.send(callers[target.actor], value, in_parts=number % 2 == 1)
            statuses[reply.status_code] += 1
            if found := fault(target, reply):
                wrong[f"{target}: {name}"] = f"{found} for {shown(value)}"

    print(f"{statuses.total()} asked of {len(fields)} fields, {dict(statuses)}")
    assert len(fields) > 80
    assert not wrong, "\n".join(f"{place} {what}" for place, what in wrong.items())


def test_a_form_is_read_as_a_browser_would_send_it() -> None:
    page = """
        <form method="post" action="/a" id="f">
          <input name="one" value="1"><input type="checkbox" name="two" value="2">
          <select name="three"><option value="x">X</option><option value="y" selected>Y</option>
          </select><textarea name="four">some</textarea><input type="file" name="five">
        </form><button form="f" name="six" value="6">Go</button>
    """

    [form] = forms_in(page, "/here")

    assert (form.method, form.action, form.files) == ("POST", "/a", {"five"})
    assert form.values == {"one": "1", "two": "2", "three": "y", "four": "some", "six": "6"}


def test_an_error_and_a_refusal_without_a_place_are_found() -> None:
    """The control: both are planted where all forms are read."""
    world = build_world()
    callers = make_callers(world)
    [name] = [
        each for each in targets(callers, world) if each.path == "/settings" and each.name == "name"
    ]

    def fault_with(planted: Callable[..., Any]) -> str:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(forms, "invalid_input", planted)
            return fault(name, name.send(callers[name.actor], "x" * 1_000))

    def fail(*_given: object) -> DomainError:
        raise ValueError("planted")

    def say_no_place(*_given: object) -> DomainError:
        return InvalidInput("Something is wrong.")

    assert fault_with(invalid_input) == ""
    assert fault_with(fail) == "500"
    assert fault_with(say_no_place) == "422 does not say where"
