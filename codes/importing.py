"""An import from the files to the release: told apart, allowed, read, stored, told in words.

What the commands ``import_codes`` and ``fetch_release`` share. Each format is one transaction.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from django.db import DatabaseError, transaction

from codes import notices
from codes.actions import MAY_VANISH, import_release
from codes.import_records import RefusedImport
from codes.importers import icd10cm_tabular
from codes.importers.formats import FORMATS, matching, recognised
from codes.importers.index_rows import IndexEdition
from codes.importers.opening import open_sources
from codes.importers.progress import Progress
from codes.importers.rows import Edition, FactEdition, ImportRefused
from codes.importers.source import Format, Options, SourceFile
from codes.index_terms import import_index
from codes.management.refusals import SHOWN, problems_of
from codes.models import CodeSystem, Release
from codes.notices import Acceptance
from codes.releases import import_facts

AUTO: Final = "auto"
PACKAGED: Final = "icd-10-cm"
"""The format whose current edition is installed with CasePilot, so that no file is needed."""

Editions = Sequence[Edition | FactEdition | IndexEdition]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person who imports wants of all files."""

    options: Options = field(default_factory=Options)
    acceptance: Acceptance = field(default_factory=Acceptance)
    dry_run: bool = False
    may_vanish: float = MAY_VANISH


@dataclass(frozen=True, slots=True)
class Job:
    """Files of one format, not read yet."""

    format: Format
    files: tuple[str, ...]
    read: Callable[[Progress], Editions]


def jobs(name: str, paths: Sequence[Path], options: Options) -> tuple[list[Job], tuple[str, ...]]:
    """Return what there is to import, one job a format, and the names of files left out.

    Several jobs only for ``auto``. Raises ``FileRefused`` for files that cannot be opened or are
    of no format, or of another.
    """
    if name == PACKAGED and not paths:
        return [Job(FORMATS[PACKAGED], (), lambda progress: [_packaged(options, progress)])], ()
    sources = open_sources(paths)
    if name == AUTO:
        found = recognised(sources)
    else:
        found = [(FORMATS[name], matching(FORMATS[name], sources))]
    used = [source for _, files in found for source in files]
    return [_job(format_, files, options) for format_, files in found], _left_out(sources, used)


def run(
    job: Job,
    wish: Wish,
    progress: Progress,
    refusals: Callable[[], AbstractContextManager[None]],
) -> list[str]:
    """Import the editions of one format, all or none; return what came of it, in lines.

    Raises whatever refuses them, within ``refusals``; nothing is changed then, but it is noted
    for the admin, unless it was a dry run or nobody has accepted the terms.
    """
    with refusals():
        try:
            return _run(job, wish, progress)
        except notices.NotAccepted:
            raise
        except (ImportRefused, DatabaseError) as error:
            if not wish.dry_run:
                _note(job, error)
            raise


@transaction.atomic
def _run(job: Job, wish: Wish, progress: Progress) -> list[str]:
    notices.require(job.format.notice, wish.acceptance)
    editions = job.read(progress)
    for edition in filter(_is_licensed, editions):
        notices.require_licence(edition.effective_date.year)
    lines = [line for edition in editions for line in _import(edition, wish, progress)]
    if wish.dry_run:
        transaction.set_rollback(True)
    return lines


def _note(job: Job, error: Exception) -> None:
    problems = problems_of(error)
    RefusedImport.objects.create(
        format=job.format.name,
        files=", ".join(job.files),
        message=str(error).partition("\n")[0],
        problem_count=len(problems),
        problems=[str(problem) for problem in problems[:SHOWN]],
    )


def _left_out(sources: Sequence[SourceFile], used: Sequence[SourceFile]) -> tuple[str, ...]:
    """Return the files that no format takes; members of zips are expected among them."""
    return tuple(s.name for s in sources if s not in used and "/" not in s.name)


def _job(format_: Format, files: Sequence[SourceFile], options: Options) -> Job:
    def read(progress: Progress) -> Editions:
        progress.step(f"Reading {format_.title}")
        editions = format_.read(files, options)
        # The rows of one table are read through all files, once, as they are copied.
        is_measured = sum(map(_table_count, editions)) == 1
        total = sum(source.size for source in files) if is_measured else 0
        progress.follow(lambda: sum(source.bytes_read for source in files), total)
        return editions

    return Job(format_, tuple(source.name for source in files), read)


def _table_count(edition: Edition | FactEdition | IndexEdition) -> int:
    return len(edition.tables) if isinstance(edition, FactEdition) else 0


def _packaged(options: Options, progress: Progress) -> Edition:
    tabular, listing = icd10cm_tabular.packaged_files()
    progress.step(f"Reading {tabular.name} (bytes)", tabular.stat().st_size)
    return icd10cm_tabular.read_edition(
        tabular,
        listing,
        label=options.label,
        effective_date=options.effective_date,
        advance=progress.advance,
    )


def _is_licensed(edition: Edition | FactEdition | IndexEdition) -> bool:
    return (
        isinstance(edition, Edition)
        and edition.system.licence == CodeSystem.Licence.LICENSED
        and not edition.is_sample
    )


def _import(
    edition: Edition | FactEdition | IndexEdition, wish: Wish, progress: Progress
) -> Iterator[str]:
    if isinstance(edition, Edition):
        imported = import_release(
            edition=edition, dry_run=wish.dry_run, may_vanish=wish.may_vanish, progress=progress
        )
        name = f"{edition.system.name}, {edition.label}"
        told = imported.comparison.lines() if imported.comparison else None
        return _told(name, imported.release, told)
    if isinstance(edition, IndexEdition):
        index = import_index(
            edition=edition, dry_run=wish.dry_run, may_vanish=wish.may_vanish, progress=progress
        )
        return _told(f"{edition.source_name}, {edition.label}", index.release, index.lines())
    facts = import_facts(
        edition=edition, dry_run=wish.dry_run, may_vanish=wish.may_vanish, progress=progress
    )
    lines = [table.line() for table in facts.tables] or None
    return _told(f"{edition.source_name}, {edition.label}", facts.release, lines)


def _told(name: str, release: Release | None, comparison: list[str] | None) -> Iterator[str]:
    if comparison is None:
        yield f"{name}: this very edition is loaded already. Nothing to do."
        if release and not release.is_current:
            yield f"{name}: {_state(release)}."
        return
    yield from comparison
    yield f"{name}: {_state(release)}."


def _state(release: Release | None) -> str:
    if release is None:
        return "dry run, nothing was changed"
    if release.is_current:
        return "is now the current release"
    if release.was_left:
        return "is stored, but not shown, for somebody went back from it, cancelled or replaced it"
    newer = Release.objects.filter(source=release.source).current().first()
    if newer is None or newer.effective_date <= release.effective_date:
        return f"is stored and takes effect on {release.effective_date:%Y-%m-%d}"
    return f"is stored, but not shown, for {newer.label} took effect after it"
