"""Mails in words: the reader's language, zone and own link. The one place with templates."""

from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tutelage.core import links
from tutelage.core.times import offset_if_repeated
from tutelage.domain.meetings.queries import find_tokens
from tutelage.domain.notifications.lifecycle import NoticeKind
from tutelage.domain.notifications.models import Notice
from tutelage.domain.people.models import User
from tutelage.domain.scheduling.queries import find_doubled

_WITH_LINK: Final = {NoticeKind.ACCEPTED, NoticeKind.MOVED, NoticeKind.REZONED, NoticeKind.REMINDER}


class Letter(NamedTuple):
    """A mail to one person, in plain text."""

    to: str
    subject: str
    body: str
    message_id: str


def render(notice: Notice, actor: User | None) -> Letter:
    """Write a notice's mail. `actor` is who caused it, None when time alone did."""
    person = notice.person
    zone = ZoneInfo(person.own_zone)
    with translation.override(person.locale), timezone.override(zone):
        context = {
            "person": _line(person),
            "actor": _line(actor) if actor else "",
            "session": notice.session,
            "other": _line(_other(notice)),
            "when": _when(notice, zone),
            "place": _place(notice.session.zone),
            "twice": _twice(notice),
            "outcome": notice.session.get_status_display(),
            "ending": getattr(notice.session, "ending", None),
            "page": links.session_page(notice.session_id),
            "personal_link": _personal_link(notice),
            "site": settings.SITE_NAME,
        }
        text = render_to_string(f"notifications/{notice.kind}.txt", context)
    subject, _gap, body = text.strip().partition("\n")
    return Letter(person.email, " ".join(subject.split()), body.lstrip("\n"), _message_id(notice))


def _when(notice: Notice, zone: ZoneInfo) -> str:
    start = notice.slot_start.astimezone(zone)
    return _("%(day)s, %(time)s (%(zone)s)") % {
        "day": date_format(start, pgettext("day, as in Thursday 2 April 2026", "l j F Y")),
        "time": date_format(start, pgettext("hour, as in 09:00", "H:i")),
        "zone": " ".join(filter(None, (_place(zone.key), offset_if_repeated(start)))),
    }


def _place(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def _line(person: User) -> str:
    """A name that cannot begin a line of its own: the first line becomes the subject."""
    return " ".join(str(person).split())


def _other(notice: Notice) -> User:
    """Whom the reader meets."""
    people = [each.user for each in notice.session.participants.select_related("user")]
    return next((user for user in people if user.pk != notice.person_id), notice.person)


def _twice(notice: Notice) -> str:
    """Who has to be in two places, since the rules for some clocks changed."""
    is_moved = notice.kind == NoticeKind.REZONED
    return ", ".join(find_doubled(notice.session_id)) if is_moved else ""


def _personal_link(notice: Notice) -> str:
    if notice.kind not in _WITH_LINK:
        return ""
    mine = [p.pk for p in notice.session.participants.all() if p.user_id == notice.person_id]
    tokens = find_tokens(mine)
    return links.personal_link(tokens[mine[0]]) if mine and mine[0] in tokens else ""


def _message_id(notice: Notice) -> str:
    """The same each time: a mail that is sent twice can be known as one (RFC 5322 3.6.4)."""
    return f"<{notice.uid}@{settings.MAIL_DOMAIN}>"
