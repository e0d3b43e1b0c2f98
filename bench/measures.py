"""The arithmetic: what a process has computed, what a round cost, and what of it counts."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

TOLERANCE = 1.10  # of a ratio or a time; counts have none


def cpu_ms(pids: Iterable[int]) -> float:
    """All that the threads of these processes have computed so far, by the scheduler's own clock.

    `/proc/PID/stat` counts in steps of 10 ms, which is more than a database's part in a round.
    """
    total = 0
    for pid in pids:
        for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            with suppress(OSError):  # it has just ended
                total += int(thread.read_text().split()[0])
    return total / 1e6


def proportional_mb(pid: int) -> float:
    """Memory of a process in which what it shares with others is counted in part (PSS)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    [kilobytes] = [line.split()[1] for line in lines if line.startswith("Pss:")]
    return int(kilobytes) / 1024


def share(times: Sequence[float], part: float) -> float:
    """The time within which that part of them was done, such as 0.99."""
    return sorted(times)[min(int(len(times) * part), len(times) - 1)]


@dataclass(frozen=True, slots=True)
class Round:
    """Some requests, one after the other: CPU of each on average, and how long each took."""

    cpu_ms: float
    times_ms: Sequence[float]

    @property
    def p50_ms(self) -> float:
        return median(self.times_ms)


@dataclass(frozen=True, slots=True)
class Result:
    """Rounds of an operation, and those of its floor that were taken between them."""

    rounds: Sequence[Round]
    floor: Sequence[Round] = ()

    @property
    def cpu_ms(self) -> float:
        return median(each.cpu_ms for each in self.rounds)

    @property
    def p50_ms(self) -> float:
        """Of the quietest round: a time, unlike CPU, grows with whatever else runs here."""
        return min(each.p50_ms for each in self.rounds)

    @property
    def p99_ms(self) -> float:
        """Of all: what is slow now and then is so in some rounds alone."""
        return share([time for each in self.rounds for time in each.times_ms], 0.99)

    @property
    def cpu_ratio(self) -> float:
        """Each round against the floor taken right after it: what disturbs one disturbs both."""
        return median(_ratios(self.rounds, self.floor))

    @property
    def p50_ratio(self) -> float:
        return self.p50_ms / min(each.p50_ms for each in self.floor)

    def cpu_against(self, other: "Result") -> float:
        """Against another operation, or against itself on another database, round by round."""
        return median(_ratios(self.rounds, other.rounds))


def _ratios(ours: Sequence[Round], theirs: Sequence[Round]) -> Iterator[float]:
    return (a.cpu_ms / b.cpu_ms for a, b in zip(ours, theirs, strict=True))
