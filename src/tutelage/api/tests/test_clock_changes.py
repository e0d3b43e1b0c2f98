"""A time that the clocks skip, or show twice: what it means, and that the answer says so."""

import pytest
import time_machine

from tutelage.api.tests.clients import client_of
from tutelage.domain.programs.tests.builders import make_pair

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("zone", "local_start", "meant", "said"),
    [
        ("Europe/Berlin", "2026-03-29T02:30:00", "2026-03-29T01:30:00Z", "skipped"),
        ("Europe/Berlin", "2026-10-25T02:30:00", "2026-10-25T00:30:00Z", "repeated"),
        ("Australia/Lord_Howe", "2026-10-04T02:15:00", "2026-10-03T15:45:00Z", "skipped"),
        ("Europe/Berlin", "2026-03-29T03:30:00", "2026-03-29T01:30:00Z", None),
    ],
)
def test_the_answer_says_what_was_made_of_it(
    zone: str, local_start: str, meant: str, said: str | None
) -> None:
    pair = make_pair()
    with time_machine.travel("2026-01-05T12:00:00Z", tick=False):
        wish = {"mentorship": str(pair.program.uid), "local_start": local_start, "zone": zone}
        asked = client_of(pair.mentee).send("post", "/sessions", wish).json()

    for told in (asked, asked["offer"]):
        assert (told["starts_at"], told["local_start"]) == (meant, local_start)
        assert told["clock_change"] == said
