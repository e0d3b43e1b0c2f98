"""What the dialog of a session never planned here asks for."""

from tutelage.core.times import LocalTime, Zone
from tutelage.domain.feedback.inputs import LogPastAndRate


class PastLog(LogPastAndRate):
    """Whoever fills in a form says when it was; only the API may leave that out."""

    local_start: LocalTime
    zone: Zone
