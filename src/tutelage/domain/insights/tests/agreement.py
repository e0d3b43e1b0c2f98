"""Holds what is written down of pairs to what their sessions show."""

import pytest

from tutelage.core.clock import now
from tutelage.domain.insights.facts import COMPUTE, RECALL
from tutelage.domain.insights.queries import _read
from tutelage.domain.insights.services import keep_facts
from tutelage.domain.journal import queries as journal
from tutelage.domain.programs.models import Mentorship

HORIZON = "xid < pg_snapshot_xmin(pg_current_snapshot())"


def read_at_once(patch: pytest.MonkeyPatch) -> None:
    """Let the journal be read in the transaction of a test: it has not ended, and is alone."""
    patch.setattr(journal, "_AFTER", journal._AFTER.replace(HORIZON, "true"))


def catch_up() -> None:
    """Write down all that is new; a journal that was never read is read from its next entry on."""
    while keep_facts():
        pass


def check_facts() -> int:
    """What counts of it has to be true; says of how many pairs it does count."""
    keys, at = list(Mentorship.objects.values_list("pk", flat=True)), now()
    recalled = {key: seen for key, is_current, *seen in _read(RECALL, keys, at) if is_current}
    shown = {key: seen for key, *seen in _read(COMPUTE, keys, at)}
    assert recalled == {key: shown[key] for key in recalled}
    return len(recalled)
