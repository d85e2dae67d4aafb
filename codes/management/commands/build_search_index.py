"""``manage.py build_search_index``: builds the search index of every system anew."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from codes.models import CodeSystem
from codes.search import store
from codes.search_segments import SearchSegment


class Command(BaseCommand):
    """Imports do this for the system that they change; this is for after an upgrade."""

    help = "Build the search index anew, as imports do; running processes load it at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--system", help="The slug of one code system; default: all.")
        parser.add_argument(
            "--missing", action="store_true", help="Only what has not been built yet."
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        systems = CodeSystem.objects.order_by("position")
        built = set(SearchSegment.objects.values_list("name", flat=True))
        if options["system"]:
            systems = systems.filter(slug=options["system"])
        if options["missing"]:
            systems = systems.exclude(slug__in=built)
        for system in systems:
            began = time.monotonic()
            store.rebuild([system])
            self.stdout.write(f"{system.slug}: {time.monotonic() - began:.1f} s")
        if not options["missing"] or store.COVERAGE not in built:
            store.rebuild_coverage()
