"""Changes of many rows at once. Each is one transaction: all of it happens, or nothing."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from codes import edition_texts, editions, waiting
from codes.edition_texts import TextsLoaded
from codes.importers import load, staging
from codes.importers.cpt import LicensedEdition
from codes.importers.progress import Progress
from codes.importers.rows import (
    Edition,
    LicensedEditionLoaded,
    RowsRefused,
    SystemRow,
    TooMuchVanished,
    check,
)
from codes.importers.sample import Sample, TextRow
from codes.models import CodeSystem, Release

MAY_VANISH: Final = 0.2
"""The share of what is shown now that a new edition may be without, unless told otherwise."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import.

    ``comparison`` is ``None`` where the very file had been loaded before, and nothing was done;
    ``release`` is then that one. After a dry run ``release`` is ``None``.
    """

    release: Release | None
    comparison: load.Comparison | None
    texts: TextsLoaded | None = None
    """What became of the texts that came with the edition, where it is shown."""


@transaction.atomic
def import_release(
    *,
    edition: Edition,
    texts: Sequence[TextRow] = (),
    by: AbstractBaseUser | None = None,
    dry_run: bool = False,
    may_vanish: float = MAY_VANISH,
    progress: Progress | None = None,
) -> Imported:
    """Keep a parsed edition whole, and show it if it is in force and the newest that is.

    Rows are matched by kind and key and merged; codes that the edition no longer holds are kept
    and end on the day before it takes effect. An edition of a later day waits for it; one that is
    older than the one shown is kept for its days, as if it had been imported in its time. The same
    file again does nothing. Only one import runs at a time: another waits. Readers see the old
    release until the transaction ends. ``texts`` come with sample content; those of a licensed
    edition are its own. They are published where no editor has written one.

    Raises ``RowsRefused`` with every problem, ``LicensedEditionLoaded``, and ``TooMuchVanished``
    when it is without more than the share ``may_vanish`` of what is shown.
    98,505 ICD-10-CM rows take some ten seconds.
    """
    progress = progress or Progress()
    began = time.monotonic()
    progress.step("Checking the rows")
    if problems := [*check(edition.rows), *edition.problems]:
        raise RowsRefused(problems)
    load.wait_for_other_imports(progress)
    system = _system(edition.system)
    loaded = system.releases.filter(sha256=edition.sha256).first()
    if loaded and loaded.is_whole:
        if not dry_run:
            waiting.wait_again(release=loaded)
        progress.finish()
        return Imported(loaded, None)
    current = system.current_release()
    _refuse_sample(edition, current)
    staging.stage(system, edition.rows, progress)
    comparison = load.compare(system)
    if current is not None and not current.is_sample:
        _refuse_vanishing(comparison, may_vanish)
    if dry_run:
        progress.finish()
        transaction.set_rollback(True)
        return Imported(None, comparison)
    release = loaded or _release(system, edition, by)
    release.comparison = comparison.lines()
    if isinstance(edition, LicensedEdition):
        texts = edition.texts
    published = _store(release, current, texts, progress)
    progress.finish()
    release.seconds = time.monotonic() - began
    release.save(update_fields=["seconds", "comparison"])
    return Imported(release, comparison, published)


def _store(
    release: Release, current: Release | None, texts: Sequence[TextRow], progress: Progress
) -> TextsLoaded | None:
    """Keep the staged edition, and show it or give it its place; return what became of texts."""
    is_shown = editions.takes_over(release, current)
    load.add(release, is_shown=is_shown)
    editions.keep(release, progress)
    edition_texts.keep(release, texts)
    if is_shown:
        return editions.show_staged(release, progress)
    editions.place(release, current)
    return None


def _system(row: SystemRow) -> CodeSystem:
    """Return the system, made if it is missing; what the admin set in it stays."""
    values = {name: getattr(row, name) for name in SystemRow.__slots__ if name != "slug"}
    return CodeSystem.objects.get_or_create(slug=row.slug, defaults=values)[0]


def _refuse_sample(edition: Edition, current: Release | None) -> None:
    if edition.is_sample and current is not None and not current.is_sample:
        message = f"{current} is loaded. Sample content gives way to it and is not loaded."
        raise LicensedEditionLoaded(message)


def _refuse_vanishing(comparison: load.Comparison, may_vanish: float) -> None:
    gone = comparison.removed.count
    before = comparison.total - comparison.added.count + gone
    if before and gone / before > may_vanish:
        message = (
            f"{gone:,} of {before:,} entries would be gone, more than {may_vanish:.0%}."
            " Is the file whole? Allow it with --may-vanish."
        )
        raise TooMuchVanished(message)


def _release(system: CodeSystem, edition: Edition, by: AbstractBaseUser | None) -> Release:
    return Release.objects.create(
        source=system.slug,
        system=system,
        label=edition.label,
        effective_date=edition.effective_date,
        source_name=edition.source_name,
        file_name=edition.file_name,
        sha256=edition.sha256,
        row_count=len(edition.rows),
        importer=edition.importer,
        imported_by_id=by.pk if by else None,
        is_sample=edition.is_sample,
    )


@transaction.atomic
def load_sample(
    *, sample: Sample, progress: Progress | None = None
) -> tuple[Imported, TextsLoaded]:
    """Load the sample content: its codes as a release, its texts as published texts.

    A text with an author was edited in the admin and is left alone. A text that the sample no
    longer holds is withdrawn. Raises as ``import_release``.
    """
    imported = import_release(edition=sample.edition, texts=sample.texts, progress=progress)
    return imported, imported.texts or TextsLoaded()
