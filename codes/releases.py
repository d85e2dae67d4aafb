"""Editions of fact files, loaded as snapshots; and which edition of any source is shown.

Editions of code systems are kept and merged by ``codes.editions``.
"""

import time
from dataclasses import dataclass, field

from django.contrib.auth.models import AbstractBaseUser
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils.timezone import localdate

from codes import editions, waiting
from codes.actions import MAY_VANISH
from codes.importers import load, load_facts
from codes.importers.load_facts import Copied, TableComparison
from codes.importers.progress import Progress
from codes.importers.rows import FactEdition, RowsRefused, TooMuchVanished
from codes.models import CodeSystem, Release
from codes.search import store


@dataclass(frozen=True, slots=True)
class ImportedFacts:
    """What came of an import of facts; ``tables`` is empty where nothing was done.

    ``release`` is ``None`` after a dry run.
    """

    release: Release | None
    tables: list[TableComparison] = field(default_factory=list)


@transaction.atomic
def import_facts(
    *,
    edition: FactEdition,
    by: AbstractBaseUser | None = None,
    dry_run: bool = False,
    may_vanish: float = MAY_VANISH,
    progress: Progress | None = None,
) -> ImportedFacts:
    """Load an edition of facts as a new snapshot, and show it from its effective date on.

    The old snapshot stays readable. The same file again does nothing, but that an edition which
    was cancelled before its day waits for it again. Refused when more than the share
    ``may_vanish`` of the rows shown now would be gone. An edition older than the one shown is kept
    and not shown. Samples give way to any edition, and do not come back. Rows are streamed: memory
    does not grow with the file. Raises ``RowsRefused`` with every problem, ``TooMuchVanished``,
    ``FileRefused`` for a file that ends in the middle. 2,000,000 rows take some twenty seconds.
    """
    progress = progress or Progress()
    began = time.monotonic()
    load.wait_for_other_imports(progress)
    releases = Release.objects.filter(source=edition.source)
    if loaded := releases.filter(sha256=edition.sha256).first():
        if not dry_run:
            waiting.wait_again(release=loaded)
        progress.finish()
        return ImportedFacts(loaded)
    if edition.is_sample and releases.filter(is_sample=False).exists():
        progress.finish()
        return ImportedFacts(releases.current().first())
    releases.filter(is_sample=True).delete()
    shown = releases.current().first()
    release = _new_release(edition, by)
    copied = _copy(edition, release, progress)
    progress.step("Comparing with what is shown")
    tables = [load_facts.compare(one, release, shown) for one in copied]
    progress.finish()
    _refuse_vanishing(tables, may_vanish)
    if dry_run:
        transaction.set_rollback(True)
        return ImportedFacts(None, tables)
    release.row_count = sum(one.rows for one in copied)
    release.comparison = [table.line() for table in tables]
    for one in copied:
        one.snapshot.attach()
    release.seconds = time.monotonic() - began
    release.save()
    if edition.effective_date <= localdate() and is_newest(release, shown):
        make_current(release=release)
        release.refresh_from_db()
    return ImportedFacts(release, tables)


@transaction.atomic
def make_current(*, release: Release) -> None:
    """Show a release from now on, instead of another of its source; of facts five statements.

    Also the way back to an older one: then the release that is left does not become current again
    by itself, until somebody makes it so. Raises ``CannotBeShown`` for an edition of a code system
    that cannot be shown, or not while an import is running.
    """
    if release.system_id is not None:
        editions.show(release=release)
        return
    same_source = Release.objects.filter(source=release.source)
    shown = same_source.current().select_for_update().first()
    same_source.current().update(is_current=False)
    chosen = {"is_current": True, "was_left": False, "was_cancelled": False}
    same_source.filter(pk=release.pk).update(**chosen)
    if shown is not None and shown.order > release.order:
        same_source.filter(pk=shown.pk).update(was_left=True)
    CodeSystem.objects.update(revision=F("revision") + 1)
    store.refresh_after(release)


def is_newest(release: Release, shown: Release | None) -> bool:
    """Return whether no later edition of the same source is shown."""
    return shown is None or shown.effective_date <= release.effective_date


def apply_scheduled_releases() -> list[Release]:
    """Make those releases current whose effective date has come; returns them.

    Of each source only the newest such release counts, and not if somebody went back from it; one
    that was cancelled before its day, or is sample content, does not count. One query, and six for
    each release of facts that is due. Each release is a transaction of its own, so one that fails
    does not keep the others away; all failures are raised together at the end, as an
    ``ExceptionGroup``.
    """
    begun = Release.objects.filter(
        effective_date__lte=localdate(), is_sample=False, was_cancelled=False
    )
    newest = begun.order_by("source", "-effective_date", "-pk").distinct("source")
    due = [release for release in newest if _is_due(release)]
    failures: list[Exception] = []
    for release in due:
        try:
            _apply(release)
        except (DatabaseError, editions.CannotBeShown) as error:
            failures.append(error)
    if failures:
        raise ExceptionGroup("Some editions could not be shown; the others are.", failures)
    return due


def _apply(release: Release) -> None:
    if release.system_id is None:
        make_current(release=release)
    else:
        editions.show(release=release, is_scheduled=True)


def _is_due(release: Release) -> bool:
    is_complete = release.system_id is None or release.is_whole
    return is_complete and not release.is_current and not release.was_left


def _copy(edition: FactEdition, release: Release, progress: Progress) -> list[Copied]:
    copied = [
        load_facts.copy(table, rows, release, progress) for table, rows in edition.tables.items()
    ]
    if problems := [problem for one in copied for problem in one.problems]:
        raise RowsRefused(problems)
    progress.step("Making the indexes")
    for one in copied:
        one.snapshot.index()
    return copied


def _refuse_vanishing(tables: list[TableComparison], may_vanish: float) -> None:
    for table in tables:
        if table.before and table.removed / table.before > may_vanish:
            raise TooMuchVanished(
                f"{table.removed:,} of {table.before:,} {table.table} would be gone, more than"
                f" {may_vanish:.0%}. Is the file whole? Allow it with --may-vanish."
            )


def _new_release(edition: FactEdition, by: AbstractBaseUser | None) -> Release:
    return Release.objects.create(
        source=edition.source,
        label=edition.label,
        effective_date=edition.effective_date,
        source_name=edition.source_name,
        file_name=edition.file_name,
        sha256=edition.sha256,
        row_count=0,
        importer=edition.importer,
        is_sample=edition.is_sample,
        imported_by_id=by.pk if by else None,
    )
