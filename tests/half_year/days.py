"""What people do from day to day: each through the API, each foretold by the model."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.half_year.programme import ZONES, Meeting, Pair, Person, Programme, answer_of

from tutelage.core.clock import now
from tutelage.domain.scheduling.services.answering import expire_offers

HOUR = timedelta(hours=1)


class Days:
    """Plays one day after the other; every answer must be the one that the model expects."""

    def __init__(self, programme: Programme) -> None:
        self.programme, self.chance = programme, programme.chance
        self.counts: Counter[str] = Counter()

    def note(self, what: str) -> None:
        self.counts[what] += 1

    def play(self, pair: Pair) -> None:
        """One pair's day."""
        for meeting in list(pair.meetings):
            self.go_on(meeting)
        is_planned = any(m.status in {"requested", "scheduled"} for m in pair.meetings)
        if not is_planned and self.happens(pair.eagerness):
            self.ask(pair, self.chance.choice(pair.sides))
        if self.happens(0.01):
            self.log_past(pair)
        if self.happens(0.005):
            self.programme.move(self.chance.choice(pair.sides), self.chance.choice(ZONES))
            self.note("zone changed")

    def happens(self, share: float) -> bool:
        return self.chance.random() < share

    def go_on(self, meeting: Meeting) -> None:
        at = now()
        if meeting.status == "requested":
            if meeting.is_waiting(at):
                self.answer(meeting)
        elif meeting.status == "scheduled" and at < meeting.start:
            self.before(meeting)
        elif meeting.status == "scheduled" and at > meeting.end + timedelta(minutes=15):
            self.after(meeting)
        elif meeting.status == "completed":
            self.rate(meeting)

    def ask(self, pair: Pair, person: Person) -> None:
        start, plan = self.some_time(person)
        free = self.programme.is_free(pair, start, start + HOUR)
        reply = person.client.send("post", "/sessions", {"mentorship": pair.id, **plan})
        if not free:
            assert answer_of(reply, 409)["code"] == "slot_taken"
            self.note("taken")
            return
        body = answer_of(reply, 201)
        assert body["status"] == "requested"
        assert datetime.fromisoformat(body["starts_at"]) == start
        made = Meeting(body["id"], pair, "requested", start, start + HOUR, person, now())
        pair.meetings.append(made)
        self.note("asked")

    def some_time(self, person: Person) -> tuple[datetime, dict[str, Any]]:
        """A full hour some days ahead on somebody's own clock; one that the clock really shows."""
        day = (now() + timedelta(days=self.chance.randint(2, 6))).astimezone(ZoneInfo(person.zone))
        local = day.replace(
            hour=self.chance.randint(7, 20), minute=0, second=0, microsecond=0, tzinfo=None
        )
        start = local.replace(tzinfo=ZoneInfo(person.zone)).astimezone(UTC)
        return start, {"local_start": local.isoformat(), "zone": person.zone}

    def act(self, meeting: Meeting, by: Person, expected: int = 200, **body: Any) -> Any:
        return answer_of(by.client.send("post", meeting.path, body), expected)

    def answer(self, meeting: Meeting) -> None:
        other, luck = meeting.pair.other(meeting.by), self.chance.random()
        if luck < 0.05:
            self.act(meeting, meeting.by, action="withdraw")
            self.end(meeting, "cancelled", "withdrawn")
            meeting.withdrawn = True
        elif luck < 0.1:
            self.act(meeting, other, action="decline", reason="On leave")
            self.end(meeting, "declined", "declined")
        elif luck < 0.25:
            self.counter(meeting, other)
        elif luck < 0.75:
            self.act(meeting, meeting.by, 403, action="accept")
            assert self.act(meeting, other, action="accept")["status"] == "scheduled"
            meeting.status = "scheduled"
            self.note("accepted")

    def counter(self, meeting: Meeting, by: Person) -> None:
        start, plan = self.some_time(by)
        free = self.programme.is_free(meeting.pair, start, start + HOUR, beside=meeting)
        body = {"action": "counter", **plan}
        self.act(meeting, by, 200 if free else 409, **body)
        if free:
            meeting.start, meeting.end, meeting.by = start, start + HOUR, by
            meeting.made_at = now()
            self.note("countered")

    def before(self, meeting: Meeting) -> None:
        if meeting.move:
            self.answer_move(meeting)
        elif self.happens(0.04):
            self.cancel(meeting)
        elif self.happens(0.05):
            self.offer_move(meeting, self.chance.choice(meeting.pair.sides))

    def cancel(self, meeting: Meeting) -> None:
        late = meeting.start - now() < timedelta(hours=24)
        by = self.chance.choice(meeting.pair.sides)
        body = self.act(meeting, by, action="cancel", reason="A deadline moved")
        assert (body["status"], body["ending"]["late"]) == ("cancelled", late)
        self.end(meeting, "cancelled", "cancelled late" if late else "cancelled")

    def offer_move(self, meeting: Meeting, by: Person) -> None:
        start, plan = self.some_time(by)
        free = self.programme.is_free(meeting.pair, start, start + HOUR, beside=meeting)
        self.act(meeting, by, 200 if free else 409, action="reschedule", **plan)
        if free:
            until = min(now() + timedelta(hours=48), start)
            meeting.move = (start, start + HOUR, by, until)
            self.note("move offered")

    def answer_move(self, meeting: Meeting) -> None:
        assert meeting.move is not None
        start, end, by, until = meeting.move
        if until <= now():
            return
        if self.happens(0.6):
            body = self.act(meeting, meeting.pair.other(by), action="accept")
            assert datetime.fromisoformat(body["starts_at"]) == start
            meeting.start, meeting.end, meeting.move = start, end, None
            self.note("moved")
        elif self.happens(0.3):
            self.act(meeting, meeting.pair.other(by), action="decline")
            meeting.move = None
            self.note("move declined")

    def after(self, meeting: Meeting) -> None:
        luck = self.chance.random()
        if luck < 0.55:
            self.complete(meeting)
        elif luck < 0.65:
            self.say_missed(meeting, agree=self.happens(0.6))
        elif luck < 0.68:
            self.mark_no_show(meeting)

    def complete(self, meeting: Meeting) -> None:
        late = now() - meeting.end > timedelta(hours=24)
        by = self.chance.choice(meeting.pair.sides)
        body = self.act(meeting, by, action="complete", outcomes="Went well", duration_minutes=50)
        assert (body["status"], body["log"]["logged_late"]) == ("completed", late)
        self.end(meeting, "completed", "logged late" if late else "logged")

    def mark_no_show(self, meeting: Meeting) -> None:
        host = meeting.pair.mentor
        body = self.act(meeting, host, action="mark_no_show", party="participant")
        assert (body["status"], body["ending"]["party"]) == ("no_show", "participant")
        self.end(meeting, "no_show", "no-show")

    def say_missed(self, meeting: Meeting, *, agree: bool) -> None:
        """Both answer; what they agree on holds, and where they differ nothing is guessed."""
        mentor, mentee = meeting.pair.sides
        same = {"answer": "no_show", "party": "participant"}
        said = (same, same if agree else {"answer": "called_off"})
        for person, body in zip((mentor, mentee), said, strict=True):
            if person.email not in meeting.answers:
                answer_of(person.client.send("post", f"{meeting.path}/missed", body), 200)
                meeting.answers[person.email] = str(body)
        if len(set(meeting.answers.values())) == 1:
            self.end(meeting, "no_show", "no-show agreed")
        else:
            self.note("disagreed")

    def rate(self, meeting: Meeting) -> None:
        by, stars = self.chance.choice(meeting.pair.sides), self.chance.randint(1, 5)
        if by.email in meeting.rated or not self.happens(0.3):
            return
        answer_of(by.client.send("post", f"{meeting.path}/feedback", {"stars": stars}), 200)
        meeting.rated[by.email], meeting.rated_at[by.email] = stars, now()
        self.note("rated")

    def log_past(self, pair: Pair) -> None:
        body = {"duration": 30, "outcomes": "Met by chance", "nextSteps": "Write it down"}
        by = self.chance.choice(pair.sides)
        address = f"/jam/mentorships/{pair.id}/sessions"
        made = answer_of(by.client.send("post", address, body), 201)
        start, end = (datetime.fromisoformat(made[side]) for side in ("starts_at", "ends_at"))
        pair.meetings.append(Meeting(made["id"], pair, "completed", start, end, by, now()))
        self.note("logged without a plan")

    def end(self, meeting: Meeting, status: str, what: str) -> None:
        meeting.status, meeting.move = status, None
        self.note(what)

    def run_out(self) -> None:
        """What the worker does: offers that nobody answered run out."""
        at = now()
        expired = 0
        for meeting in self.programme.meetings:
            if meeting.status == "requested" and not meeting.is_waiting(at):
                self.end(meeting, "declined", "ran out")
                expired += 1
            elif meeting.move and meeting.move[3] <= at:
                meeting.move = None
                expired += 1
        assert expire_offers() == expired
