"""``manage.py import_codes FORMAT [FILE…]``: load official editions of codes and of facts."""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from codes import importing, notices
from codes.actions import MAY_VANISH
from codes.importers.formats import FORMATS
from codes.importers.progress import Progress
from codes.importers.source import Options
from codes.importing import AUTO, PACKAGED, Job, Wish
from codes.management.refusals import refusals_told
from codes.notices import Acceptance

_STOPPED = "Stopped while importing {0}: nothing of it was changed; it can be imported again."


class Command(BaseCommand):
    """Parse, check, compare, and load in one transaction a format; a failure changes nothing."""

    help = (
        "Load official editions. FORMAT says what the files are; auto tells them apart by their"
        " content and imports each format by itself. Files may be zips. icd-10-cm without files:"
        " the edition that is installed with CasePilot. Formats: "
        + "; ".join(f"{name}: {FORMATS[name].title}" for name in sorted(FORMATS))
        + "."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("format", choices=[AUTO, *sorted(FORMATS)])
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
        add_import_arguments(parser)

    def handle(self, *args: object, **options: Any) -> None:
        if not options["files"] and options["format"] != PACKAGED:
            raise CommandError("Name the files to import.")
        import_files(self, options["format"], options["files"], options)


def add_import_arguments(parser: ArgumentParser) -> None:
    """Add what can be said about an import, wherever its files come from."""
    parser.add_argument("--label", default="", help="name of the edition, such as “April 2026”")
    parser.add_argument("--effective-date", type=day, metavar="YYYY-MM-DD")
    parser.add_argument("--dry-run", action="store_true", help="print the comparison only")
    parser.add_argument("--report", type=Path, help="write every problem into this file")
    parser.add_argument(
        "--may-vanish",
        type=share,
        default=MAY_VANISH,
        metavar="SHARE",
        help="share of what is shown now that may be gone, 0 to 1 (default %(default)s)",
    )
    parser.add_argument("--no-input", "--noinput", action="store_true", help="ask nothing")
    parser.add_argument("--accept-ama-notice", default="", metavar="NAME", help="who accepts it")


def day(text: str) -> date:
    """Return a day written as YYYY-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is no date; write it as YYYY-MM-DD.") from None


def share(text: str) -> float:
    """Return a share from 0 to 1, also written as 20%."""
    try:
        value = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        value = -1
    if not 0 <= value <= 1:
        raise ArgumentTypeError(f"“{text}” is no share; expected a number from 0 to 1, or 20%.")
    return value


def import_files(
    command: BaseCommand, name: str, paths: list[Path], options: dict[str, Any]
) -> None:
    """Import files and tell what came of it; a format that is refused does not stop the next.

    Raises ``CommandError`` at the end if anything was refused.
    """
    report = _Report(command, options["report"])
    wish = _wish(options)
    refused = []
    with Progress(sys.stderr if options["verbosity"] else None) as progress:
        with report.refusals():
            todo, left_out = importing.jobs(name, paths, wish.options)
        reason = "of no format that can be imported" if name == AUTO else f"not what {name} reads"
        for file in left_out:
            command.stderr.write(f"{file}: left out; it is {reason}.")
        for job in todo:
            try:
                lines = importing.run(job, _asked(job, wish, options), progress, report.refusals)
            except CommandError as error:
                refused.append((job.format.name, error))
                continue
            except KeyboardInterrupt:
                raise CommandError(_STOPPED.format(job.format.name), returncode=130) from None
            progress.finish()
            for line in lines:
                command.stdout.write(line)
    _raise(command, refused, len(todo))


class _Report:
    """Tells refusals on the screen and, of all formats together, in a file."""

    def __init__(self, command: BaseCommand, path: Path | None) -> None:
        self._command = command
        self._path = path
        self._is_begun = False

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Turn a refusal into a ``CommandError``."""
        try:
            with refusals_told(self._command.stderr.write, self._path, append=self._is_begun):
                yield
        except CommandError:
            self._is_begun = True
            raise


def _wish(options: dict[str, Any]) -> Wish:
    return Wish(
        options=Options(label=options["label"], effective_date=options["effective_date"]),
        acceptance=Acceptance(by=options["accept_ama_notice"]),
        dry_run=options["dry_run"],
        may_vanish=options["may_vanish"],
    )


def _asked(job: Job, wish: Wish, options: dict[str, Any]) -> Wish:
    """Return the wish with a name that was asked for, where a person can be asked."""
    notice = job.format.notice
    if (
        notice != notices.Notice.AMA
        or wish.acceptance.by
        or options["no_input"]
        or not sys.stdin.isatty()
    ):
        return wish
    if notices.accepted(notice):
        return wish
    sys.stderr.write(f"{notices.WORDS[notices.Notice(notice)]}\n")
    name = input("Who accepts that? Name of the person, or nothing to stop: ")
    return Wish(wish.options, Acceptance(by=name), wish.dry_run, wish.may_vanish)


def _raise(command: BaseCommand, refused: list[tuple[str, CommandError]], count: int) -> None:
    if count == 1 and refused:
        raise refused[0][1]
    for name, error in refused:
        command.stderr.write(f"{name}: {error}")
    if refused:
        names = ", ".join(name for name, _ in refused)
        raise CommandError(f"{len(refused)} of {count} formats were not imported: {names}.")
