"""A pair is read by a statement that is compiled once, and is what the queryset finds."""

import pytest
from pytest_django import DjangoAssertNumQueries

from tutelage.core.errors import NotFound
from tutelage.domain.people.tests.builders import make_admin, make_user
from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.queries import get_mentorship
from tutelage.domain.programs.tests.builders import make_pair

pytestmark = pytest.mark.django_db


def test_who_may_see_a_pair_reads_it_whole(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    pair, other = make_pair(), make_pair()
    pair.proposed_by = pair.mentee
    pair.save()
    for actor in (pair.mentor, pair.mentee, make_admin()):
        with django_assert_num_queries(1):
            found = get_mentorship(actor=actor, mentorship_id=pair.uid)
            people = found.mentor, found.mentee, found.proposed_by, found.program
        known = Mentorship.objects.with_people().get(pk=pair.pk)
        assert (found, *people) == (pair, pair.mentor, pair.mentee, pair.mentee, pair.program)
        for read, plain in ((found, known), (found.mentor, known.mentor)):
            assert [getattr(read, field.attname) for field in read._meta.concrete_fields] == [
                getattr(plain, field.attname) for field in plain._meta.concrete_fields
            ]
    assert get_mentorship(actor=other.mentor, mentorship_id=other.uid).proposed_by is None


def test_nobody_else_does() -> None:
    pair, other = make_pair(), make_pair()
    for actor in (make_user(), other.mentor, other.mentee):
        with pytest.raises(NotFound):
            get_mentorship(actor=actor, mentorship_id=pair.uid)
