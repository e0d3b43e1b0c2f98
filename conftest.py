"""Browser tests run where Chromium is. Elsewhere each is named as not run, and CI demands it."""

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome")
NOT_RUN = "there is no Chromium: install it, or set CHROMIUM to its path"


def find_chromium() -> str | None:
    given = os.environ.get("CHROMIUM")
    return given or next((path for path in map(shutil.which, NAMES) if path), None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser; only tests marked `browser` ask for it."""
    path = find_chromium()
    if path is None:
        pytest.fail(NOT_RUN)
    return path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    browsing = [item for item in items if item.get_closest_marker("browser")]
    if not browsing or find_chromium():
        return
    if os.environ.get("CI"):
        raise pytest.UsageError(f"CI has to run the browser tests, and {NOT_RUN}.")
    for item in browsing:
        item.add_marker(pytest.mark.skip(reason=NOT_RUN))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name each, above the closing line: a number alone is overlooked."""
    skipped = terminalreporter.stats.get("skipped", [])
    missing = [report.nodeid for report in skipped if "browser" in report.keywords]
    if missing:
        terminalreporter.section(f"Not run: {NOT_RUN}")
        terminalreporter.write_line("\n".join(missing))
