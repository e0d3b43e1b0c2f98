"""Reading the evidence of a session that the actor may see."""

from uuid import UUID

from django.db.models import QuerySet

from tutelage.core.compiled import Reading
from tutelage.domain.attendance.models import Evidence


def list_evidence(session_id: UUID) -> list[Evidence]:
    """Who was seen when, oldest first; the first 200 rows."""
    return _evidence(session_id=session_id)


@Reading
def _evidence(session_id: UUID) -> QuerySet[Evidence]:
    rows = Evidence.objects.filter(session=session_id).select_related("participant__user")
    return rows.order_by("seen_from", "id")[:200]
