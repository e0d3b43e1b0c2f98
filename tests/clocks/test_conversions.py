"""Wall clocks to instants and back, against somebody else's library on the same zone data."""

from datetime import UTC, datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import pytest
import whenever
from tests.clocks.changes import PINNED, Change, around, changes, read_pinned_data
from whenever import Instant, PlainDateTime

from tutelage.core.times import is_repeated, is_skipped, to_instant, to_local, zones

ENOUGH: Final = 135_000


class Reading(NamedTuple):
    """What a wall-clock time means, and what the clocks show when it comes to pass."""

    instant: datetime
    local: datetime
    skipped: bool
    repeated: bool


@pytest.fixture(autouse=True)
def _on_our_zone_data() -> None:
    read_pinned_data()


def theirs(local: datetime, zone: str) -> Reading:
    """`compatible` is the rule of RFC 5545: skipped, moved forward; twice, the first."""
    said = PlainDateTime(local.replace(fold=0))
    meant = said.assume_tz(zone, disambiguation="compatible")
    later = said.assume_tz(zone, disambiguation="later")
    skipped = meant.to_plain() != said
    back = Instant(meant.to_stdlib()).to_tz(zone).to_plain()
    repeated = not skipped and later.to_instant() != meant.to_instant()
    return Reading(meant.to_stdlib().astimezone(UTC), back.to_stdlib(), skipped, repeated)


def ours(local: datetime, zone: str) -> Reading:
    instant = to_instant(local, zone)
    return Reading(
        instant, to_local(instant, zone), is_skipped(local, zone), is_repeated(local, zone)
    )


def later_of_two(local: datetime, zone: str) -> Reading:
    """The fault to be found: of a time that comes twice the second, of none the one before."""
    read = ours(local, zone)
    return read._replace(instant=local.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC))


def cases(change: Change) -> list[datetime]:
    """A fold that somebody left in a wall-clock time has to mean nothing."""
    return [local.replace(fold=fold) for local in around(change) for fold in (0, 1)]


def test_the_other_library_reads_the_same_zone_data() -> None:
    assert whenever.get_tzpath() == (str(PINNED),)
    assert set(zones()) - whenever.available_timezones() == set()


def test_every_change_of_every_zone_is_read_alike() -> None:
    read = {
        (change.zone, local, local.fold): ours(local, change.zone)
        for change in changes()
        for local in cases(change)
    }
    different = [
        (zone, local)
        for (zone, local, _fold), reading in read.items()
        if reading != theirs(local, zone)
    ]

    assert different == []
    assert len(read) >= ENOUGH
    for kind in ("skipped", "repeated"):
        found = sum(getattr(reading, kind) for reading in read.values())
        assert found > len(read) / 10, f"Hardly any {kind}: it looked beside the changes."


def test_another_rule_would_be_found_different() -> None:
    changed = [change for change in changes() if change.zone == "Europe/Berlin"]
    different = [
        local
        for change in changed
        for local in around(change)
        if later_of_two(local, change.zone) != theirs(local, change.zone)
    ]

    assert len(different) > len(changed)
