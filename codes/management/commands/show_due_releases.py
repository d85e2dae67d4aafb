"""``manage.py show_due_releases``: show the editions whose day has come, without the task queue."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from codes.releases import apply_scheduled_releases


class Command(BaseCommand):
    """Do at once what the nightly task does; harmless at any time."""

    help = "Show the editions that were imported before their effective date, which has come."

    def handle(self, *args: object, **options: Any) -> None:
        try:
            due = apply_scheduled_releases()
        except ExceptionGroup as failures:
            reasons = "; ".join(str(each).partition("\n")[0] for each in failures.exceptions)
            raise CommandError(f"{failures.message} {reasons}") from failures
        for release in due:
            self.stdout.write(f"{release} is shown now.")
        if not due:
            self.stdout.write("No edition is due.")
