"""``manage.py load_search_terms``: load the field knowledge of ``fixtures/search/``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand

from codes.importers.search_terms import read_terms
from codes.management.refusals import refusals_told
from codes.synonyms import TermsLoaded, load_terms

SHOWN: Final = 20


class Command(BaseCommand):
    """Parse, check and load in one transaction; what an editor has changed is kept."""

    help = (
        "Load the abbreviations, lay words, main terms, spellings and brand names that come with"
        " CasePilot. Run it after the codes are loaded, and again after each release: terms whose"
        " code was missing get it then. What was edited in the admin stays."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--folder", type=Path, default=Path(settings.BASE_DIR, "fixtures", "search")
        )
        parser.add_argument("--report", type=Path, help="write every problem into this file")

    def handle(self, *args: object, **options: Any) -> None:
        with refusals_told(self.stderr.write, options["report"]):
            loaded = load_terms(rows=read_terms(options["folder"]))
        self._tell(loaded)

    def _tell(self, loaded: TermsLoaded) -> None:
        self.stdout.write(
            f"Search terms: {loaded.added:,} new, {loaded.changed:,} changed,"
            f" {loaded.withdrawn:,} set inactive, {loaded.same:,} as before,"
            f" {len(loaded.kept):,} kept as edited."
        )
        missing = loaded.without_code
        if missing:
            self.stdout.write(f"{len(missing):,} name a code that is not loaded:")
            for row in missing[:SHOWN]:
                self.stdout.write(f"  {row.text}: {row.code}")
            if len(missing) > SHOWN:
                self.stdout.write(f"  … and {len(missing) - SHOWN:,} more")
