"""Personal links as they are mailed."""

from tutelage.domain.meetings.models import PersonalLink
from tutelage.domain.meetings.queries import token_of
from tutelage.domain.people.models import User
from tutelage.domain.sessions.models import Session


def link_of(session: Session, person: User) -> str:
    """The token with which somebody in an agreed session is known."""
    link = PersonalLink.objects.get(participant__session=session, participant__user=person)
    return token_of(link.participant_id, link.version)
