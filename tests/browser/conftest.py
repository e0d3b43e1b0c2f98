"""A real browser on a real server: Chromium, one login a person, and what every page must keep."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tutelage.core.tests.ports import free_port
from tutelage.domain.people.models import User

SHOTS: Final = Path(__file__).parents[2] / "var" / "shots"
# The first is Chromium without its window: it draws the same pages for two thirds of the work.
PROGRAMS: Final = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
SWITCHES: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
COLLECT: Final = """
    document.addEventListener("securitypolicyviolation", (event) =>
        tellViolation(`${event.violatedDirective} ${event.blockedURI} ${location.pathname}`));
"""
PATIENCE_MS: Final = 20_000  # a busy machine is no mistake of a page
DESKTOP: Final = 1280
PHONE: Final = 390
expect.set_options(timeout=PATIENCE_MS)


def chromium() -> str | None:
    """The browser to drive: the one named by CHROMIUM, or the first on the path."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, PROGRAMS)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands in this folder; name it as not run without a browser, except in CI."""
    here = Path(__file__).parent
    absent = pytest.mark.skip(reason="no Chromium here: install it, or name it by CHROMIUM")
    for item in items:
        if here not in item.path.parents:
            continue
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=False))
        if chromium() is None and not os.environ.get("CI"):
            item.add_marker(absent)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = chromium()
    assert program, "There is no Chromium, and CI demands it."
    # Playwright's own loop runs in this thread, and Django would refuse the database beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(SWITCHES))
        yield started
        started.close()


@pytest.fixture(scope="session")
def live_server(request: pytest.FixtureRequest) -> Iterator[LiveServer]:
    """Below 32768: past it, a retry against a port that nobody has can connect to itself."""
    server = LiveServer(f"127.0.0.1:{free_port()}")
    yield server
    server.stop()


@dataclass
class Visit:
    """One person's browser window, and the address their pages stand under."""

    context: BrowserContext
    base: str
    page: Page = field(init=False)
    violations: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen for what the content security policy refuses, on every page that is opened."""
        self.context.expose_function("tellViolation", self.note)
        self.context.add_init_script(COLLECT)
        self.page = self.context.new_page()

    def note(self, violation: str) -> None:
        self.violations.append(violation)

    def go(self, path: str) -> Page:
        self.page.goto(f"{self.base}{path}")
        return self.page


class AsPerson(Protocol):
    def __call__(
        self,
        person: User | None = None,
        *,
        width: int = DESKTOP,
        scheme: str = "light",
        zone: str = "Pacific/Auckland",
        language: str = "en",
        **given: Any,
    ) -> Visit: ...


@pytest.fixture
def as_person(browser: Browser, live_server: LiveServer) -> Iterator[AsPerson]:
    """Open a window for a person who is signed in already, or for nobody.

    When the test ends, no window may have seen a violation of the content security policy.
    """
    visits: list[Visit] = []

    def open_window(
        person: User | None = None,
        *,
        width: int = DESKTOP,
        scheme: str = "light",
        zone: str = "Pacific/Auckland",
        language: str = "en",
        **given: Any,
    ) -> Visit:
        is_phone = width < DESKTOP // 2
        context = browser.new_context(
            viewport={"width": width, "height": 844 if is_phone else 900},
            has_touch=is_phone,
            device_scale_factor=1.5 if is_phone else 1,
            color_scheme=scheme,  # type: ignore[arg-type]  # light or dark
            timezone_id=zone,
            locale=language,
            reduced_motion="reduce",
            **given,
        )
        context.set_default_timeout(PATIENCE_MS)
        if person is not None:
            context.add_cookies([_login_cookie(person, live_server.url)])
        visits.append(Visit(context, live_server.url))
        return visits[-1]

    yield open_window
    for visit in visits:
        visit.page.evaluate("0")  # what was refused before has been told once this is answered
        visit.context.close()
    assert [line for visit in visits for line in visit.violations] == []


def _login_cookie(person: User, address: str) -> Any:
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": address}


UNPIN = """place => document.querySelectorAll(".tabbar, .topbar")
    .forEach(bar => bar.style.position = place)"""
SETTLE = """() => document.getAnimations()
    .filter(each => each instanceof CSSTransition).forEach(each => each.finish())"""
AXE: Final = Axe()
RULES: Final = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
# Of all rules only contrast can be kept in one scheme and broken in the other.
SCHEMES: Final[dict[Literal["light", "dark"], list[str]]] = {
    "light": RULES,
    "dark": ["color-contrast"],
}


class Inspect(Protocol):
    def __call__(self, page: Page, name: str) -> None: ...


@pytest.fixture
def inspect() -> Inspect:
    """Assert that a page fits its window and is for everybody, in light and in dark.

    With SHOTS=1 a picture of each is kept under var/shots by that name, to be looked at.
    """

    def look(page: Page, name: str) -> None:
        assert overflow(page) <= 0, f"{page.url} is wider than its window"
        page.evaluate(AXE.axe_script)
        for scheme, rules in SCHEMES.items():
            page.emulate_media(color_scheme=scheme)
            page.evaluate(SETTLE)
            _check(page, rules)
            if os.environ.get("SHOTS"):
                _shoot(page, f"{name}-{page.evaluate('innerWidth')}-{scheme}")

    return look


def _check(page: Page, rules: list[str]) -> None:
    # What lies under the bars that stay in view is reached by scrolling, which a rule about the
    # size of targets does not know: meanwhile they stand still.
    page.evaluate(UNPIN, "static")
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    found = AxeResults(page.evaluate("options => axe.run(options)", options))
    page.evaluate(UNPIN, "")
    assert found.violations_count == 0, found.generate_report()


def _shoot(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def overflow(page: Page) -> int:
    """By how many pixels a page is wider than its window."""
    wide: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wide
