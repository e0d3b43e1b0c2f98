"""What follows in the transaction in which somebody joins."""

from tutelage.core.clock import now
from tutelage.domain.attendance.models import Evidence
from tutelage.domain.sessions.events import SessionJoined


def keep_evidence(event: SessionJoined) -> None:
    """That somebody joined speaks for their presence from then on."""
    Evidence.objects.create(
        session_id=event.subject_id,
        participant_id=event.participant_id,
        source=event.source,
        seen_from=now(),
    )
