"""``manage.py import_codes FORMAT [FILE…]``: load an official edition of a code system."""

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand

from codes.actions import Imported, import_release
from codes.importers import icd10cm_tabular
from codes.importers.progress import Progress
from codes.importers.rows import Edition
from codes.management.refusals import refusals_told

Reader = Callable[[Sequence[Path], dict[str, Any], Progress], Edition]


def _read_icd10cm(paths: Sequence[Path], options: dict[str, Any], progress: Progress) -> Edition:
    tabular, listing = icd10cm_tabular.pair(paths) if paths else icd10cm_tabular.packaged_files()
    size = tabular.stat().st_size
    progress.step(f"Reading {tabular.name} (bytes)", size)
    return icd10cm_tabular.read_edition(
        tabular,
        listing,
        label=options["label"],
        effective_date=options["effective_date"],
        advance=progress.advance,
    )


FORMATS: Final[dict[str, Reader]] = {"icd-10-cm": _read_icd10cm}


class Command(BaseCommand):
    """Parse, check, compare, and load in one transaction; a failure changes nothing."""

    help = (
        "Load an official edition of a code system. icd-10-cm: the tabular list (XML) and the list"
        " of codes (text); without files the edition that is installed with CasePilot."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("format", choices=sorted(FORMATS))
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
        parser.add_argument("--label", default="", help="name of the edition, such as “April 2026”")
        parser.add_argument("--effective-date", type=date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--dry-run", action="store_true", help="print the comparison only")
        parser.add_argument("--report", type=Path, help="write every problem into this file")

    def handle(self, *args: object, **options: Any) -> None:
        with (
            refusals_told(self.stderr.write, options["report"]),
            Progress(sys.stderr if options["verbosity"] else None) as progress,
        ):
            edition = FORMATS[options["format"]](options["files"], options, progress)
            imported = import_release(
                edition=edition, dry_run=options["dry_run"], progress=progress
            )
        self._tell(edition, imported)

    def _tell(self, edition: Edition, imported: Imported) -> None:
        name = f"{edition.system.name}, {edition.label}"
        if imported.comparison is None:
            self.stdout.write(f"{name}: this very edition is loaded already. Nothing to do.")
            return
        for line in imported.comparison.lines():
            self.stdout.write(line)
        done = "is now the current release" if imported.release else "dry run, nothing was changed"
        self.stdout.write(f"{name}: {done}.")
