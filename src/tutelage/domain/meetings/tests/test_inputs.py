"""What can be said about where a session meets."""

import pytest

from tutelage.core.tests.limits import takes
from tutelage.domain.meetings.inputs import SetMeetingLink

LINK = "https://meet.example.org/room"


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ({}, False),
        ({"link": None}, False),
        ({"backup": None}, False),
        ({"link": LINK}, True),
        ({"backup": LINK}, True),
        ({"link": LINK, "backup": None}, True),
        ({"link": None, "backup": LINK}, True),
    ],
)
def test_one_of_the_two_links_is_named(given: dict[str, object], taken: bool) -> None:
    assert takes(SetMeetingLink, given) is taken


def test_a_wrong_backup_is_the_only_fault_that_is_told() -> None:
    with pytest.raises(ValueError, match="1 validation error"):
        SetMeetingLink.model_validate({"backup": "no link"})


@pytest.mark.parametrize(("length", "taken"), [(1_000, True), (1_001, False)])
def test_a_link_has_at_most_1000_signs(length: int, taken: bool) -> None:
    assert takes(SetMeetingLink, {"link": LINK + "/" + "x" * (length - len(LINK) - 1)}) is taken
