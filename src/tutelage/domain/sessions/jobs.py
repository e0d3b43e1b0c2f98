"""Work on sessions that nobody waits for."""

from tutelage.domain.sessions.services.searching import index_missing


def fill_search() -> int:
    """Let old logs be found, a few seconds at a time. A sweep of the worker."""
    return index_missing()
