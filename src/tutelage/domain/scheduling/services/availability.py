"""Saying when one can be booked, and how."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from tutelage.core.clock import now
from tutelage.core.errors import invalid_field
from tutelage.core.events import publish
from tutelage.core.times import to_local
from tutelage.core.transactions import one_transaction
from tutelage.domain.people.models import User
from tutelage.domain.scheduling.events import AvailabilityChanged
from tutelage.domain.scheduling.inputs import SetAvailability, SetOverride
from tutelage.domain.scheduling.models import (
    AvailabilityOverride,
    AvailabilityRule,
    BookingPolicy,
)
from tutelage.domain.scheduling.queries import find_policy

_AHEAD = timedelta(days=731)


@one_transaction
def set_availability(*, actor: User, given: SetAvailability) -> None:
    """Set the hours of the week and how they are booked. What is agreed upon already stays."""
    User.objects.select_for_update().get(pk=actor.pk)  # of two tabs, the second waits
    said = given.model_dump(exclude={"hours"})
    BookingPolicy.objects.update_or_create(person=actor, defaults=said)
    AvailabilityRule.objects.filter(person=actor).delete()
    AvailabilityRule.objects.bulk_create(
        AvailabilityRule(person=actor, weekday=each.weekday, starts=each.starts, ends=each.ends)
        for each in given.hours
    )
    _publish(actor)


@one_transaction
def set_override(*, actor: User, day: date, given: SetOverride) -> None:
    """Give one day hours of its own, close it, or give it back those of the week."""
    User.objects.select_for_update().get(pk=actor.pk)
    policy = find_policy(actor)
    today = to_local(now(), policy.zone if policy else actor.own_zone).date()
    if not today <= day <= today + _AHEAD:
        raise invalid_field("day", _("Choose a day from today on, two years ahead at most."))
    AvailabilityOverride.objects.filter(person=actor, day=day).delete()
    if given.hours is not None:
        closed = AvailabilityOverride(person=actor, day=day)
        open_then = [
            AvailabilityOverride(person=actor, day=day, starts=each.starts, ends=each.ends)
            for each in given.hours
        ]
        AvailabilityOverride.objects.bulk_create(open_then or [closed])
    _publish(actor)


def _publish(actor: User) -> None:
    publish(AvailabilityChanged(subject_id=actor.uid, actor_id=actor.pk))
