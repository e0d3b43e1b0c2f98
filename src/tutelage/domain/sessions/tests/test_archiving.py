"""What is over can be put away, once."""

import pytest

from tutelage.domain.journal.models import Entry
from tutelage.domain.sessions.services.planning import archive_session
from tutelage.domain.sessions.tests.builders import make_session

pytestmark = pytest.mark.django_db


def test_what_is_put_away_again_stays_as_it_was() -> None:
    session = make_session(status="completed")
    archived = archive_session(actor=session.host, session_id=session.pk, seen_version=1)
    again = archive_session(actor=session.host, session_id=session.pk, seen_version=2)

    assert (again.version, again.archived_at) == (2, archived.archived_at)
    [entry] = Entry.objects.filter(type="session.archived")
    assert (entry.subject_id, entry.actor_id) == (session.pk, session.host_id)
