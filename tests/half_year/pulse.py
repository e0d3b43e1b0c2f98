"""The pulse of a pair, computed once more from what the model knows, and from nothing of ours."""

from datetime import datetime, timedelta

from tests.half_year.programme import Meeting, Pair, Programme, answer_of

from tutelage.core.clock import now
from tutelage.domain.insights.queries import find_pulses
from tutelage.domain.insights.tests.agreement import check_facts
from tutelage.domain.programs.models import Mentorship

DAY = timedelta(days=1)
OPEN = {"requested", "scheduled"}


def check_pulse(programme: Programme, since: datetime) -> int:
    """Compare the signs of every pair; says how many signs there were."""
    page = answer_of(programme.admin.send("get", "/mentorships/pulse?limit=100"), 200)
    told = {
        row["mentorship"]["id"]: {each["sign"] for each in row["pulse"]["signs"]}
        for row in page["pairs"]
    }
    expected = {pair.id: signs(pair, since, now()) for pair in programme.pairs}
    assert told == expected
    return sum(map(len, expected.values()))


def check_pulse_of(pair: Pair, since: datetime) -> int:
    """The same of one pair; says of how many others what the worker wrote down still counts."""
    rows = Mentorship.objects.filter(program__uid=pair.id)
    [pulse] = find_pulses(rows).values()
    assert {str(sign) for sign, _since in pulse.signs} == signs(pair, since, now())
    return check_facts()


def signs(pair: Pair, since: datetime, at: datetime) -> set[str]:
    found = {
        "cancelled_twice": _is_cancelled_twice(pair),
        "log_missing": any(m.end + DAY <= at for m in pair.meetings if m.status == "scheduled"),
        "ratings_falling": _is_falling(pair, at),
    }
    held = [m.start for m in pair.meetings if m.status == "completed"]
    planned = [m.end for m in pair.meetings if m.status in OPEN]
    if not held and not planned:
        found["no_first_meeting"] = at >= since + 10 * DAY
    else:
        last = max(held + planned)
        is_planned = last > at - timedelta(minutes=15)
        found["nothing_planned"] = not is_planned and at >= max(last, since) + 14 * DAY
    return {sign for sign, is_so in found.items() if is_so}


def _is_cancelled_twice(pair: Pair) -> bool:
    came = [m.start for m in pair.meetings if m.status in {"completed", "no_show"}]
    after = max(came, default=None)
    cancelled = [
        m
        for m in pair.meetings
        if m.status == "cancelled" and not m.withdrawn and (after is None or m.start > after)
    ]
    return len(cancelled) > 1


def _is_falling(pair: Pair, at: datetime) -> bool:
    held = sorted((m for m in pair.meetings if m.status == "completed"), key=_latest_last)
    means = [mean for m in held[-4:] if (mean := _opened_mean(m, at)) is not None]
    newest = means[-3:]
    return len(newest) == 3 and newest[0] > newest[1] > newest[2]


def _latest_last(meeting: Meeting) -> tuple[datetime, str]:
    return meeting.start, meeting.id


def _opened_mean(meeting: Meeting, at: datetime) -> float | None:
    both = len(meeting.rated) > 1
    opened = [
        stars
        for who, stars in meeting.rated.items()
        if both or at >= meeting.rated_at[who] + 7 * DAY
    ]
    return sum(opened) / len(opened) if opened else None
