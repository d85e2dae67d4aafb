"""``manage.py load_samples``: load the sample content of ``fixtures/cpt/``."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand

from codes.actions import Imported, load_sample
from codes.edition_texts import TextsLoaded
from codes.importers.progress import Progress
from codes.importers.sample import Sample, read_sample
from codes.management.refusals import refusals_told

SHOWN_TEXTS: Final = 20


class Command(BaseCommand):
    """Parse, check and load in one transaction; what an editor has changed is kept."""

    help = (
        "Load the sample CPT-style content, written for this project. It gives way to a licensed"
        " CPT release, and to what was edited in the admin."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--folder", type=Path, default=Path(settings.BASE_DIR, "fixtures", "cpt")
        )
        parser.add_argument("--report", type=Path, help="write every problem into this file")

    def handle(self, *args: object, **options: Any) -> None:
        with (
            refusals_told(self.stderr.write, options["report"]),
            Progress(sys.stderr if options["verbosity"] else None) as progress,
        ):
            sample = read_sample(options["folder"])
            imported, texts = load_sample(sample=sample, progress=progress)
        self._tell(sample, imported, texts)

    def _tell(self, sample: Sample, imported: Imported, texts: TextsLoaded) -> None:
        if imported.comparison is None:
            self.stdout.write(f"{sample.edition.label}: loaded already. Nothing to do.")
            return
        for line in imported.comparison.lines():
            self.stdout.write(line)
        self.stdout.write(
            f"{len(sample.texts):,} texts: {len(texts.added):,} new, {len(texts.changed):,}"
            f" changed, {len(texts.withdrawn):,} withdrawn, {len(texts.kept):,} kept as edited."
        )
        for name in texts.kept[:SHOWN_TEXTS]:
            self.stdout.write(f"  kept: {name}")
        if len(texts.kept) > SHOWN_TEXTS:
            self.stdout.write(f"  … and {len(texts.kept) - SHOWN_TEXTS:,} more")
        self.stdout.write(sample.notice)
