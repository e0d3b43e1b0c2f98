"""The forms of the pages as a browser finds them, and a request for each of their fields."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.urls import Resolver404, resolve
from tests.inputs.nasties import TEXTS, quoted
from tests.permissions.callers import Caller, undone
from tests.permissions.table import Row, rows
from tests.permissions.world import World, filled

SENT: Final = "application/x-www-form-urlencoded"
_EDGE: Final = "edge-of-a-part"


@dataclass
class Found:
    """A form, where it leads, and what it would send as it stands."""

    method: str
    action: str
    values: dict[str, str] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.forms: list[Found] = []
        self.by_id: dict[str, Found] = {}
        self.open: Found | None = None
        self.select = self.area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = given.get("hx-post") or given.get("action") or self.address
            method = "POST" if "hx-post" in given else given.get("method", "get").upper()
            self.open = Found(method, action)
            self.forms.append(self.open)
            self.by_id[given.get("id", "")] = self.open
        self._note_address(tag, given)
        form = self.by_id.get(given.get("form", ""), self.open)
        name = given.get("name", "")
        if tag == "option" and self.select and self.open:
            if "selected" in given or not self.open.values[self.select]:
                self.open.values[self.select] = given.get("value", "")
        elif form and name and tag in {"input", "select", "textarea", "button"}:
            self._note(form, tag, name, given)

    def _note_address(self, tag: str, given: Mapping[str, str]) -> None:
        """What a link asks for, and what HTMX asks for with the fields of a form."""
        if tag == "a" and "?" in given.get("href", ""):
            address = urljoin(self.address, given["href"])
            self.forms.append(Found("GET", address, dict(parse_qsl(urlsplit(address).query))))
        if self.open and "hx-get" in given and tag in {"input", "select"}:
            self.forms.append(Found("GET", given["hx-get"], self.open.values))

    def _note(self, form: Found, tag: str, name: str, given: Mapping[str, str]) -> None:
        kind = given.get("type", "text")
        if kind == "file":
            form.files.add(name)
            return
        chosen = kind not in {"checkbox", "radio"} or "checked" in given
        if chosen or name not in form.values:
            form.values[name] = given.get("value", "")
        self.select = name if tag == "select" else self.select
        self.area = name if tag == "textarea" else self.area

    def handle_data(self, data: str) -> None:
        if self.area and self.open:
            self.open.values[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        self.select = "" if tag == "select" else self.select
        self.area = "" if tag == "textarea" else self.area


def forms_in(page: str, address: str) -> list[Found]:
    reader = _Reader(address)
    reader.feed(page)
    return reader.forms


@dataclass(frozen=True)
class Target:
    """One field of one form, as one actor sends it."""

    actor: str
    method: str
    path: str
    name: str
    values: Mapping[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.name}"

    @property
    def route(self) -> str:
        """The same in each run; the ids in a path are not."""
        return f"{self.method} {_route(self.path)}"

    def send(self, caller: Caller, value: str, *, in_parts: bool = False) -> Any:
        with undone():
            return self._send(caller, value, in_parts=in_parts)

    def _send(self, caller: Caller, value: str, *, in_parts: bool) -> Any:
        given = {**self.values, self.name: value}
        query = "&".join(f"{quoted(name)}={quoted(each)}" for name, each in given.items())
        if self.method == "GET":
            return caller.client.generic("GET", f"{self.path}?{query}")
        if not in_parts:
            return caller.client.generic("POST", self.path, query, SENT)
        body = b"".join(
            f'--{_EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
            + each.encode("utf-8", "surrogatepass")
            + b"\r\n"
            for name, each in given.items()
        )
        kind = f"multipart/form-data; boundary={_EDGE}"
        return caller.client.generic("POST", self.path, body + f"--{_EDGE}--\r\n".encode(), kind)


def targets(callers: Mapping[str, Caller], world: World) -> Iterator[Target]:
    """Each field of each form that any page shows to somebody, once; and what the table sends."""
    seen = set[tuple[str, str, str]]()
    every = [*_of_pages(callers, world), *_of_the_table(world)]
    for actor, form in every:
        path = urlsplit(form.action).path
        for name in form.values:
            at = (form.method, _route(path), name)
            if name != "csrfmiddlewaretoken" and at not in seen:
                seen.add(at)
                yield Target(actor, form.method, path, name, _known(form, world))


def _of_pages(callers: Mapping[str, Caller], world: World) -> Iterator[tuple[str, Found]]:
    for row in _pages("GET"):
        if row.pattern == "/design":
            continue  # samples, which lead nowhere
        for actor in ("anonymous", "mentee", "mentor", "superadmin"):
            if row.answers[actor] != "200":
                continue
            path = row.path(world.names)
            reply = callers[actor].ask("GET", path)
            for form in forms_in(reply.content.decode(errors="replace"), path):
                yield actor, form


def _of_the_table(world: World) -> Iterator[tuple[str, Found]]:
    for row in _pages("POST"):
        actor = next((name for name, due in row.answers.items() if due == "302"), "")
        if actor and isinstance(row.sends, dict):
            sends = filled(row.sends, world.names)
            yield actor, Found("POST", row.path(world.names), sends)


def _known(form: Found, world: World) -> Mapping[str, str]:
    """What the table sends there, so that the other fields are right."""
    path = urlsplit(form.action).path
    for row in _pages(form.method):
        if row.path(world.names) == path and isinstance(row.sends, dict):
            return {**form.values, **filled(row.sends, world.names)}
    return form.values


def _pages(method: str) -> list[Row]:
    return [row for row in rows() if row.method == method and not row.is_api]


def _route(path: str) -> str:
    try:
        return str(resolve(path).route)
    except Resolver404:
        return path


def values() -> Iterator[tuple[str, str]]:
    yield from TEXTS.items()
