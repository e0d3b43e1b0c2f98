"""The sweep of offers that nobody answered waits for nobody."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from tutelage.core.clock import now
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
