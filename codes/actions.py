"""Changes of many rows at once. Each is one transaction: all of it happens, or nothing."""

from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from codes.importers import load
from codes.importers.progress import Progress
from codes.importers.rows import (
    Edition,
    LicensedEditionLoaded,
    OlderEdition,
    RowsRefused,
    SystemRow,
    check,
)
from codes.models import CodeSystem, Release


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import.

    ``comparison`` is ``None`` where the very file had been loaded before, and nothing was done;
    ``release`` is then that one. After a dry run ``release`` is ``None``.
    """

    release: Release | None
    comparison: load.Comparison | None


@transaction.atomic
def import_release(
    *,
    edition: Edition,
    by: AbstractBaseUser | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Imported:
    """Load a parsed edition and make it the current release of its system.

    Rows are matched by kind and key and merged; codes that the edition no longer holds are kept
    and end on the day before it takes effect. The same file again does nothing. Only one import
    runs at a time: another waits. Readers see the old release until the transaction ends.

    Raises ``RowsRefused`` with every problem, ``OlderEdition``, ``LicensedEditionLoaded``.
    98,505 ICD-10-CM rows take some ten seconds.
    """
    progress = progress or Progress()
    progress.step("Checking the rows")
    if problems := check(edition.rows):
        raise RowsRefused(problems)
    load.wait_for_other_imports(progress)
    system = _system(edition.system)
    if loaded := system.releases.filter(sha256=edition.sha256).first():
        progress.finish()
        return Imported(loaded, None)
    current = system.current_release()
    _refuse_unfit(edition, current)
    load.stage(system, edition.rows, progress)
    comparison = load.compare(system)
    if dry_run:
        progress.finish()
        transaction.set_rollback(True)
        return Imported(None, comparison)
    release = _new_current(system, edition, by)
    load.merge(system, release, progress)
    system.invalidate_pages()
    return Imported(release, comparison)


def _system(row: SystemRow) -> CodeSystem:
    """Return the system, made if it is missing; what the admin set in it stays."""
    values = {name: getattr(row, name) for name in SystemRow.__slots__ if name != "slug"}
    return CodeSystem.objects.get_or_create(slug=row.slug, defaults=values)[0]


def _refuse_unfit(edition: Edition, current: Release | None) -> None:
    if current is None or current.is_sample:
        return
    if edition.is_sample:
        message = f"{current} is loaded. Sample content gives way to it and is not loaded."
        raise LicensedEditionLoaded(message)
    if edition.effective_date < current.effective_date:
        taking = f"{edition.effective_date:%Y-%m-%d}"
        message = f"The edition took effect on {taking}, before the current one ({current})."
        raise OlderEdition(message)


def _new_current(system: CodeSystem, edition: Edition, by: AbstractBaseUser | None) -> Release:
    system.releases.current().update(is_current=False)
    return Release.objects.create(
        system=system,
        label=edition.label,
        effective_date=edition.effective_date,
        source_name=edition.source_name,
        file_name=edition.file_name,
        sha256=edition.sha256,
        row_count=len(edition.rows),
        importer=edition.importer,
        imported_by_id=by.pk if by else None,
        is_current=True,
        is_sample=edition.is_sample,
    )
