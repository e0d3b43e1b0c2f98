"""What follows in the transaction in which a session is agreed upon."""

from tutelage.domain.meetings.models import Meeting, PersonalLink
from tutelage.domain.meetings.queries import digest_of, find_room_and_people, token_of
from tutelage.domain.sessions.events import SessionScheduled


def furnish(event: SessionScheduled) -> None:
    """Give the session the host's usual room, and everybody in it a personal link."""
    room, people = find_room_and_people(event.subject_id)
    if room:
        meeting = Meeting(session_id=event.subject_id, link_encrypted=room)
        Meeting.objects.bulk_create([meeting], ignore_conflicts=True)
    PersonalLink.objects.bulk_create(
        (PersonalLink(participant_id=pk, sha256=digest_of(token_of(pk, 1))) for pk in people),
        ignore_conflicts=True,
    )
