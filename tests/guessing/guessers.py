"""Somebody who guesses: many tries at once, on two servers, each from an address of its own."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Final, Self

import httpx
from django.conf import settings

from tutelage.config.tests.serving import Served, serving
from tutelage.domain.people.models import User
from tutelage.domain.people.tests.builders import make_user

GUARDED: Final = "tutelage.config.asgi:application"
UNGUARDED: Final = "tests.faults.unlimited:application"
LOGIN: Final = "/account/login/"
RESET: Final = "/account/password/reset/"
SECOND: Final = "/account/2fa/authenticate/"
PASSWORD: Final = "a long enough secret"

Try = Callable[[int], str]


@contextmanager
def servers_of(home: Path, *applications: str) -> Iterator[list[Served]]:
    """Behind one proxy, which a guesser here plays; their mails are files in `home`."""
    given = {"TUTELAGE_HOME": str(home), "TRUSTED_PROXIES": "1", "SIGNUP": "open"}
    with ExitStack() as stack:
        yield [stack.enter_context(serving(each, **given)) for each in applications]


def make_person(email: str = "") -> User:
    person = make_user(email=email) if email else make_user()
    person.set_password(PASSWORD)
    person.save()
    return person


class Browser:
    """A client that sends the token against forgery that it was given, as any script can."""

    def __init__(self, server: Served, address: str = "203.0.113.7", **headers: str) -> None:
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{server.port}",
            headers={"X-Forwarded-For": address, **headers},
            timeout=120,
            verify=False,  # noqa: S501  # nothing here is encrypted; certificates are slow to load
        )
        self.client.cookies.set(settings.CSRF_COOKIE_NAME, token_hex(16), domain="127.0.0.1")

    @property
    def secret(self) -> str:
        """Which is another after each login."""
        return self.client.cookies[settings.CSRF_COOKIE_NAME]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.client.close()

    def post(self, path: str, sent: Mapping[str, str]) -> httpx.Response:
        return self.client.post(path, data={**sent, "csrfmiddlewaretoken": self.secret})

    def sign_in(self, email: str, password: str) -> httpx.Response:
        return self.post(LOGIN, {"login": email, "password": password})


def another(number: int) -> str:
    """An address of its own for each try."""
    return f"198.51.{number // 200}.{number % 200 + 1}"


def said(reply: httpx.Response) -> str:
    """What a try came to."""
    if reply.status_code == 302:
        return f"to {reply.headers['Location']}"
    told = {"do not match": "wrong", "code is not right": "wrong", "15 minutes": "too often"}
    found = [word for words, word in told.items() if words in reply.text]
    return found[0] if found else str(reply.status_code)


def tried(attempt: Try, times: int, *, at_once: int = 8) -> Counter[str]:
    with ThreadPoolExecutor(at_once) as pool:
        return Counter(pool.map(attempt, range(times)))


def at(servers: Sequence[Served], number: int) -> Served:
    return servers[number % len(servers)]


def mails_to(home: Path, address: str) -> int:
    """How many have been written so far; the servers keep them as files."""
    texts = [file.read_text() for file in (home / "mails").glob("*")]
    return sum(text.count(f"\nTo: {address}\n") for text in texts)
