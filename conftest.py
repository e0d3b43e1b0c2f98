"""Names what was not run: a number of skipped tests alone is overlooked."""

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    missing = [report.nodeid for report in skipped if "browser" in report.keywords]
    if missing:
        terminalreporter.section("Not run: there is no Chromium. Install it, or set CHROMIUM")
        terminalreporter.write_line("\n".join(missing))
