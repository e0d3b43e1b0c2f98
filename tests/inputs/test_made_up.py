"""No request that can be made up from the OpenAPI document gets what the document does not say.

Each operation is asked what the document allows and what it does not, as each actor in turn; with
DEEP=1 two hundred times each, by all of them.
"""

import os
from collections.abc import Callable
from itertools import cycle, islice
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from tests.inputs.made_up import (
    ACTORS,
    Findings,
    ask,
    covering,
    generated,
    operations,
    tags,
    walk_links,
)
from tests.permissions.callers import make_callers
from tests.permissions.world import build_world

from tutelage.api import root
from tutelage.core.errors import DomainError
from tutelage.domain.programs import queries

DEEP = bool(os.environ.get("DEEP"))
DRAWN = 50 if DEEP else 2
"""Of each kind; there are four."""
EVERY = 1 if DEEP else 6
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("tag", tags())
def test_each_operation_answers_each_actor_as_its_document_says(tag: str) -> None:
    world = build_world()
    callers = make_callers(world)
    findings, turns = Findings(), cycle(ACTORS)
    for operation in operations(tag):
        for case in generated(operation, world, DRAWN):
            for actor in ACTORS if DEEP else [next(turns)]:
                ask(case, callers[actor], findings)
        for case in islice(covering(operation), None, None, EVERY):
            ask(case, callers[next(turns)], findings)

    print(f"{tag}: {findings.asked} asked, {dict(findings.statuses)}")
    assert not findings.wrong, findings.told()


@pytest.mark.parametrize("actor", ["mentor", "admin"])
def test_what_one_answer_names_can_be_asked_for_next(actor: str) -> None:
    callers, findings = make_callers(build_world()), Findings()

    walked = walk_links(callers[actor], findings, scenarios=100 if DEEP else 6, steps=12)

    print(f"{actor}: {findings.asked} asked, {dict(findings.statuses)}")
    assert not findings.wrong, findings.told()
    assert len(walked) > 5, walked
    assert any(status < 300 for status in findings.statuses)


PAIR = "GET /api/mentorships/{mentorship_id}"


class Teapot(DomainError):
    status, code = 418, "teapot"


def fail(**_given: object) -> None:
    raise ValueError("planted")


def refuse_otherwise(**_given: object) -> None:
    raise Teapot("I am one.")


def plain_text(_request: HttpRequest, **_given: object) -> HttpResponse:
    return HttpResponse("Anything", content_type="text/plain")


def another_shape(_request: HttpRequest, **_given: object) -> HttpResponse:
    return HttpResponse('{"id": 7}', content_type="application/json")


def wrong_with(place: Any, name: str, planted: Callable[..., Any]) -> set[str]:
    """What is found of the pair's own page of the API once a fault is there."""
    [operation] = [each for each in operations("mentorships") if each.label == PAIR]
    world, findings = build_world(), Findings()
    caller = make_callers(world)["mentor"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place, name, planted)
        for case in generated(operation, world, 1):
            ask(case, caller, findings)
    return {found.partition(":")[0] for found in findings.wrong}


def test_an_error_and_a_status_that_are_not_in_the_document_are_found() -> None:
    assert wrong_with(queries, "get_mentorship", fail) == {"ServerError", "UndefinedStatusCode"}
    assert wrong_with(queries, "get_mentorship", refuse_otherwise) == {"UndefinedStatusCode"}


def test_a_media_type_and_a_shape_that_are_not_in_the_document_are_found() -> None:
    [operation] = [
        operation
        for router in root.api._get_bound_routers()
        for path in router.path_operations.values()
        for operation in path.operations
        if operation.view_func.__name__ == "get_mentorship"
    ]

    assert "UndefinedContentType" in wrong_with(operation, "run", plain_text)
    assert "JsonSchemaError" in wrong_with(operation, "run", another_shape)
