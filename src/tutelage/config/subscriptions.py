"""What happens after what, the whole of it on one page.

Projections follow in the transaction of the change: rows that must never disagree with it.
Reactions are jobs of the worker, handed on by the relay once the change is committed.
Sweeps look for what is due by its state, again and again, so that nothing hangs on one moment.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from tutelage.core.events import Event
from tutelage.domain.attendance.projections import keep_evidence
from tutelage.domain.imports import jobs as imports
from tutelage.domain.imports.events import ImportStarted
from tutelage.domain.imports.services.forgetting import forget_cells
from tutelage.domain.insights.services import keep_facts
from tutelage.domain.journal.relay import Readers
from tutelage.domain.journal.services import append, forget_old_answers
from tutelage.domain.meetings.projections import furnish
from tutelage.domain.notifications import jobs as notifications
from tutelage.domain.notifications.services import plan_missed_questions, plan_reminders
from tutelage.domain.scheduling import events as offers
from tutelage.domain.scheduling.projections import free_time
from tutelage.domain.scheduling.services.answering import expire_offers
from tutelage.domain.scheduling.services.rezoning import follow_zone_rules
from tutelage.domain.sessions import events as session
from tutelage.domain.sessions.jobs import fill_search
from tutelage.domain.sessions.projections import make_searchable, move_found

Projection = Callable[[Any], None]
Sweep = tuple[float, Callable[[], object]]

PROJECTIONS: Final[Mapping[type[Event], Sequence[Projection]]] = {
    session.SessionScheduled: (furnish,),
    session.SessionJoined: (keep_evidence,),
    session.SessionRescheduled: (move_found,),
    offers.SessionRezoned: (move_found,),
    session.SessionCompleted: (free_time, make_searchable),
    session.LogChanged: (make_searchable,),
    session.SessionCancelled: (free_time,),
    session.SessionDeclined: (free_time,),
    session.SessionWithdrawn: (free_time,),
    session.SessionExpired: (free_time,),
    session.SessionNoShow: (free_time,),
}
_TOLD: Final = (
    session.SessionRequested,
    offers.SessionCountered,
    offers.MoveOffered,
    session.SessionScheduled,
    offers.SessionReinstated,
    session.SessionDeclined,
    session.SessionExpired,
    offers.MoveDeclined,
    offers.MoveExpired,
    session.SessionRescheduled,
    offers.SessionRezoned,
    session.SessionCancelled,
    session.SessionWithdrawn,
    session.SessionNoShow,
    session.SessionCorrected,
)
REACTIONS: Final[Readers] = {
    **dict.fromkeys(_TOLD, (notifications.tell_of,)),
    ImportStarted: (imports.begin,),
}
SWEEPS: Final[Sequence[Sweep]] = (
    (2.0, notifications.send_due),
    (30.0, plan_reminders),
    (60.0, plan_missed_questions),
    (30.0, expire_offers),
    (3_600.0, follow_zone_rules),
    (30.0, imports.resume_stalled),
    (10.0, keep_facts),
    (120.0, fill_search),
    (3_600.0, forget_cells),
    (3_600.0, forget_old_answers),
)


def record(event: Event) -> None:
    """Write the event down, then let what has to agree with it follow."""
    append(event)
    for project in PROJECTIONS.get(type(event), ()):
        project(event)
