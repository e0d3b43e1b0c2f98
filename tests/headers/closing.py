"""What every answer has to say, and what it must not."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

YEAR: Final = 365 * 24 * 3600
Pairs = Iterable[tuple[str, str]]


def directives(policy: str) -> dict[str, set[str]]:
    parts = (each.split() for each in policy.split(";") if each.strip())
    return {name: set(sources) for name, *sources in parts}


def _is_closed_policy(policy: str) -> bool:
    said = directives(policy)
    none = ("default-src", "object-src", "base-uri", "frame-ancestors")
    return all(said.get(name) == {"'none'"} for name in none) and "unsafe" not in policy


def _lasts_a_year(value: str) -> bool:
    found = re.search(r"max-age=(\d+)", value)
    return found is not None and int(found[1]) >= YEAR and "includeSubDomains" in value


DUE: Final[Mapping[str, Callable[[str], bool]]] = {
    "content-security-policy": _is_closed_policy,
    "strict-transport-security": _lasts_a_year,
    "x-content-type-options": lambda value: value == "nosniff",
    "x-frame-options": lambda value: value == "DENY",
    "referrer-policy": lambda value: value in {"same-origin", "no-referrer"},
    "cross-origin-opener-policy": lambda value: value == "same-origin",
    "cross-origin-resource-policy": lambda value: value == "same-origin",
    "permissions-policy": lambda value: "camera=()" in value and "geolocation=()" in value,
    "cache-control": lambda value: "no-store" in value and "public" not in value,
}
# They tell what runs here, or let other sites read.
NEVER: Final = re.compile(r"server|x-powered-by|via|access-control-.*")


def faults(headers: Pairs, *, public: bool = False) -> set[str]:
    """The names of headers that are missing, wrong, said twice, or said at all."""
    said: dict[str, list[str]] = {}
    for name, value in headers:
        said.setdefault(name.lower(), []).append(value)
    due = {name: rule for name, rule in DUE.items() if not (public and name == "cache-control")}
    wrong = {name for name, rule in due.items() if not _once(said.get(name, []), rule)}
    return wrong | {name for name in said if NEVER.fullmatch(name)}


def _once(values: list[str], rule: Callable[[str], bool]) -> bool:
    return len(values) == 1 and rule(values[0])
