"""Who is in the demo programme, and what they talk about. All of it is made up."""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Final, NamedTuple

from tutelage.domain.people.lifecycle import Role
from tutelage.domain.scheduling.inputs import SetAvailability, WeeklyHours
from tutelage.domain.scheduling.lifecycle import Audience


class Character(NamedTuple):
    name: str
    email: str
    zone: str
    role: Role = Role.USER


INGRID: Final = Character("Ingrid Solheim", "ingrid@example.org", "Europe/Oslo", Role.SUPERADMIN)
SAMUEL: Final = Character("Dr. Samuel Oyelaran", "samuel@example.org", "America/New_York")
AROHA: Final = Character("Aroha Ngata-Williams", "aroha@example.org", "Pacific/Auckland")
ZOE: Final = Character("Zoë Castellanos-Papadopoulou", "zoe@example.org", "Europe/Madrid")
WOLFGANG: Final = Character(
    "Wolfgang-Amadeus von Hohenstein-Breitenbach", "wolfgang@example.org", "Europe/Berlin"
)
PEOPLE: Final = (
    INGRID,
    SAMUEL,
    AROHA,
    ZOE,
    WOLFGANG,
    Character("李伟", "liwei@example.org", "Asia/Shanghai"),
    Character("Tūī Parata", "tui@example.org", "Pacific/Auckland"),
    Character("Nadia El-Amrani", "nadia@example.org", "Africa/Casablanca"),
    Character("Kenji Watanabe", "kenji@example.org", "Asia/Tokyo"),
    Character("Bo Å", "bo@example.org", "Europe/Stockholm"),
    Character("Priya Raghunathan", "priya@example.org", "Asia/Kolkata"),
    Character("Caoimhe Ní Bhriain", "caoimhe@example.org", "Europe/Dublin"),
)
PAIRS: Final = (  # mentor, mentee, days between sessions, goals
    (SAMUEL, AROHA, 14, "A study on what caregivers hear when a school says “progress”."),
    (ZOE, AROHA, 28, "Read, write and speak in public without losing sleep."),
    (SAMUEL, PEOPLE[6], 14, "From teaching assistant to lead teacher."),
    (WOLFGANG, ZOE, 21, "Statistics that survive a reviewer."),
    (PEOPLE[10], PEOPLE[5], 7, "The first year as an engineer."),
    (PEOPLE[8], PEOPLE[11], 14, "A portfolio that gets an interview."),
    (PEOPLE[7], PEOPLE[9], 30, "Back to work after two years away."),
)


def _each(weekdays: Iterable[int], start: int, end: int) -> list[WeeklyHours]:
    return [WeeklyHours(weekday=day, starts=time(start), ends=time(end)) for day in weekdays]


HOURS: Final[Mapping[Character, SetAvailability]] = {  # when they can be booked
    SAMUEL: SetAvailability(
        zone=SAMUEL.zone,
        hours=[*_each(range(5), 9, 12), *_each((1, 3), 14, 18)],
        buffer_after_minutes=15,
        daily_limit=3,
        audience=Audience.OPEN,
        note="Bring one question, and what you have tried already.",
    ),
    ZOE: SetAvailability(
        zone=ZOE.zone, hours=_each((0, 2, 4), 16, 20), slot_minutes=45, outright=True
    ),
}
TALKS: Final = (  # objectives, outcomes, next steps
    (
        "Which questions lead, and which do not",
        (
            "Agreed on eight questions for the interviews with caregivers; dropped two that lead. "
            "The ethics board answers by the end of the month."
        ),
        ("Send the consent form to the school board", "Draft the interview guide, two pages"),
    ),
    (
        "Compare two ways to interview",
        (
            "Compared semi-structured and narrative interviews on two transcripts. Chose "
            "semi-structured."
        ),
        (),
    ),
    (
        "Settle the research question",
        (
            "The question stands: what do caregivers hear when a school says “progress”? "
            "A pilot interview is booked."
        ),
        ("Book the pilot", "Read chapter 4 and note three objections"),
    ),
    (
        "",
        "Went through the first draft line by line. It is two pages shorter and says more.",
        ("Cut the introduction to one paragraph",),
    ),
    (
        "Practise the talk",
        "Three rounds: 14, 12 and 10 minutes. The opening works; slide 7 goes.",
        ("Record the talk once and watch it",),
    ),
    (
        "What went wrong with the regression",
        "Two outliers explain most of it. Robust errors, and say so in the methods.",
        (),
    ),
    (
        "Plan the next three months",
        "Chose one goal instead of four. The rest is written down and can wait.",
        ("Tell the team", "Put the first date into the calendar"),
    ),
    (
        "Feedback after the first observed lesson",
        "Strong start, quiet middle. Next time ask first and explain afterwards.",
        ("Try it with the Thursday group",),
    ),
)
REASONS: Final = (
    "Moving house; next week suits better.",
    "Train strike, sorry.",
    "My daughter has a fever.",
    "A deadline moved.",
)
