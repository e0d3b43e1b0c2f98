"""Taking a session to change it, and putting it back."""

from typing import NamedTuple
from uuid import UUID

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from tutelage.core.compiled import Reading
from tutelage.core.errors import NotFound, Stale
from tutelage.core.updating import update
from tutelage.domain.people.models import User
from tutelage.domain.sessions.models import Participant, Session, SessionQuerySet


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
    found = _locked(actor_id=actor.pk, is_admin=actor.is_admin, session_id=session_id)
    if not found:
        raise NotFound(_("There is no such session."))
    [session] = found
    if seen_version is not None and session.version != seen_version:
        raise Stale(_("Somebody changed this session since you read it. Look at it again."))
    return Taken(session, vars(session)["own_role"])


def taken_already(actor: User, session: Session) -> Taken:
    """The same for a session at hand: one taken by this transaction is not taken again."""
    if "own_role" in vars(session):
        return Taken(session, vars(session)["own_role"])
    return take_session(actor, session.pk)


@Reading
def _locked(*, actor_id: int, is_admin: bool, session_id: UUID) -> SessionQuerySet:
    actor = User.objects.standing_for(actor_id, is_admin=is_admin)
    own = Participant.objects.filter(session=OuterRef("pk"), user=actor.pk)
    rows = Session.objects.visible_to(actor).filter(pk=session_id)
    rows = rows.annotate(own_role=Subquery(own.values("role"))).select_related("host", "program")
    return rows.select_for_update(of=("self",))


def keep_session(session: Session) -> None:
    """Write a changed session; whoever saw it before is behind by one version."""
    session.version += 1
    update(session)
