"""The jobs of the task queue, run by the real worker."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.mail import send_mail
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.tasks import Task

from accounts import tasks
from accounts.models import OutgoingMail
from codes.tasks import purge_limits
from tests.mailbox import Mailbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_other_jobs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run what a test asks for and no more.

    The queue's tables are not emptied between tests, and a worker would add the regular jobs whose
    hour it is, beside those that it runs.
    """
    monkeypatch.setattr(app.periodic_registry, "periodic_tasks", {})
    _forget_jobs()
    yield
    _forget_jobs()


def run_worker() -> dict[str, str]:
    """Run what waits, like ``manage.py procrastinate worker``; return how each job ended.

    In a thread of its own: the browser tests leave a loop in this one.
    """
    with ThreadPoolExecutor(1) as pool:
        pool.submit(_run).result(timeout=60)
    return {job.task_name: job.status for job in ProcrastinateJob.objects.all()}


@pytest.mark.parametrize(
    "task",
    [
        tasks.purge_mail,
        tasks.purge_jobs,
        tasks.purge_views,
        tasks.purge_sessions,
        tasks.retry_stalled_jobs,
        purge_limits,
    ],
)
def test_the_regular_jobs_run(task: Task[Any, Any, Any]) -> None:
    task.configure().defer(timestamp=0)

    assert run_worker()[task.name] == "succeeded"


def test_what_a_dead_worker_left_is_done(mailbox: Mailbox) -> None:
    send_mail("Hello", "Text", None, ["a@example.org"])
    _execute("UPDATE procrastinate_jobs SET status = 'doing'")
    tasks.retry_stalled_jobs.configure().defer(timestamp=0)

    run_worker()

    assert OutgoingMail.objects.get().sent_at is not None


def test_ended_jobs_are_forgotten_after_a_week(mailbox: Mailbox) -> None:
    for address in ("old@example.org", "new@example.org"):
        send_mail("Hello", "Text", None, [address])
    run_worker()
    sending = ProcrastinateJob.objects.filter(task_name=tasks.send_mail.name)
    old = sending.earliest("pk").pk
    _execute(f"UPDATE procrastinate_events SET at = at - interval '8 days' WHERE job_id = {old}")
    tasks.purge_jobs.configure().defer(timestamp=0)

    run_worker()

    assert sending.count() == 1
    assert not sending.filter(pk=old).exists()


def _run() -> None:
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # DjangoConnector
    with app.replace_connector(connector) as worker:
        worker.run_worker(wait=False, listen_notify=False, install_signal_handlers=False)
    connection.close()


def _forget_jobs() -> None:
    _execute("DELETE FROM procrastinate_periodic_defers")
    _execute("DELETE FROM procrastinate_jobs")


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
