"""What can be asked about how pairs are doing: on both sides of each limit."""

from tutelage.core.tests.limits import takes_from, takes_signs
from tutelage.domain.insights.inputs import PulseFilters


def test_pages_of_up_to_a_hundred_pairs_are_asked_for() -> None:
    assert takes_from(PulseFilters, {}, "page", 1, 10_000)
    assert takes_from(PulseFilters, {}, "limit", 1, 100)
    assert takes_signs(PulseFilters, {}, "person", 200)


def test_unsaid_it_is_the_first_twenty_of_all() -> None:
    asked = PulseFilters()

    assert (asked.page, asked.limit, asked.status, asked.pulse, asked.person) == (
        1,
        20,
        None,
        None,
        "",
    )
