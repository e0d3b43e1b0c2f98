"""Reading ratings. Each starts from what the actor may see of them."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef

from tutelage.domain.feedback.models import Rating
from tutelage.domain.people.models import User
from tutelage.domain.sessions.lifecycle import ParticipantRole, Status
from tutelage.domain.sessions.models import Participant, Session


def find_ratings(*, actor: User, session_ids: Iterable[UUID]) -> dict[UUID, list[Rating]]:
    """Ratings that the actor may read, by session; of sessions that the actor may see."""
    found: dict[UUID, list[Rating]] = {}
    rows = Rating.objects.visible_to(actor).filter(session__in=list(session_ids))
    for rating in rows.select_related("author", "subject").order_by("given_at", "id"):
        found.setdefault(rating.session_id, []).append(rating)
    return found


def list_unrated(actor: User, *, limit: int = 20) -> list[Session]:
    """Sessions that were held with the actor as a side, whom the actor has not rated yet."""
    side = Participant.objects.filter(
        session=OuterRef("pk"),
        user=actor,
        role__in=(ParticipantRole.HOST, ParticipantRole.GUEST),
    )
    rated = Rating.objects.filter(session=OuterRef("pk"), author=actor)
    rows = Session.objects.filter(Exists(side), ~Exists(rated), status=Status.COMPLETED)
    rows = rows.filter(archived_at=None).with_people()
    return list(rows.order_by("-starts_at", "-id")[:limit])
