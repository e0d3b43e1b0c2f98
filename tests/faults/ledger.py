"""What clients were promised while the product was being killed, and what became of it."""

from dataclasses import dataclass, field
from threading import Lock
from time import monotonic


@dataclass
class Ledger:
    """Filled by many clients at once; read when they have stopped."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    """Ids of what was made, and the slot that each was to have."""
    in_doubt: int = 0
    """First tries that had no answer: only the retry told what had become of them."""
    replayed: int = 0
    """Retries that were told of work done before."""
    faults: list[str] = field(default_factory=list)
    """Answers that no client could make sense of."""
    successes: list[tuple[float, float, str]] = field(default_factory=list)
    """When each was asked for and when it was acknowledged, and its id."""
    _lock: Lock = field(default_factory=Lock)

    def doubt(self) -> None:
        with self._lock:
            self.in_doubt += 1

    def fault(self, what: str) -> None:
        with self._lock:
            self.faults.append(what)

    def keep(self, made: str, slot: str, *, asked_at: float, replayed: bool) -> None:
        with self._lock:
            self.acknowledged[made] = slot
            self.replayed += replayed
            self.successes.append((asked_at, monotonic(), made))

    def since(self, moment: float) -> list[tuple[float, str]]:
        """What was asked for and acknowledged since: how long after the moment, and its id."""
        with self._lock:
            return sorted(
                (done - moment, made) for asked, done, made in self.successes if asked > moment
            )
