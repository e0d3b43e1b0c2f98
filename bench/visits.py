"""A first visit by a real browser with an empty cache: how many requests, how many bytes."""

import os
import shutil
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.conf import settings
from playwright.sync_api import Browser, sync_playwright

from bench import product, serving
from bench.cast import Cast
from bench.verdict import Figure, Section

REQUESTS, KILOBYTES = 6, 100
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, PROGRAMS)), None)


def measure_visits(dsn: str) -> Iterator[Section]:
    """The event stream is counted as a request; it ends with the visit."""
    program = chromium()
    if program is None:
        print("Not measured: first visits. There is no Chromium; name it by CHROMIUM.")
        return
    product.turn_to(dsn)
    cast = Cast()
    pages = {
        "Login": "/account/login/",
        "Home": "/",
        "History": "/jam/sessions",
        "Session": f"/sessions/{cast.session.pk}",
    }
    # Playwright's own loop runs in this thread, and Django would refuse the database beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with serving.web(dsn) as web, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        for name, path in pages.items():
            cookie = "" if name == "Login" else cast.cookies[1]
            requests, size = _visit(browser, f"http://localhost:{web.port}", path, cookie)
            yield Section(
                f"First visit, {name.lower()}",
                [
                    Figure("requests", [requests], "", REQUESTS, is_count=True),
                    Figure("on the wire", [size / 1000], " kB", KILOBYTES),
                ],
            )
        browser.close()


def _visit(browser: Browser, base: str, path: str, cookie: str) -> tuple[int, int]:
    context = browser.new_context()
    if cookie:
        given: Any = {"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": base}
        context.add_cookies([given])
    page = context.new_page()
    sizes: dict[str, int] = {}

    def sent(told: dict[str, Any]) -> None:
        sizes.setdefault(told["requestId"], 0)

    def received(told: dict[str, Any]) -> None:
        sizes[told["requestId"]] = told["encodedDataLength"]

    wire = context.new_cdp_session(page)
    wire.on("Network.requestWillBeSent", sent)
    wire.on("Network.loadingFinished", received)
    wire.send("Network.enable")
    answer = page.goto(f"{base}{path}", wait_until="load")
    if answer is None or answer.status != HTTPStatus.OK or not page.url.endswith(path):
        raise RuntimeError(f"{path} came as {answer and answer.status} from {page.url}")
    page.wait_for_timeout(1_500)  # what scripts ask for once the page stands
    context.close()
    return len(sizes), sum(sizes.values())
