"""``manage.py load_sample_facts``: load the sample facts of ``fixtures/facts/``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from codes.importers.sample_facts import read_sample_facts
from codes.management.refusals import refusals_told
from codes.releases import import_facts


class Command(BaseCommand):
    """Load each source of which no file was imported, all in one transaction."""

    help = (
        "Load invented facts for some sample codes, marked as samples: fees, edits, limits,"
        " coverage. Those of a source give way to the first file of it that is imported."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--file", type=Path, default=Path(settings.BASE_DIR, "fixtures", "facts", "sample.toml")
        )

    @transaction.atomic
    def handle(self, *args: object, **options: Any) -> None:
        with refusals_told(self.stderr.write, None):
            for edition in read_sample_facts(options["file"]):
                for table in import_facts(edition=edition).tables:
                    self.stdout.write(table.line())
