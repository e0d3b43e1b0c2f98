"""What each crash test prints, and the same figures as it judges them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tests.faults.ledger import Ledger


@dataclass(frozen=True)
class Report:
    """What was promised against what is there."""

    acknowledged: int
    lost: set[str]
    duplicated: list[object]
    in_doubt: int
    replayed: int

    def __str__(self) -> str:
        return (
            f"acknowledged {self.acknowledged}, lost {len(self.lost)}, "
            f"duplicated {len(self.duplicated)}, in doubt {self.in_doubt}, "
            f"of them done before {self.replayed}"
        )


def compare(ledger: Ledger, there: Iterable[tuple[str, object]]) -> Report:
    """Against the ids that are there, each with what may be there once only."""
    rows = list(there)
    times = Counter(what for _made, what in rows)
    return Report(
        acknowledged=len(ledger.acknowledged),
        lost=ledger.acknowledged.keys() - {made for made, _what in rows},
        duplicated=[what for what, number in times.items() if number > 1],
        in_doubt=ledger.in_doubt,
        replayed=ledger.replayed,
    )
