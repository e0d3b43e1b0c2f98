"""Stretches of days that people have a word for."""

from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Period(TextChoices):
    WEEK = "week", _("This week")
    MONTH = "month", _("This month")
    LAST_30_DAYS = "last_30_days", _("Last 30 days")
    QUARTER = "quarter", _("This quarter")
    YEAR = "year", _("This year")


def days_of(period: Period, today: date) -> tuple[date, date]:
    """The first and the last day of the period that today is in; weeks begin on Monday."""
    if period == Period.LAST_30_DAYS:
        return today - timedelta(days=29), today
    if period == Period.WEEK:
        monday = today - timedelta(days=today.weekday())
        return monday, monday + timedelta(days=6)
    months = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}[period]
    begins = (today.month - 1) // months * months + 1
    first = today.replace(month=begins, day=1)
    return first, _after(first, months) - timedelta(days=1)


def _after(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return first.replace(year=first.year + years, month=month + 1)
