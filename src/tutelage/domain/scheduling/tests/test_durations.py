"""How long a session may last: said at the door, and held by the database whoever writes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from tutelage.domain.programs.models import Mentorship
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.inputs import (
    AskForTime,
    AskWhy,
    BookTime,
    CounterTime,
    FindSlots,
    RescheduleSession,
)
from tutelage.domain.scheduling.models import Reservation, TimeOffer
from tutelage.domain.scheduling.tests.builders import make_agreed, whole_hour
from tutelage.domain.sessions.models import Session

SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=12)
INSTANT: Final = timedelta(microseconds=1)
START: Final = datetime(2026, 5, 4, 10, tzinfo=UTC)
PLAN: Final = {"local_start": "2026-05-04T10:00", "zone": "UTC"}
PAIR: Final = "01890000-0000-7000-8000-000000000000"
INPUTS: Final[dict[type[BaseModel], dict[str, str]]] = {
    AskForTime: {**PLAN, "mentorship": PAIR},
    CounterTime: {**PLAN, "action": "counter"},
    RescheduleSession: {**PLAN, "action": "reschedule"},
    BookTime: PLAN,
    AskWhy: PLAN,
    FindSlots: {},
}
pytestmark = pytest.mark.django_db
SEVERAL: Final = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
WRONG: Final = st.one_of(
    st.integers(max_value=4),
    st.integers(min_value=721),
    st.floats().filter(lambda number: not number.is_integer()),
    st.sampled_from([True, "", "60.5", "1e9", "PT1H", "60 ", [], {}, float("inf"), 10**40]),
)


@pytest.mark.parametrize("model", INPUTS)
@SEVERAL
@given(minutes=WRONG)
def test_no_input_takes_a_length_that_no_session_has(
    model: type[BaseModel], minutes: object
) -> None:
    if isinstance(minutes, str) and minutes.strip().isdecimal():
        return  # typed into a form, which is read so
    with pytest.raises(ValidationError) as refused:
        model.model_validate({**INPUTS[model], "duration_minutes": minutes})
    assert {error["loc"][0] for error in refused.value.errors()} == {"duration_minutes"}


@pytest.mark.parametrize("model", INPUTS)
@SEVERAL
@given(minutes=st.integers(5, 720))
def test_each_input_takes_the_lengths_that_sessions_have(
    model: type[BaseModel], minutes: int
) -> None:
    said = model.model_validate({**INPUTS[model], "duration_minutes": minutes})
    assert said.model_dump()["duration_minutes"] == minutes


@pytest.fixture
def pair() -> Mentorship:
    return make_pair()


@pytest.fixture
def session(pair: Mentorship) -> Session:
    return make_agreed(pair)


def refuses(change: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            change()
            transaction.set_rollback(True)
    except IntegrityError:
        return True
    return False


@SEVERAL
@given(
    length=st.one_of(
        st.timedeltas(timedelta(days=-400), timedelta(days=400)),
        st.sampled_from(
            [
                timedelta(),
                SHORTEST - INSTANT,
                SHORTEST,
                SHORTEST + INSTANT,
                LONGEST - INSTANT,
                LONGEST,
                LONGEST + INSTANT,
            ]
        ),
    )
)
def test_the_database_takes_five_minutes_to_twelve_hours_and_nothing_else(
    session: Session, length: timedelta
) -> None:
    assert refuses(lasting(session, length)) is not (SHORTEST <= length <= LONGEST)


def lasting(session: Session, length: timedelta) -> Callable[[], int]:
    rows = Session.objects.filter(pk=session.pk)
    return lambda: rows.update(starts_at=START, ends_at=START + length)


def test_without_the_check_a_session_might_last_for_a_month(session: Session) -> None:
    [check] = [c for c in Session._meta.constraints if c.name.startswith("session_lasts")]
    assert refuses(lasting(session, timedelta(days=30)))
    connection.check_constraints()  # what is deferred would keep the table from being altered
    with connection.schema_editor() as schema:
        schema.remove_constraint(Session, check)
    assert not refuses(lasting(session, timedelta(days=30)))


@pytest.mark.parametrize("length", [timedelta(), -INSTANT, timedelta(hours=-1)])
def test_an_offer_ends_after_it_starts(session: Session, length: timedelta) -> None:
    offers = TimeOffer.objects.filter(session=session)
    assert refuses(lambda: offers.update(starts_at=START, ends_at=START + length))


@pytest.mark.parametrize(
    "during",
    [
        DateTimeTZRange(START, None),
        DateTimeTZRange(None, START),
        DateTimeTZRange(None, None),
        DateTimeTZRange(START, START),
        DateTimeTZRange(empty=True),
    ],
)
def test_nobodys_time_is_held_without_an_end(session: Session, during: DateTimeTZRange) -> None:
    held = Reservation.objects.filter(session=session, person=session.host)
    assert refuses(lambda: held.update(during=during))


@SEVERAL
@given(
    minutes=st.integers(5, 720),
    gap=st.one_of(
        st.timedeltas(timedelta(hours=-12), timedelta(hours=12)),
        st.sampled_from([timedelta(), INSTANT, -INSTANT]),
    ),
)
def test_stretches_may_touch_and_not_overlap_by_an_instant(
    session: Session, minutes: int, gap: timedelta
) -> None:
    """Of one that ends when the other begins, nothing is in both: [10, 11) and [11, 12)."""
    length = timedelta(minutes=minutes)
    first = (START, START + length)
    second = (first[1] + gap, first[1] + gap + length)

    def hold(stretch: tuple[datetime, datetime]) -> None:
        during = DateTimeTZRange(*stretch)
        Reservation.objects.create(session=session, person=session.host, during=during)

    with transaction.atomic():
        hold(first)
        refused = refuses(lambda: hold(second))
        transaction.set_rollback(True)

    assert refused is (second[0] < first[1] and first[0] < second[1])


def test_two_sessions_of_a_pair_may_touch(pair: Mentorship) -> None:
    start = whole_hour(days=2)
    made = [make_agreed(pair, start + timedelta(hours=hours)) for hours in (0, 1)]
    assert made[0].ends_at == made[1].starts_at
