"""Every pair of status and action, against the table written out once more by hand."""

from itertools import product

import pytest

from tutelage.domain.sessions.lifecycle import (
    Action,
    Status,
    TransitionRefused,
    allowed_actions,
    next_status,
)

MOVES = """
draft: schedule>scheduled start>live request>requested
requested: counter>requested accept>scheduled decline>declined withdraw>cancelled expire>declined
scheduled: start>live reschedule>scheduled cancel>cancelled mark_no_show>no_show complete>completed
live: pause>paused complete>completed mark_no_show>no_show cancel>cancelled undo_start>scheduled
paused: resume>live complete>completed cancel>cancelled
completed: reopen>live correct>no_show correct>cancelled
cancelled: reinstate>scheduled correct>completed correct>no_show
no_show: correct>completed correct>cancelled
"""
ALLOWED = {
    (status, *move.split(">"))
    for status, _, moves in (line.partition(": ") for line in MOVES.split("\n") if line)
    for move in moves.split()
}


@pytest.mark.parametrize(("status", "action"), list(product(Status, Action)))
def test_these_moves_and_no_others(status: Status, action: Action) -> None:
    targets = {to for to in Status if (status, action, to) in ALLOWED}

    assert (action in allowed_actions(status)) == bool(targets)
    for to in Status:
        if to in targets:
            assert next_status(status, action, to=to) == to
        else:
            with pytest.raises(TransitionRefused):
                next_status(status, action, to=to)


def test_the_target_must_be_said_only_where_there_are_several() -> None:
    assert next_status("live", Action.PAUSE) == Status.PAUSED
    with pytest.raises(TransitionRefused):
        next_status("no_show", Action.CORRECT)
