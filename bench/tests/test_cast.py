"""What those who ask in the bench ask for."""

from itertools import islice

import pytest

from bench.cast import free_times
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.inputs import AskForTime
from tutelage.domain.scheduling.services.offering import ask_for_time
from tutelage.domain.scheduling.tests.builders import make_request, whole_hour
from tutelage.domain.sessions.models import Session


def ask_three_times(pair: Mentorship) -> None:
    for start in islice(free_times([pair.mentor_id]), 3):
        given = AskForTime(mentorship=pair.uid, local_start=start, zone="UTC", duration_minutes=5)
        ask_for_time(actor=pair.mentor, given=given)


@pytest.mark.django_db
def test_the_parts_of_a_run_ask_for_times_that_none_of_them_took() -> None:
    """They come one after the other on the same database, hours apart, each with a new cast."""
    pair = make_pair()
    make_request(pair, whole_hour(days=30))
    ask_three_times(pair)
    ask_three_times(pair)
    assert Session.objects.count() == 7
