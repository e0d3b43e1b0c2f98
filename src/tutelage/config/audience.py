"""Who is told at once of what happened: asked at the moment of telling, by the rows of then."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from tutelage.domain.journal.models import Entry


def concerned(entries: "Sequence[Entry]") -> dict[int, set[int]]:
    """The people, by entry: those who take part in the session that it tells of."""
    sessions = list({entry.subject_id for entry in entries if entry.subject_type == "session"})
    if not sessions:
        return {}
    people: dict[object, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT session_id, user_id FROM participant WHERE session_id = ANY(%s::uuid[])",
            [sessions],
        )
        for session_id, user_id in cursor.fetchall():
            people[session_id].add(user_id)
    return {entry.pk: people[entry.subject_id] for entry in entries if entry.subject_id in people}
