"""Taking a session to change it, and putting it back."""

from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from tutelage.core.errors import NotFound, Stale
from tutelage.domain.people.models import User
from tutelage.domain.sessions.models import Participant, Session


class Taken(NamedTuple):
    """A session whose row is locked, and the part the actor has in it."""

    session: Session
    role: str | None


def take_session(actor: User, session_id: UUID, *, seen_version: int | None = None) -> Taken:
    """Lock the row first: of two who would change it at once, the second sees what was done.

    Raises:
        NotFound: there is none, or not one that the actor may know of.
        Stale: somebody changed it since the actor saw `seen_version`.
    """
    sessions = Session.objects.visible_to(actor).select_related("host", "program")
    session = sessions.select_for_update(of=("self",)).filter(pk=session_id).first()
    if session is None:
        raise NotFound(_("There is no such session."))
    if seen_version is not None and session.version != seen_version:
        raise Stale(_("Somebody changed this session since you read it. Look at it again."))
    role = Participant.objects.filter(session=session, user=actor).values_list("role", flat=True)
    return Taken(session, role.first())


def keep_session(session: Session) -> None:
    """Write a changed session; whoever saw it before is behind by one version."""
    session.version += 1
    session.save()
