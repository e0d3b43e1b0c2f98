"""Who rates a session, and until when a rating can be changed."""

from datetime import UTC, datetime, timedelta

import pytest

from tutelage.domain.feedback.models import Rating
from tutelage.domain.feedback.policies import can_change, can_rate
from tutelage.domain.sessions.lifecycle import Status
from tutelage.domain.sessions.models import Session

AT = datetime(2026, 3, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize("status", Status)
def test_both_sides_rate_what_was_held_and_nobody_else(status: Status) -> None:
    session = Session(status=status)
    roles = ("host", "co_host", "guest", "observer", None)

    may = {role for role in roles if can_rate(session, role)}

    assert may == ({"host", "guest"} if status == Status.COMPLETED else set())


@pytest.mark.parametrize(
    ("unseals_at", "opened_at", "may"),
    [
        (AT + timedelta(seconds=1), None, True),
        (AT, None, False),
        (AT + timedelta(days=7), AT - timedelta(days=1), False),
    ],
)
def test_a_rating_can_be_changed_while_it_is_sealed(
    unseals_at: datetime, opened_at: datetime | None, may: bool
) -> None:
    rating = Rating(unseals_at=unseals_at, opened_at=opened_at)

    assert bool(can_change(rating, AT)) is may
