"""Who asks: each actor of the table, as a browser or as a program would."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.test import Client
from tests.permissions.world import World

from tutelage.domain.people.lifecycle import Scope
from tutelage.domain.people.models import ApiToken, User
from tutelage.domain.people.tests.builders import make_token

PEOPLE: Final = (
    "anonymous", "member", "other_mentor", "mentee", "mentor", "admin", "superadmin",
)  # fmt: skip
# The mentor by a token, and somebody whose login and token outlived their account.
TOKENS: Final = ("read_token", "write_token", "revoked_token", "disabled_token")
ACTORS: Final = (*PEOPLE, *TOKENS, "disabled")
JSON: Final = "application/json"
WITH_BODY: Final = {"POST", "PUT", "PATCH", "DELETE"}


Look = Callable[[], object]


@dataclass(frozen=True)
class Caller:
    name: str
    client: Client
    headers: Mapping[str, str]

    def ask(
        self, method: str, path: str, body: Any = None, look: Look | None = None, **headers: str
    ) -> Any:
        """Ask, and let nothing of it be kept: neither rows nor cookies.

        What `look` sees before the rows are gone, the answer has as `seen`.
        """
        cookies = deepcopy(self.client.cookies)
        sent = {**self.headers, **headers}
        with undone():
            try:
                reply = self._send(method, path, body, sent)
                reply.seen = look() if look else None
            finally:
                self.client.cookies = cookies
        return reply

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        if method not in WITH_BODY:
            return self.client.generic(method, path, headers=headers)
        call = getattr(self.client, method.lower())
        if path.startswith("/api/"):
            return call(path, body or {}, content_type=JSON, headers=headers)
        if method == "POST":
            return call(path, body or {}, headers=headers)
        return call(path, headers=headers)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


def make_callers(world: World) -> dict[str, Caller]:
    people = {name: _logged_in(name, world.people.get(name)) for name in (*PEOPLE, "disabled")}
    return people | _programs(world.people["mentor"], world.people["disabled"])


def _logged_in(name: str, person: User | None) -> Caller:
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
    return Caller(name, client, {})


def _programs(mentor: User, disabled: User) -> dict[str, Caller]:
    tokens = {
        "read_token": make_token(mentor, Scope.READ),
        "write_token": make_token(mentor, Scope.WRITE),
        "revoked_token": make_token(mentor, Scope.WRITE),
        "disabled_token": make_token(disabled, Scope.WRITE),
    }
    revoked = ApiToken.objects.filter(prefix=tokens["revoked_token"][:12])
    revoked.update(revoked_at=mentor.joined_at)
    return {
        name: Caller(
            name, Client(raise_request_exception=False), {"Authorization": f"Bearer {token}"}
        )
        for name, token in tokens.items()
    }
