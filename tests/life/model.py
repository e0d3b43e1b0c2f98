"""What a session of a pair may become, by whom and when: said once more, without the product.

Each method says what the product has to answer, and changes the model when it is yes.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

HOUR: Final = timedelta(hours=1)
DOOR: Final = timedelta(minutes=15)
HELD: Final = timedelta(hours=48)
# Built so far, of the table that the documents give; drafts, pauses and undoing are not yet.
TABLE: Final = {
    ("requested", "counter", "requested"),
    ("requested", "accept", "scheduled"),
    ("requested", "decline", "declined"),
    ("requested", "withdraw", "cancelled"),
    ("requested", "expire", "declined"),
    ("scheduled", "start", "live"),
    ("scheduled", "reschedule", "scheduled"),
    ("scheduled", "cancel", "cancelled"),
    ("scheduled", "mark_no_show", "no_show"),
    ("scheduled", "complete", "completed"),
    ("live", "complete", "completed"),
    ("live", "mark_no_show", "no_show"),
    ("live", "cancel", "cancelled"),
    ("completed", "correct", "no_show"),
    ("completed", "correct", "cancelled"),
    ("no_show", "correct", "completed"),
    ("no_show", "correct", "cancelled"),
    ("cancelled", "correct", "completed"),
    ("cancelled", "correct", "no_show"),
    ("cancelled", "reinstate", "scheduled"),
}
SIDES: Final = {"mentor", "mentee"}
LEADERS: Final = {"mentor", "admin"}


@dataclass
class Offer:
    by: str
    starts_at: datetime
    expires_at: datetime


@dataclass
class Model:
    now: datetime
    starts_at: datetime
    status: str = "requested"
    offer: Offer | None = None
    started: bool = False
    logged: bool = False
    called_off_by: str = ""
    was_agreed: bool = False
    journal: list[str] = field(default_factory=list)
    moves: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + HOUR

    def ask(self, by: str) -> None:
        self.offer = self._offer(by, self.starts_at)
        self.journal.append("session.requested")

    def _offer(self, by: str, start: datetime) -> Offer:
        return Offer(by, start, min(self.now + HELD, start))

    def _go(self, action: str, to: str, told: str) -> bool:
        if (self.status, action, to) not in TABLE:
            return False
        self.moves.append((self.status, action, to))
        self.status = to
        self.journal.append(told)
        return True

    def _over(self, by: str = "") -> bool:
        self.offer, self.called_off_by = None, by
        return True

    def _may_answer(self, actor: str) -> bool:
        return self.offer is not None and actor in SIDES - {self.offer.by}

    def accept(self, actor: str) -> bool:
        if not self._may_answer(actor) or not self.offer or self.offer.expires_at <= self.now:
            return False
        is_new = self.status == "requested"
        action, told = ("accept", "scheduled") if is_new else ("reschedule", "rescheduled")
        if not self._go(action, "scheduled", f"session.{told}"):
            return False
        self.starts_at, self.offer, self.was_agreed = self.offer.starts_at, None, True
        return True

    def counter(self, actor: str, start: datetime) -> bool:
        if not self._may_answer(actor):
            return False
        if self.status == "requested":
            self._go("counter", "requested", "session.countered")
            self.starts_at = start
        elif self.status == "scheduled":
            self.journal.append("session.move_offered")
        else:
            return False
        self.offer = self._offer(actor, start)
        return True

    def decline(self, actor: str) -> bool:
        return self._may_answer(actor) and self._end_or_keep("decline", "declined", "declined")

    def withdraw(self, actor: str) -> bool:
        if self.offer is None or self.offer.by != actor:
            return False
        return self._end_or_keep("withdraw", "cancelled", "withdrawn", by=actor)

    def expire(self) -> bool:
        if self.offer is None or self.offer.expires_at > self.now:
            return False
        return self._end_or_keep("expire", "declined", "expired")

    def _end_or_keep(self, action: str, to: str, told: str, by: str = "") -> bool:
        """Without an agreed time it ends; one that stands only is not moved."""
        if self.status == "requested":
            return self._go(action, to, f"session.{told}") and self._over(by)
        self.journal.append(f"session.move_{told}")
        self.offer = None
        return True

    def reschedule(self, actor: str, start: datetime) -> bool:
        if self.status != "scheduled" or actor not in {*SIDES, "admin"}:
            return False
        if actor == "admin":
            self._go("reschedule", "scheduled", "session.rescheduled")
            self.starts_at, self.offer = start, None
            return True
        if self.offer and self.offer.by != actor:
            return False
        self.offer = self._offer(actor, start)
        self.journal.append("session.move_offered")
        return True

    def start(self, actor: str) -> bool:
        if actor not in LEADERS or self.now < self.starts_at - DOOR:
            return False
        begun = self._go("start", "live", "session.started")
        self.started = self.started or begun
        return begun

    def cancel(self, actor: str) -> bool:
        if actor not in {*SIDES, "admin"} or (self.ends_at <= self.now and actor not in LEADERS):
            return False
        return self._go("cancel", "cancelled", "session.cancelled") and self._over(actor)

    def mark_no_show(self, actor: str) -> bool:
        if actor not in LEADERS or self.now < self.starts_at:
            return False
        return self._go("mark_no_show", "no_show", "session.no_show") and self._over()

    def complete(self, actor: str) -> bool:
        if actor not in SIDES or (self.starts_at > self.now and self.status != "live"):
            return False
        if not self._go("complete", "completed", "session.completed"):
            return False
        self.logged = True
        return self._over()

    def correct(self, actor: str, to: str) -> bool:
        if actor not in LEADERS or (to != "cancelled" and self.ends_at > self.now):
            return False
        if not self._go("correct", to, "session.corrected"):
            return False
        self.logged = self.logged or to == "completed"
        return self._over()

    def reinstate(self, actor: str) -> bool:
        mine = actor == "admin" or (actor in SIDES and actor == self.called_off_by)
        if not mine or self.starts_at <= self.now or not self.was_agreed or self.logged:
            return False
        return self._go("reinstate", "scheduled", "session.reinstated")

    @property
    def held(self) -> int:
        """How many stretches of people's time it holds: two people's, each agreed or offered."""
        agreed = 2 if self.status in {"scheduled", "live"} else 0
        if self.offer is None:
            return agreed
        if self.status == "requested":
            return 2
        wanted = (self.offer.starts_at, self.offer.starts_at + HOUR)
        before = max(timedelta(), min(wanted[1], self.starts_at) - wanted[0])
        after = max(timedelta(), wanted[1] - max(wanted[0], self.ends_at))
        return agreed + 2 * (bool(before) + bool(after))
