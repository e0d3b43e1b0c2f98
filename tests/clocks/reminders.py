"""Which reminders were to come, which came, and what is wrong with these."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple


class Due(NamedTuple):
    to: str
    at: datetime
    hour: str


class Sent(NamedTuple):
    """`at` is when it came, `dated` what it says itself: the clock of who sent it."""

    to: str
    at: datetime
    subject: str
    dated: datetime


def faults(due: Iterable[Due], sent: Iterable[Sent], late: timedelta) -> list[str]:
    """Each once, not before its time nor later than that after it, with its reader's hour."""
    came = defaultdict[str, list[Sent]](list)
    for mail in sent:
        came[mail.to].append(mail)
    found = [fault for each in due for fault in _faults_of(each, came.pop(each.to, []), late)]
    return found + [f"{to}: {mails[0].subject!r}, which was not due" for to, mails in came.items()]


def _faults_of(due: Due, mails: list[Sent], late: timedelta) -> Iterable[str]:
    if len(mails) != 1:
        yield f"{due.to}: {len(mails)} reminders"
    for mail in mails:
        if not due.at <= mail.at <= due.at + late:
            yield f"{due.to}: due {due.at:%H:%M:%S}, sent {mail.at:%H:%M:%S}"
        if f" {due.hour} (" not in mail.subject:
            yield f"{due.to}: {mail.subject!r} instead of {due.hour}"
