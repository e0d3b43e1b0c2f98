"""What follows in the transaction in which a session or its log changes."""

from tutelage.domain.sessions.events import SessionEvent, SessionRescheduled
from tutelage.domain.sessions.models import SessionSearch
from tutelage.domain.sessions.services.searching import index_sessions


def make_searchable(event: SessionEvent) -> None:
    """What was written is found at once."""
    index_sessions([event.subject_id])


def move_found(event: SessionRescheduled) -> None:
    """One that was logged before and moves again stands where it is now."""
    SessionSearch.objects.filter(session=event.subject_id).update(starts_at=event.starts_at)
