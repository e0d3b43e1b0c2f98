"""A period is all of its days, whatever the day that it is asked on."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutelage.core.periods import Period, days_of


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        (Period.WEEK, date(2028, 2, 28), date(2028, 3, 5)),
        (Period.MONTH, date(2028, 2, 1), date(2028, 2, 29)),
        (Period.LAST_30_DAYS, date(2028, 1, 31), date(2028, 2, 29)),
        (Period.QUARTER, date(2028, 1, 1), date(2028, 3, 31)),
        (Period.YEAR, date(2028, 1, 1), date(2028, 12, 31)),
    ],
)
def test_a_leap_day_has_its_week_month_quarter_and_year(
    period: Period, first: date, last: date
) -> None:
    assert days_of(period, date(2028, 2, 29)) == (first, last)


@given(st.sampled_from(list(Period)), st.dates(date(2000, 2, 1), date(2099, 12, 31)))
def test_today_is_in_it_and_both_ends_have_the_same_period(period: Period, today: date) -> None:
    first, last = days_of(period, today)
    assert first <= today <= last
    if period != Period.LAST_30_DAYS:
        assert days_of(period, first) == days_of(period, last) == (first, last)
        assert days_of(period, last + timedelta(days=1))[0] == last + timedelta(days=1)
