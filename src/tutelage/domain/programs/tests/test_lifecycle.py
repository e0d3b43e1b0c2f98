"""Every pair of status and action, against the table written out once more by hand."""

from itertools import product

import pytest

from tutelage.domain.programs.lifecycle import (
    PairAction,
    PairMoveRefused,
    PairStatus,
    allowed_pair_actions,
    next_pair_status,
)

MOVES = """
proposed: accept>active decline>ended withdraw>ended
active: pause>paused end>ended
paused: resume>active end>ended
ended:
"""
ALLOWED = {
    (status, *move.split(">"))
    for status, _, moves in (line.partition(":") for line in MOVES.split("\n") if line)
    for move in moves.split()
}


@pytest.mark.parametrize(("status", "action"), list(product(PairStatus, PairAction)))
def test_these_moves_and_no_others(status: PairStatus, action: PairAction) -> None:
    targets = {to for to in PairStatus if (status, action, to) in ALLOWED}

    assert (action in allowed_pair_actions(status)) == bool(targets)
    if targets:
        assert {next_pair_status(status, action)} == targets
    else:
        with pytest.raises(PairMoveRefused):
            next_pair_status(status, action)
