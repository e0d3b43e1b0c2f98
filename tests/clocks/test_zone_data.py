"""The pinned zone data is the one in use, whatever the machine and the database have."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from tests.clocks.changes import PINNED

SUMMER_IN_BERLIN: Final = """
from datetime import datetime
{first}
from zoneinfo import ZoneInfo
print(datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Europe/Berlin")).utcoffset())
"""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A machine's zone data, by which there is no summer time in Berlin."""
    planted = tmp_path / "zoneinfo" / "Europe" / "Berlin"
    planted.parent.mkdir(parents=True)
    shutil.copy(PINNED / "Africa" / "Lagos", planted)
    return tmp_path / "zoneinfo"


def said(first: str, elsewhere: Path) -> str:
    """What a process says that finds such a machine."""
    report = subprocess.run(
        [sys.executable, "-c", SUMMER_IN_BERLIN.format(first=first)],
        env={**os.environ, "PYTHONTZPATH": str(elsewhere)},
        capture_output=True,
        text=True,
        check=True,
    )
    return report.stdout.strip()


@pytest.mark.parametrize(
    "first",
    [
        "import tutelage.core.times",
        # Whoever asked for the zone before that is not to leave a wrong one behind.
        "import zoneinfo; zoneinfo.ZoneInfo('Europe/Berlin'); import tutelage.core.times",
        "import django; django.setup()",  # as web and worker begin
    ],
)
def test_the_machines_zone_data_is_not_read(first: str, elsewhere: Path) -> None:
    assert said(first, elsewhere) == "2:00:00"


def test_without_us_it_would_be(elsewhere: Path) -> None:
    assert said("", elsewhere) == "1:00:00"
