"""The sweep of offers that nobody answered waits for nobody, and does each once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connection

from tutelage.core.clock import now
from tutelage.domain.journal.models import Entry
from tutelage.domain.programs.tests.builders import make_pair
from tutelage.domain.scheduling.services.answering import expire_offers
from tutelage.domain.scheduling.tests.builders import make_request, whole_hour
from tutelage.domain.sessions.models import Session


@pytest.mark.django_db(transaction=True)
def test_what_is_being_answered_this_moment_is_left_to_the_next_sweep() -> None:
    answered, forgotten = (make_request(make_pair(), whole_hour(days=9)) for _ in range(2))
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            cursor.execute(
                f"SELECT FROM {Session._meta.db_table} WHERE id = %s FOR UPDATE",
                [answered.pk],
            )
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '1s'")  # who waits is to fail, not to hang
        with time_machine.travel(now() + timedelta(hours=49), tick=False):
            assert expire_offers() == 1
            assert Session.objects.get(pk=forgotten.pk).status == "declined"
            other.rollback()
            assert expire_offers() == 1
    finally:
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


@pytest.mark.django_db(transaction=True)
def test_of_several_workers_at_once_each_offer_is_let_run_out_by_one() -> None:
    """All of them have found the same offers when the first begins."""
    pair, workers = make_pair(), 4
    for number in range(12):
        make_request(pair, whole_hour(days=9 + number))
    ready = Barrier(workers)

    def sweep(_number: int) -> int:
        try:
            connection.ensure_connection()
            ready.wait()
            return expire_offers()
        finally:
            connection.close()

    late = time_machine.travel(now() + timedelta(hours=49), tick=False)
    with late, ThreadPoolExecutor(workers) as pool:
        swept = list(pool.map(sweep, range(workers)))

    assert sum(swept) == 12
    assert Entry.objects.filter(type="session.expired").count() == 12
