"""A next step is ticked, or opened again."""

from uuid import UUID

from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.errors import NotFound
from tutelage.core.events import publish
from tutelage.core.transactions import one_transaction
from tutelage.domain.logs import policies
from tutelage.domain.logs.events import StepTicked
from tutelage.domain.people.models import User
from tutelage.domain.sessions.models import NextStep
from tutelage.domain.sessions.services.rows import take_session


@one_transaction
def tick_step(*, actor: User, step_id: UUID, done: bool) -> NextStep:
    """Say that a step is done, or open after all. Saying what is so already changes nothing.

    The session's row is taken, so that of two who tick at once the second sees the first, and so
    that nobody who changes the log meanwhile writes the step anew without its tick.
    """
    session_id = NextStep.objects.filter(uid=step_id).values_list("session", flat=True).first()
    if session_id is None:
        raise NotFound(_("There is no such step."))
    try:
        _session, role = take_session(actor, session_id)
    except NotFound:
        raise NotFound(_("There is no such step.")) from None
    policies.can_tick(role).require()
    people = "owner", "done_by", "program"
    step = NextStep.objects.select_related(*people).filter(uid=step_id).first()
    if step is None:
        raise NotFound(_("There is no such step."))
    if (step.done_at is not None) != done:
        step.done_at, step.done_by = (now(), actor) if done else (None, None)
        step.save(update_fields=["done_at", "done_by"])
        publish(StepTicked(subject_id=session_id, actor_id=actor.pk, step_id=step.uid, done=done))
    return step
