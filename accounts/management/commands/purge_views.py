"""``manage.py purge_views``: forget what guests viewed in periods that have ended."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.actions import purge_expired


class Command(BaseCommand):
    """Deletes expired rows of guests; the task queue does the same every night."""

    help = "Delete the counted views, meters and network keys of guests of ended periods."

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete and say how much that was."""
        deleted = purge_expired()
        self.stdout.write(f"Deleted {deleted} row{'' if deleted == 1 else 's'}.")
