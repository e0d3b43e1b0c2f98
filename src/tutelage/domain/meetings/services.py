"""Opening the door, and saying where it leads."""

from uuid import UUID

from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.errors import Conflict
from tutelage.core.events import publish
from tutelage.core.transactions import one_transaction
from tutelage.domain.meetings import policies
from tutelage.domain.meetings.events import MeetingChanged, MeetingSwitched
from tutelage.domain.meetings.lifecycle import Way
from tutelage.domain.meetings.models import HostRoom, Meeting
from tutelage.domain.meetings.queries import get_personal_link
from tutelage.domain.people.models import User
from tutelage.domain.sessions.events import SessionJoined
from tutelage.domain.sessions.models import Session
from tutelage.domain.sessions.services.rows import Taken, take_session


class DoorClosed(Conflict):
    code = "door_closed"


class NoMeetingLink(Conflict):
    code = "no_meeting_link"


@one_transaction
def join_session(*, actor: User, session_id: UUID) -> str:
    """Give the meeting link to somebody who takes part; that they asked is evidence."""
    taken = take_session(actor, session_id)
    return _join(taken, actor, source="join")


@one_transaction
def join_by_link(*, token: str, logged_in_as: User | None) -> str:
    """The same for whoever holds a personal link.

    Without a login it proves only that the link was opened, and is kept as evidence of that kind.
    """
    participant = get_personal_link(token).participant
    person = participant.user
    source = "join" if logged_in_as == person else "link"
    return _join(take_session(person, participant.session_id), person, source=source)


def _join(taken: Taken, person: User, *, source: str) -> str:
    session, role = taken
    decision = policies.can_join(session, role, now())
    if not decision and role is not None:
        raise DoorClosed(decision.reason)
    decision.require()
    meeting = Meeting.objects.filter(session=session).first()
    if meeting is None or not meeting.link:
        raise NoMeetingLink(_("There is no meeting link yet. Ask your host for it."))
    participant_id = session.participants.values_list("pk", flat=True).get(user=person)
    publish(
        SessionJoined(
            subject_id=session.pk,
            actor_id=person.pk,
            participant_id=participant_id,
            source=source,
        )
    )
    return meeting.link


@one_transaction
def set_meeting_link(
    *, actor: User, session_id: UUID, link: str | None = None, backup: str | None = None
) -> Session:
    """Say where a session meets, and where else; personal links follow by themselves."""
    session, role = take_session(actor, session_id)
    policies.can_set_link(actor, role).require()
    links = {"link_encrypted": link, "backup_encrypted": backup}
    named = {name: each for name, each in links.items() if each is not None}
    Meeting.objects.update_or_create(session=session, defaults=named)
    publish(MeetingChanged(subject_id=session.pk, actor_id=actor.pk))
    return session


@one_transaction
def switch_meeting(*, actor: User, session_id: UUID, active: Way) -> Session:
    """Lead everybody to the other link, at once; again changes nothing."""
    session, role = take_session(actor, session_id)
    policies.can_set_link(actor, role).require()
    meeting = Meeting.objects.filter(session=session).first() or Meeting(session=session)
    before, meeting.active = meeting.active, active
    if not meeting.link:
        raise NoMeetingLink(_("There is no such link yet. Add it first."))
    if before != active:
        meeting.save(update_fields=["active"])
        publish(MeetingSwitched(subject_id=session.pk, actor_id=actor.pk, active=active))
    return session


@one_transaction
def set_usual_room(*, actor: User, link: str | None) -> None:
    """Say where one usually meets; sessions agreed upon from now on take it over."""
    if link:
        HostRoom.objects.update_or_create(person=actor, defaults={"link": link})
    else:
        HostRoom.objects.filter(person=actor).delete()
