"""What a decision says of itself."""

import pytest

from tutelage.core.errors import NotPermitted
from tutelage.core.policy import ALLOW, deny


def test_what_is_allowed_is_true_and_needs_nothing() -> None:
    assert ALLOW
    ALLOW.require()


def test_what_is_denied_is_false_and_says_why() -> None:
    assert not deny("Not yours.")
    with pytest.raises(NotPermitted, match=r"Not yours\."):
        deny("Not yours.").require()
