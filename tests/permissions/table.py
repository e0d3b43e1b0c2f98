"""The reviewed table of who gets what, and the routes that there really are."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.urls import URLPattern, URLResolver, get_resolver
from tests.permissions.callers import PEOPLE, TOKENS
from tests.permissions.world import ABSENT

from tutelage.api.root import api

FILE: Final = Path(__file__).with_name("matrix.yaml")
PARAMETER: Final = re.compile(r"{(\w+)}")
# What a route names, when its row does not say of what else it is.
USUAL: Final = {
    "session_id": "planned",
    "mentorship_id": "pair",
    "person_id": "person",
    "uid": "person",
    "batch_id": "batch",
    "token_id": "token_id",
    "step_id": "step",
    "day": "day",
    "action": "pair_action",
}
GONE: Final = "404"


@dataclass(frozen=True)
class Row:
    """One route, in one situation, and what each actor is answered."""

    route: str
    answers: Mapping[str, str]
    of: str = ""
    case: str = ""
    sends: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    absent: str = GONE
    asks: str = ""

    @property
    def method(self) -> str:
        return self.route.split()[0]

    @property
    def pattern(self) -> str:
        return self.route.split()[1]

    @property
    def is_api(self) -> bool:
        return self.pattern.startswith("/api")

    @property
    def has_object(self) -> bool:
        return bool(PARAMETER.search(self.pattern))

    def __str__(self) -> str:
        return f"{self.route} {self.case}".strip()

    def path(self, names: Mapping[str, str], *, absent: bool = False) -> str:
        def value(found: re.Match[str]) -> str:
            if absent:
                return str(ABSENT)
            return names.get(self.of or USUAL.get(found[1], ""), self.of or "none")

        return PARAMETER.sub(value, self.pattern) + self.asks.format(**names)


@cache
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text())
    return loaded


@cache
def rows() -> list[Row]:
    return [
        _row(route, said)
        for route, cases in document()["routes"].items()
        for said in (cases if isinstance(cases, list) else [cases])
    ]


def _row(route: str, said: str | dict[str, Any]) -> Row:
    given = {"answers": said} if isinstance(said, str) else dict(said)
    answers = dict(zip(PEOPLE, str(given.pop("answers")).split(), strict=True))
    exceptions = {name: str(given.pop(name)) for name in TOKENS if name in given}
    method, pattern = route.split()
    answers |= of_tokens(answers, method, is_api=pattern.startswith("/api")) | exceptions
    return Row(route, answers, **{name: _plain(name, value) for name, value in given.items()})


def _plain(name: str, value: Any) -> Any:
    return str(value) if name in {"absent", "of", "case", "asks"} else value


def of_tokens(answers: dict[str, str], method: str, *, is_api: bool) -> dict[str, str]:
    """Tokens open the API alone, as their owner; a read token changes nothing."""
    nobody = answers["anonymous"]
    as_nobody = dict.fromkeys((*TOKENS, "disabled"), nobody)
    if not is_api or nobody == "200":
        return as_nobody
    can_read = method in {"GET", "HEAD"}
    reading = answers["mentor"] if can_read else "403"
    return as_nobody | {"read_token": reading, "write_token": answers["mentor"]}


def parameters(pattern: str) -> list[str]:
    return PARAMETER.findall(pattern)


def routes() -> set[str]:
    """Every operation of the API, and every page by both methods that a page can have."""
    paths = api.get_openapi_schema()["paths"]
    operations = {f"{method.upper()} {path}" for path, each in paths.items() for method in each}
    own = {re.sub(r"{\w+}", "{}", path) for path in paths}
    pages = {
        f"{method} {pattern}"
        for pattern in patterns()
        if re.sub(r"{\w+}", "{}", pattern) not in own
        for method in ("GET", "POST")
    }
    return operations | pages


def patterns() -> Iterator[str]:
    for route in _walk(get_resolver()):
        plain = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", route.strip("^$"))
        yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", plain)


def _walk(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            yield f"{before}{each.pattern}".replace("^", "")
        else:
            yield from _walk(each, f"{before}{each.pattern}")
