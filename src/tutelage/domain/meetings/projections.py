"""What follows in the transaction in which a session is agreed upon."""

from tutelage.domain.meetings.models import HostRoom, Meeting, PersonalLink
from tutelage.domain.meetings.queries import digest_of, token_of
from tutelage.domain.sessions.events import SessionScheduled
from tutelage.domain.sessions.models import Participant


def furnish(event: SessionScheduled) -> None:
    """Give the session the host's usual room, and everybody in it a personal link."""
    room = HostRoom.objects.filter(person__hosted_sessions=event.subject_id).first()
    if room is not None:
        Meeting.objects.get_or_create(
            session_id=event.subject_id, defaults={"link_encrypted": room.link}
        )
    participants = Participant.objects.filter(session=event.subject_id)
    PersonalLink.objects.bulk_create(
        (
            PersonalLink(participant_id=pk, sha256=digest_of(token_of(pk, 1)))
            for pk in participants.values_list("pk", flat=True)
        ),
        ignore_conflicts=True,
    )
