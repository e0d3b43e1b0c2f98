"""Reading the evidence of a session that the actor may see."""

from uuid import UUID

from tutelage.domain.attendance.models import Evidence


def list_evidence(session_id: UUID) -> list[Evidence]:
    """Who was seen when, oldest first; the first 200 rows."""
    rows = Evidence.objects.filter(session=session_id).select_related("participant__user")
    return list(rows.order_by("seen_from", "id")[:200])
