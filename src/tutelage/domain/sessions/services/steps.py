"""The next steps of a log are written, and written anew."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from tutelage.core.errors import invalid_field
from tutelage.domain.people.models import User
from tutelage.domain.sessions.inputs import StepFields
from tutelage.domain.sessions.models import NextStep, Session
from tutelage.domain.sessions.queries import people_of


def write_steps(session: Session, given: Sequence[StepFields], before: Sequence[NextStep]) -> None:
    """Make these the steps of a session, in this order; one of `before` not named is gone."""
    kept = draft_steps(session, given, before)
    NextStep.objects.bulk_create([step for step in kept if step not in before])
    changed = [step for step in kept if step in before]
    NextStep.objects.bulk_update(changed, ["text", "position", "due_on", "owner"])
    if gone := [step.pk for step in before if step not in kept]:
        NextStep.objects.filter(pk__in=gone).delete()


def draft_steps(
    session: Session, given: Sequence[StepFields], before: Sequence[NextStep] = ()
) -> list[NextStep]:
    """The same, not written yet: for who writes more along with them.

    One of `before` that is named by its id, or said in the same words, stays what it was, tick
    and all.
    """
    owners = _owners(session, given)
    known = _Known(before)
    kept = []
    for position, each in enumerate(given):
        step = known.take(each, position) or NextStep(session=session, program=session.program)
        step.text, step.position, step.due_on = each.text, position, each.due_on
        step.owner = _owner(owners, each, position)
        kept.append(step)
    return kept


class _Known:
    """The steps that were there, each to be taken once."""

    def __init__(self, steps: Sequence[NextStep]) -> None:
        self._left = list(steps)

    def take(self, given: StepFields, position: int) -> NextStep | None:
        found = next((step for step in self._left if self._is_meant(step, given)), None)
        if found is not None:
            self._left.remove(found)
        elif given.id is not None:
            raise invalid_field(
                f"next_steps.{position}.id", _("There is no such step in this log.")
            )
        return found

    @staticmethod
    def _is_meant(step: NextStep, given: StepFields) -> bool:
        return step.uid == given.id if given.id else step.text == given.text


def _owners(session: Session, given: Sequence[StepFields]) -> Mapping[UUID, User]:
    if not any(each.owner for each in given):
        return {}
    return {participant.user.uid: participant.user for participant in people_of(session)}


def _owner(owners: Mapping[UUID, User], given: StepFields, position: int) -> User | None:
    if given.owner is None:
        return None
    if given.owner not in owners:
        raise invalid_field(f"next_steps.{position}.owner", _("Choose one of those who took part."))
    return owners[given.owner]
