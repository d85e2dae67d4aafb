"""Jobs of the task queue about codes: ``manage.py procrastinate worker`` runs them."""

from collections.abc import Collection

from procrastinate.contrib.django import app

from codes import limits
from codes.models import CodeSystem
from codes.releases import apply_scheduled_releases
from codes.search import store


@app.periodic(cron="2 0 * * *")
@app.task(name="codes.apply_scheduled", queueing_lock="codes.apply_scheduled")
def apply_scheduled(timestamp: int) -> None:
    """Show the releases that take effect today; each night, and harmless at any other time."""
    apply_scheduled_releases()


@app.periodic(cron="*/10 * * * *")
@app.task(name="codes.purge_limits", queueing_lock="codes.purge_limits")
def purge_limits(timestamp: int) -> None:
    """Forget counts of requests whose time is over; every ten minutes."""
    limits.purge()


@app.task(name="codes.rebuild_index", lock="codes.rebuild_index")
def rebuild_index(system: str) -> None:
    """Build the search index of a system anew, some seconds for the largest."""
    store.rebuild(CodeSystem.objects.filter(slug=system))


def rebuild_index_soon(code_ids: Collection[int | None]) -> None:
    """Have a worker build the index of these codes' systems anew, once this is committed.

    One query, and one for each system.
    """
    named = CodeSystem.objects.filter(codes__in=code_ids)
    for slug in named.distinct().values_list("slug", flat=True):
        rebuild_index.defer(system=slug)
