"""Valid pairs with one line each."""

from typing import Any

from tutelage.domain.people.tests.builders import make_user
from tutelage.domain.programs.lifecycle import ProgramKind
from tutelage.domain.programs.models import Mentorship, Program


def make_pair(**given: Any) -> Mentorship:
    people = {"mentor": make_user, "mentee": make_user}
    for side, build in people.items():
        given[side] = given.get(side) or build()
    program = Program.objects.create(kind=ProgramKind.MENTORSHIP)
    return Mentorship.objects.create(program=program, **given)
