"""Requests made up from the OpenAPI document, and what its own words make of the answers."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import GenerationConfig
from schemathesis.core.failures import AcceptedNegativeData
from tests.permissions.callers import Caller, undone
from tests.permissions.table import USUAL, rows
from tests.permissions.world import World

from tutelage.api.root import api

Case = schemathesis.Case[Any]

ACTORS: Final = (
    "mentor", "anonymous", "mentee", "member", "admin", "read_token", "superadmin",
)  # fmt: skip
SERVER: Final = "http://testserver"
MODES: Final = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
_RULES: Final = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
)
_OURS: Final = {"authorization", "content-length", "content-type", "cookie", "user-agent"}
# One seed, and nothing kept from run to run: what was found once is found again.
_ALIKE: Final[dict[str, Any]] = {
    "database": None,
    "deadline": None,
    "derandomize": True,
    "suppress_health_check": list(HealthCheck),
}


@cache
def document() -> dict[str, Any]:
    """As a client reads it."""
    read: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(), default=str))
    return read


@cache
def schema() -> Any:
    return schemathesis.openapi.from_dict(document())


@cache
def rules() -> list[Any]:
    load_all_checks()
    return list(CHECKS.get_by_names(_RULES))


def operations(tag: str = "") -> Iterator[Any]:
    for found in schema().get_all_operations():
        operation = found.ok()
        if not tag or tag in operation.tags:
            yield operation


def tags() -> list[str]:
    return sorted({tag for operation in operations() for tag in operation.tags})


@dataclass
class Findings:
    """How many were asked, what was answered, and what was wrong."""

    asked: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: dict[str, str] = field(default_factory=dict)

    def told(self) -> str:
        return "\n".join(f"{name}: {said}" for name, said in self.wrong.items())

    def look(self, case: Case, reply: Any) -> None:
        self.asked += 1
        self.statuses[reply.status_code] += 1
        try:
            case.validate_response(reply, checks=rules())
        except BaseExceptionGroup as found:
            for failure in found.exceptions:
                if isinstance(failure, AcceptedNegativeData) and reply.status_code >= 400:
                    continue  # refused for something else, which was looked at first: not accepted
                said = getattr(failure, "message", "") or str(failure)
                name = f"{type(failure).__name__}: {case.operation.label} {reply.status_code}"
                self.wrong.setdefault(name, f"{said[:400]} {_told(case)}")


def _told(case: Case) -> str:
    sent = {"path": case.path_parameters, "query": case.query, "body": case.body}
    return f"for {sent} {dict(case.headers or {})}"[:600]


def send(case: Case, caller: Caller) -> Any:
    """Send it as that caller, through all of Django."""
    given = case.as_transport_kwargs(base_url=SERVER)
    known = {"method", "url", "headers", "params", "json", "data", "files"}
    request = requests.Request(**{k: v for k, v in given.items() if k in known}).prepare()
    headers = {
        name: value if isinstance(value, str) else value.decode("latin-1")
        for name, value in request.headers.items()
        if name.lower() not in _OURS
    }
    body = request.body or b""
    reply = caller.client.generic(
        str(request.method),
        str(request.url).removeprefix(SERVER),
        body if isinstance(body, bytes) else str(body).encode(),
        content_type=str(request.headers.get("Content-Type", "")),
        headers={**headers, **caller.headers},
    )
    return schemathesis.Response(
        status_code=reply.status_code,
        headers={name: [value] for name, value in reply.headers.items()},
        content=reply.content,
        request=request,
        elapsed=0,
        verify=True,
    )


def fixed(operation: Any, world: World) -> dict[str, str]:
    """What the address names, as there is; or else nearly all would be answered by 404."""
    row = next(row for row in rows() if row.route == operation.label)
    names = re.findall(r"{(\w+)}", operation.path)
    return {name: world.names[row.of or USUAL[name]] for name in names}


def generated(operation: Any, world: World, number: int) -> Iterator[Case]:
    """As many of each kind: what the document allows, and what it does not."""
    for mode in MODES:
        for path in (fixed(operation, world) or None, None):
            yield from _drawn(operation, mode, path, number)


def _drawn(
    operation: Any, mode: GenerationMode, path: dict[str, str] | None, number: int
) -> list[Case]:
    drawn: list[Case] = []
    strategy = operation.as_strategy(generation_mode=mode, path_parameters=path)

    @settings(max_examples=number, phases=[Phase.generate], **_ALIKE)
    @given(case=strategy)
    def draw(case: Case) -> None:
        drawn.append(case)

    draw()
    return drawn


def covering(operation: Any) -> Iterator[Case]:
    """The document's bounds, one by one: the longest, one more, none, another type, twice …."""
    yield from schema().iter_coverage_cases(
        operation, generation_modes=list(MODES), generation_config=GenerationConfig()
    )


def ask(case: Case, caller: Caller, findings: Findings) -> None:
    with undone():
        findings.look(case, send(case, caller))


def walk_links(caller: Caller, findings: Findings, *, scenarios: int, steps: int) -> Counter[str]:
    """What one answer names is asked for next; each walk is undone at its end."""
    walked: Counter[str] = Counter()
    machine: Any = schema().as_state_machine()

    class Walk(machine):  # type: ignore[misc]  # made at run time
        def setup(self) -> None:
            self.undone = undone()
            self.undone.__enter__()

        def teardown(self) -> None:
            self.undone.__exit__(None, None, None)

        def call(self, case: Case, **_given: Any) -> Any:
            walked[case.operation.label] += 1
            return send(case, caller)

        def validate_response(self, response: Any, case: Case, **_given: Any) -> None:
            findings.look(case, response)

    run: Callable[..., None] = Walk.run
    run(
        settings=settings(
            max_examples=scenarios,
            stateful_step_count=steps,
            phases=[Phase.generate],
            **_ALIKE,
        )
    )
    return walked
