"""A small programme of which every actor of the table knows a part, and no one but two all."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

from tutelage.core.clock import now
from tutelage.core.times import to_local
from tutelage.domain.attendance.lifecycle import Source
from tutelage.domain.attendance.models import Evidence
from tutelage.domain.feedback.inputs import GiveRating
from tutelage.domain.feedback.services import rate_session
from tutelage.domain.imports.models import ImportBatch
from tutelage.domain.imports.tests.builders import make_file, stage
from tutelage.domain.logs.inputs import ChangeLog, DraftForm
from tutelage.domain.logs.services.changing import change_log
from tutelage.domain.logs.services.drafts import keep_draft
from tutelage.domain.logs.services.ticking import tick_step
from tutelage.domain.meetings.models import PersonalLink
from tutelage.domain.meetings.queries import token_of
from tutelage.domain.meetings.services import set_meeting_link, set_usual_room
from tutelage.domain.notifications.lifecycle import NoticeKind
from tutelage.domain.notifications.models import Notice
from tutelage.domain.people.lifecycle import Role
from tutelage.domain.people.models import ApiToken, User
from tutelage.domain.people.tests.builders import make_admin, make_token, make_user
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.inputs import SetOverride
from tutelage.domain.scheduling.services.availability import set_override
from tutelage.domain.scheduling.services.offering import schedule_session
from tutelage.domain.scheduling.tests.builders import (
    make_agreed,
    make_request,
    open_hours,
    whole_hour,
    wish,
)
from tutelage.domain.sessions.models import MissedAnswer, Session, SessionEndingRevision
from tutelage.domain.sessions.tests.builders import make_log, make_session

# Words that stand in rows of the pair, and may be seen by nobody else.
LINK: Final = "https://meet.example.org/sentinel-of-the-link"
USUAL: Final = "https://meet.example.org/sentinel-of-the-usual-room"
OUTCOMES: Final = "Sentinel of the outcomes"
NOTE: Final = "Sentinel of the private note"
DRAFT: Final = "Sentinel of the draft"
COMMENT: Final = "Sentinel of the sealed comment"
GOALS: Final = "Sentinel of the goals"
AWAY: Final = "Sentinel of the note on booking"
ABSENT: Final = uuid4()


@dataclass(frozen=True)
class World:
    people: dict[str, User]
    sessions: dict[str, Session]
    """Those of the pair by the state they are in."""
    elsewhere: dict[str, Session]
    """Those of another pair."""
    pairs: dict[str, str]
    """Ids of the pair, of an earlier one of the same two that has ended, and of the other one."""
    names: dict[str, str]
    """What a route names in braces, and its bodies by a dollar sign."""

    def ids(self) -> dict[str, dict[str, str]]:
        """The ids of all rows that lists hold, by kind, and the name of each."""
        sessions = {**self.sessions, **self.elsewhere}
        return {
            "sessions": {str(each.pk): name for name, each in sessions.items()},
            "pairs": {uid: name for name, uid in self.pairs.items()},
            "people": {str(each.uid): name for name, each in self.people.items()},
            "steps": {self.names[name]: name for name in ("step", "step_elsewhere")},
        }


def build_world() -> World:
    pair = make_pair(goals=GOALS)
    ended = make_pair(
        mentor=pair.mentor, mentee=pair.mentee, status="ended", ended_at=now(), goals=GOALS
    )
    other = make_pair()
    people = {
        "member": make_user(),
        "other_mentor": other.mentor,
        "mentee": pair.mentee,
        "mentor": pair.mentor,
        "admin": make_admin(),
        "superadmin": make_admin(role=Role.SUPERADMIN),
        "disabled": make_user(),
    }
    set_usual_room(actor=pair.mentor, link=USUAL)
    _open(pair.mentor)
    sessions = _sessions(pair)
    elsewhere = {"agreed_elsewhere": make_agreed(other), "held_elsewhere": _held(other)}
    batch = _batch(people["admin"], pair)
    names = {
        "pair": str(pair.program.uid),
        "pair_action": "pause",
        "person": str(pair.mentee.uid),
        "host": str(pair.mentor.uid),
        "person_email": pair.mentee.email,
        "member_email": people["member"].email,
        "token_id": str(_token_row(pair.mentor).uid),
        "link": _personal_token(sessions["joinable"], pair.mentee),
        "batch": str(batch.uid),
        "batch_version": str(batch.version),
        "day": _day(20),
        "yesterday": _day(-1),
        "start": f"{_day(21)}T10:00",
        "step": str(sessions["held"].next_steps.get().uid),
        "version_held": str(sessions["held"].version),
        "absent": str(ABSENT),
        "ended": str(ended.program.uid),
        "elsewhere": str(other.program.uid),
        "elsewhere_email": other.mentee.email,
        "mentor_elsewhere": str(other.mentor.uid),
        "member": str(people["member"].uid),
        "disabled": str(people["disabled"].uid),
        "disabled_email": people["disabled"].email,
        "absent_email": "nobody@example.org",
        "step_elsewhere": str(elsewhere["held_elsewhere"].next_steps.get().uid),
        "over_batch": _over_batch(people["admin"], pair),
        "revoked": str(_token_row(pair.mentor, revoked_at=now()).uid),
        "etag_archived": f'"{sessions["archived"].version}"',
        "version": str(sessions["planned"].version),
        "etag": f'"{sessions["planned"].version}"',
        "etag_held": f'"{sessions["held"].version}"',
        **{name: str(session.pk) for name, session in sessions.items()},
    }
    # Made past the services, so that no journal entry and no login of theirs lets a guess in.
    people["disabled"].is_active = False
    people["disabled"].save()
    pairs = {name: names[name] for name in ("pair", "ended", "elsewhere")}
    return World(people, sessions, elsewhere, pairs, names)


def _sessions(pair: Mentorship) -> dict[str, Session]:
    soon = now().replace(second=0, microsecond=0) + timedelta(minutes=5)
    sessions = {
        "planned": make_agreed(pair, whole_hour(days=3)),
        "asked": make_request(pair, whole_hour(days=5)),
        "joinable": schedule_session(
            actor=make_admin(), mentorship=pair, slot=wish(pair, soon).slot, title=""
        ),
        "over": make_session(pair, starts_at=now() - timedelta(hours=3)),
        "held": make_session(pair, status="completed"),
        "disputed": make_session(pair, starts_at=now() - timedelta(hours=5)),
        "corrected": make_session(pair, status="no_show", starts_at=now() - timedelta(days=2)),
        "archived": make_session(
            pair, status="completed", starts_at=now() - timedelta(days=9), archived_at=now()
        ),
    }
    _tell_otherwise(sessions["disputed"], sessions["corrected"])
    make_log(sessions["held"], OUTCOMES)
    make_log(sessions["archived"], OUTCOMES)
    _write_along(sessions["held"], sessions["over"], pair.mentee)
    rate_session(
        actor=pair.mentee,
        session_id=sessions["held"].pk,
        given=GiveRating(stars=4, comment=COMMENT),
    )
    for name in ("planned", "joinable"):
        set_meeting_link(actor=pair.mentor, session_id=sessions[name].pk, link=LINK)
        sessions[name].refresh_from_db()
    _leave_traces(sessions["planned"], pair.mentee)
    return sessions


def _write_along(held: Session, over: Session, mentee: User) -> None:
    """What goes with logs: a step that is done, what was said before, a note, and a draft."""
    step = {"text": "Draft the guide", "owner": mentee.uid}
    given = ChangeLog.model_validate({"next_steps": [step], "private_note": NOTE})
    change_log(actor=mentee, session_id=held.pk, given=given)
    step["due_on"] = _day(4)
    given = ChangeLog.model_validate({"next_steps": [step]})
    change_log(actor=mentee, session_id=held.pk, given=given)
    tick_step(actor=mentee, step_id=held.next_steps.get().uid, done=True)
    typed = {"outcomes": DRAFT, "next_steps": [{"text": "Dra"}]}
    keep_draft(actor=mentee, session_id=over.pk, form=DraftForm.model_validate(typed))
    held.refresh_from_db()


def _open(mentor: User) -> None:
    """Each day, and one with hours of its own."""
    open_hours(mentor, [(weekday, 0, 24) for weekday in range(7)], note=AWAY)
    own = SetOverride.model_validate({"hours": [{"starts": "09:00", "ends": "12:00"}]})
    set_override(actor=mentor, day=(now() + timedelta(days=9)).date(), given=own)


def _tell_otherwise(disputed: Session, corrected: Session) -> None:
    """Two answers that differ, and what was said before a correction."""
    for person, answer in zip(disputed.participants.all(), ("happened", "called_off"), strict=True):
        MissedAnswer.objects.create(session=disputed, user=person.user, answer=answer)
    SessionEndingRevision.objects.create(
        session=corrected,
        status="cancelled",
        said_by=corrected.host,
        said_at=now(),
        to_status="no_show",
        by=corrected.host,
        reason="It was otherwise",
    )


def _leave_traces(session: Session, person: User) -> None:
    """What the worker writes: somebody was told of it, and somebody was seen in it."""
    Notice.objects.create(
        person=person, kind=NoticeKind.ACCEPTED, session=session, slot_start=session.starts_at
    )
    participant = session.participants.get(user=person)
    Evidence.objects.create(
        session=session, participant=participant, source=Source.JOIN, seen_from=now()
    )


def _token_row(person: User, **given: Any) -> ApiToken:
    prefix = make_token(person)[:12]
    ApiToken.objects.filter(prefix=prefix).update(**given)
    return ApiToken.objects.get(prefix=prefix)


def _held(other: Mentorship) -> Session:
    held = make_session(other, status="completed")
    make_log(held)
    given = ChangeLog.model_validate({"next_steps": ["Theirs"]})
    change_log(actor=other.mentee, session_id=held.pk, given=given)
    return held


def _personal_token(session: Session, person: User) -> str:
    participant = session.participants.get(user=person)
    version = PersonalLink.objects.get(participant=participant).version
    return token_of(participant.pk, version)


def _batch(admin: User, pair: Mentorship) -> ImportBatch:
    row = (pair.mentor.email, pair.mentee.email, "2026-01-07", "10:00", 60, "", "Read a draft")
    return stage(admin, make_file(row), usual_zone="UTC")


def _over_batch(admin: User, pair: Mentorship) -> str:
    """Of an import that has been done."""
    batch = _batch(admin, pair)
    ImportBatch.objects.filter(pk=batch.pk).update(state="done")
    return str(batch.uid)


def _day(days: int) -> str:
    return to_local(whole_hour(days=days), "UTC").date().isoformat()


def filled(value: Any, names: dict[str, str]) -> Any:
    """A body of the table with its `$names` put in."""
    if isinstance(value, dict):
        return {key: filled(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each, names) for each in value]
    if isinstance(value, str) and value.startswith("$"):
        return names[value[1:]]
    return value
