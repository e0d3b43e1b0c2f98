"""What waits for the reader, most urgent first.

Offers run out, the soonest first; what happened fades; a log begun, ratings and proposals can wait.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from tutelage.domain.sessions.lifecycle import Status
from tutelage.web import words
from tutelage.web.sides import other_side

if TYPE_CHECKING:
    from tutelage.domain.logs.models import LogDraft
    from tutelage.domain.people.models import User
    from tutelage.domain.programs.models import Mentorship
    from tutelage.domain.scheduling.models import TimeOffer
    from tutelage.domain.sessions.models import Session


@dataclass(frozen=True, slots=True)
class Task:
    """`accept` is where an offer is accepted by one press; what else there is opens a dialog."""

    icon: str
    tone: str
    title: str
    text: str
    href: str
    word: str
    note: str = ""
    accept: str = ""
    otherwise: str = ""
    version: int = 0
    is_page: bool = False


def collect(
    reader: "User",
    offers: Sequence["TimeOffer"],
    unlogged: Sequence["Session"],
    drafts: Sequence["LogDraft"],
    unrated: Sequence["Session"],
    proposals: Sequence["Mentorship"],
) -> list[Task]:
    begun = {draft.session_id for draft in drafts}
    return [
        *(_answer(each) for each in sorted(offers, key=lambda offer: offer.expires_at)),
        *(_log(each, reader) for each in unlogged if each.pk not in begun),
        *(_go_on(each, reader) for each in drafts),
        *(_rate(each, reader) for each in unrated),
        *(_join(each) for each in proposals),
    ]


def _answer(offer: "TimeOffer") -> Task:
    session, name = offer.session, offer.by.name
    when = words.moment(offer.starts_at)
    if session.status == Status.REQUESTED:
        title = _("%(name)s asks for a time") % {"name": name}
        text = _("%(when)s, %(length)s.") % {
            "when": when,
            "length": words.long_minutes(round(offer.slot.duration.total_seconds() / 60)),
        }
    else:
        title = _("%(name)s offers another time") % {"name": name}
        text = _("%(when)s instead of %(planned)s.") % {
            "when": when,
            "planned": words.moment(session.starts_at),
        }
    until = _("Answer until %(when)s.") % {"when": words.moment(offer.expires_at)}
    return Task(
        icon="arrow-left-right",
        tone="info",
        title=title,
        text=f"{text} {until}",
        note=offer.note,
        href=reverse("sessions:detail", args=[session.pk]),
        word=_("See it"),
        accept=reverse("sessions:accept", args=[session.pk]),
        version=session.version,
    )


def _log(session: "Session", reader: "User") -> Task:
    known = {"hour": words.clock(session.starts_at), "name": _name(session, reader)}
    return Task(
        icon="circle-question-mark",
        tone="bad",
        title=_("What happened on %(day)s?") % {"day": words.day(session.starts_at)},
        text=_("%(hour)s with %(name)s. Nobody logged it yet.") % known,
        href=reverse("logs:session", args=[session.pk]),
        word=_("Write the log"),
        otherwise=reverse("missed:answer", args=[session.pk]),
    )


def _go_on(draft: "LogDraft", reader: "User") -> Task:
    session, pair = draft.session, getattr(draft.program, "mentorship", None)
    if session is not None:
        title = _("Finish the log of %(day)s") % {"day": words.day(session.starts_at)}
        name, href = _name(session, reader), reverse("logs:session", args=[session.pk])
    else:
        title = _("Finish the log of a session that was not planned")
        name = pair.other_than(reader).name if pair else ""
        href = reverse("logs:pair", args=[pair.uid]) if pair else reverse("logs:choose")
    known = {"name": name, "when": words.moment(draft.kept_at)}
    return Task(
        icon="pencil-line",
        tone="warn",
        title=title,
        text=_("With %(name)s. Your draft of %(when)s is kept.") % known,
        href=href,
        word=_("Go on writing"),
    )


def _join(pair: "Mentorship") -> Task:
    by = pair.proposed_by.name if pair.proposed_by else ""
    return Task(
        icon="handshake",
        tone="info",
        title=_("%(name)s proposes a mentorship") % {"name": by},
        text=_("%(mentor)s would be the mentor of %(mentee)s.")
        % {"mentor": pair.mentor.name, "mentee": pair.mentee.name},
        href=reverse("mentorships:detail", args=[pair.uid]),
        word=_("See it"),
        is_page=True,
    )


def _rate(session: "Session", reader: "User") -> Task:
    return Task(
        icon="star",
        tone="warn",
        title=_("Rate your session with %(name)s") % {"name": _name(session, reader)},
        text=_("%(day)s. Sealed until both of you have rated, or for 7 days.")
        % {"day": words.brief_day(session.starts_at)},
        href=reverse("logs:rate", args=[session.pk]),
        word=_("Rate"),
    )


def _name(session: "Session", reader: "User") -> str:
    return (other_side(session, reader) or session.host).name
