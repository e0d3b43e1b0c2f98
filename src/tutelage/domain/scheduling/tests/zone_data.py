"""Zone data of another year: one zone gets the rules of another one."""

import shutil
import zoneinfo
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest
import tzdata  # type: ignore[import-untyped]  # it ships no types

NewRules = Callable[[str, str], None]
PINNED: Final = Path(tzdata.__file__).parent / "zoneinfo"


@pytest.fixture
def new_rules(tmp_path: Path) -> Iterator[NewRules]:
    """As after an upgrade: from now on the clocks of a zone run like those of the other."""

    def give(zone: str, like: str) -> None:
        planted = tmp_path / zone
        planted.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PINNED / like, planted)
        zoneinfo.reset_tzpath((tmp_path,))
        ZoneInfo.clear_cache()

    yield give
    zoneinfo.reset_tzpath(())
    ZoneInfo.clear_cache()
