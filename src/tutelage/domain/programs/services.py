"""Every way to change pairs."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tutelage.core.errors import Conflict, FieldError, InvalidInput, invalid_field
from tutelage.core.events import publish
from tutelage.domain.people.models import User
from tutelage.domain.people.queries import find_people_by_email
from tutelage.domain.programs import policies
from tutelage.domain.programs.events import MentorshipMade
from tutelage.domain.programs.inputs import MakeMentorship
from tutelage.domain.programs.lifecycle import ProgramKind
from tutelage.domain.programs.models import Mentorship, Program


class PairExists(Conflict):
    code = "pair_exists"


@transaction.atomic
def make_mentorship(*, actor: User, given: MakeMentorship) -> Mentorship:
    """Make an active pair of two people who have accounts."""
    policies.can_make_mentorship(actor).require()
    people = find_people_by_email({given.mentor_email, given.mentee_email})
    unknown = [
        FieldError(field, _("Nobody here has this e-mail. Add the person first."))
        for field in ("mentor_email", "mentee_email")
        if getattr(given, field) not in people
    ]
    if unknown:
        raise InvalidInput(_("Some values are not valid."), errors=unknown)
    if given.mentor_email == given.mentee_email:
        raise invalid_field("mentee_email", _("Mentor and mentee are the same person."))
    program = Program.objects.create(kind=ProgramKind.MENTORSHIP)
    mentorship = Mentorship(
        program=program,
        mentor=people[given.mentor_email],
        mentee=people[given.mentee_email],
        cadence_days=given.cadence_days,
        goals=given.goals,
    )
    try:
        with transaction.atomic():
            mentorship.save(force_insert=True)
    except IntegrityError:
        raise PairExists(_("These two have an open mentorship already.")) from None
    publish(MentorshipMade(subject_id=program.uid, actor_id=actor.pk))
    return mentorship
