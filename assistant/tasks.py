"""Jobs of the task queue: ``manage.py procrastinate worker`` runs them."""

from procrastinate.contrib.django import app

from assistant import actions


@app.periodic(cron="17 * * * *")
@app.task(name="assistant.purge", queueing_lock="assistant.purge")
def purge(timestamp: int) -> None:
    """Forget what guests asked a day ago, and counts of days that are over; every hour."""
    actions.purge()
