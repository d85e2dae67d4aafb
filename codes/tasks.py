"""Jobs of the task queue about codes: ``manage.py procrastinate worker`` runs them."""

from procrastinate.contrib.django import app

from codes.releases import apply_scheduled_releases


@app.periodic(cron="2 0 * * *")
@app.task(name="codes.apply_scheduled", queueing_lock="codes.apply_scheduled")
def apply_scheduled(timestamp: int) -> None:
    """Show the releases that take effect today; each night, and harmless at any other time."""
    apply_scheduled_releases()
