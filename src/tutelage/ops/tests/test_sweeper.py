from threading import Event, Thread

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from tutelage.ops.sweeper import STALLED_SECONDS, rescue_stalled_jobs, sweep_until


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_killed_worker_is_given_to_another_and_one_in_hand_is_left() -> None:
    lost, in_hand = job_of_worker(STALLED_SECONDS + 5), job_of_worker(1)

    rescue_stalled_jobs()

    status = dict(ProcrastinateJob.objects.values_list("id", "status"))
    assert status == {lost: "todo", in_hand: "doing"}


@pytest.mark.django_db(transaction=True)
def test_a_sweep_that_fails_stops_neither_itself_nor_the_others() -> None:
    done: list[str] = []
    stop = Event()

    def failing() -> None:
        done.append("failing")
        raise ValueError("as planned")

    def other() -> None:
        done.append("other")
        if done.count("failing") > 1 and done.count("other") > 1:
            stop.set()

    thread = Thread(target=sweep_until, args=(stop, [(0.01, failing), (0.01, other)]))
    thread.start()
    thread.join(5)

    assert stop.is_set()
    assert not thread.is_alive()


def job_of_worker(silent_seconds: float) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH worker AS (INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() - make_interval(secs => %s)) RETURNING id) "
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id) "
            "SELECT 'default', 'any', '{}', 'doing', id FROM worker RETURNING id",
            [silent_seconds],
        )
        row = cursor.fetchone()
    return int(row[0])
