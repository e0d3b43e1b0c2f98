"""Reading rooms and personal links. The meeting link itself is given by joining alone."""

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from hashlib import sha256

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from tutelage.core.errors import NotFound
from tutelage.domain.meetings.models import HostRoom, Meeting, PersonalLink
from tutelage.domain.people.models import User
from tutelage.domain.sessions.models import Session


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


def has_meeting_link(session: Session) -> bool:
    return Meeting.objects.filter(session=session).exclude(link_encrypted="").exists()


def find_tokens(participant_ids: Iterable[int]) -> dict[int, str]:
    """Personal tokens by participant, for the mails that carry them."""
    links = PersonalLink.objects.filter(participant__in=list(participant_ids), revoked_at=None)
    return {link.participant_id: token_of(link.participant_id, link.version) for link in links}


def find_usual_room(actor: User) -> str:
    """The actor's own usual link, for the form that changes it."""
    room = HostRoom.objects.filter(person=actor).first()
    return room.link if room else ""
