"""Reading rooms and personal links. The meeting link itself is given by joining alone."""

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from tutelage.core.compiled import Given, Reading, Statement
from tutelage.core.errors import NotFound
from tutelage.domain.meetings.lifecycle import Way
from tutelage.domain.meetings.models import HostRoom, Meeting, PersonalLink
from tutelage.domain.people.models import User
from tutelage.domain.sessions.models import Participant, Session


def token_of(participant_id: int, version: int) -> str:
    """The 256 bits of somebody's personal link; HMAC (RFC 2104) with SHA-256 of our key."""
    mac = salted_hmac("tutelage.personal_link", f"{participant_id}.{version}", algorithm="sha256")
    return urlsafe_b64encode(mac.digest()).rstrip(b"=").decode()


def digest_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def get_personal_link(token: str) -> PersonalLink:
    """Whose link a token is, with session and people.

    Raises:
        NotFound: it is nobody's, or an old one.
    """
    link = (
        PersonalLink.objects.filter(sha256=digest_of(token), revoked_at=None)
        .select_related("participant__user", "participant__session__host")
        .first()
    )
    if link is None:
        raise NotFound(
            _("This link is not good any more. The newest mail about your session has a new one.")
        )
    return link


class Ways(NamedTuple):
    """Which links a session has, and which one is open; the links themselves are secret."""

    has_main: bool
    has_backup: bool
    active: str

    @property
    def has_link(self) -> bool:
        """Whether joining leads anywhere just now."""
        return self.has_backup if self.active == Way.BACKUP else self.has_main


NO_WAYS: Final = Ways(has_main=False, has_backup=False, active=Way.MAIN)


def find_ways(session: Session) -> Ways:
    found = _ways().run({"session": session.pk})
    return Ways(*found[0]) if found else NO_WAYS


@cache
def _ways() -> Statement:
    rows = Meeting.objects.filter(session=Given("session")).annotate(
        has_main=~Q(link_encrypted=""), has_backup=~Q(backup_encrypted="")
    )
    return Statement.of(rows.values_list("has_main", "has_backup", "active"))


def has_meeting_link(session: Session) -> bool:
    return find_ways(session).has_link


def find_tokens(participant_ids: Iterable[int]) -> dict[int, str]:
    """Personal tokens by participant, for the mails that carry them."""
    links = PersonalLink.objects.filter(participant__in=list(participant_ids), revoked_at=None)
    return {link.participant_id: token_of(link.participant_id, link.version) for link in links}


def find_room_and_people(session_id: UUID) -> tuple[str, list[int]]:
    """Where the host of a session usually meets, if that is known, and who takes part."""
    people = _with_room(session_id=session_id)
    rooms = (vars(each)["room"] for each in people)
    return next(rooms, None) or "", [each.pk for each in people]


@Reading
def _with_room(session_id: UUID) -> QuerySet[Participant]:
    room = HostRoom.objects.filter(person=OuterRef("session__host")).values("link")
    rows = Participant.objects.filter(session=session_id)
    return rows.annotate(room=Subquery(room)).order_by("id")


def find_usual_room(actor: User) -> str:
    """The actor's own usual link, for the form that changes it."""
    room = HostRoom.objects.filter(person=actor).first()
    return room.link if room else ""
