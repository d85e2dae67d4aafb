"""Changes of many rows at once. Each is one transaction: all of it happens, or nothing."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from codes.authored_texts import AuthoredText, TextRevision
from codes.importers import load, staging
from codes.importers.cpt import LicensedEdition
from codes.importers.progress import Progress
from codes.importers.rows import (
    Edition,
    LicensedEditionLoaded,
    NotInForceYet,
    OlderEdition,
    RowsRefused,
    SystemRow,
    TooMuchVanished,
    check,
)
from codes.importers.sample import Sample, TextRow
from codes.models import Code, CodeSystem, Release

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
    texts: "TextsLoaded | None" = None
    """What became of the texts that came with a licensed edition."""


@transaction.atomic
def import_release(
    *,
    edition: Edition,
    by: AbstractBaseUser | None = None,
    dry_run: bool = False,
    may_vanish: float = MAY_VANISH,
    progress: Progress | None = None,
) -> Imported:
    """Load a parsed edition and make it the current release of its system.

    Rows are matched by kind and key and merged; codes that the edition no longer holds are kept
    and end on the day before it takes effect. The same file again does nothing. Only one import
    runs at a time: another waits. Readers see the old release until the transaction ends.
    The texts of a licensed edition are published where no editor has written one, and texts of the
    sample that it takes the place of are withdrawn, unless an editor has changed them.

    Raises ``RowsRefused`` with every problem, ``OlderEdition``, ``NotInForceYet``,
    ``LicensedEditionLoaded``, and ``TooMuchVanished`` when it is without more than the share
    ``may_vanish`` of what is shown.
    98,505 ICD-10-CM rows take some ten seconds.
    """
    progress = progress or Progress()
    began = time.monotonic()
    progress.step("Checking the rows")
    if problems := [*check(edition.rows), *edition.problems]:
        raise RowsRefused(problems)
    load.wait_for_other_imports(progress)
    system = _system(edition.system)
    if loaded := system.releases.filter(sha256=edition.sha256).first():
        progress.finish()
        return Imported(loaded, None)
    current = system.current_release()
    _refuse_unfit(edition, current)
    staging.stage(system, edition.rows, progress)
    comparison = load.compare(system)
    if current is not None and not current.is_sample:
        _refuse_vanishing(comparison, may_vanish)
    if dry_run:
        progress.finish()
        transaction.set_rollback(True)
        return Imported(None, comparison)
    _refuse_too_early(edition)
    release = _new_current(system, edition, by)
    load.merge(system, release, progress)
    system.invalidate_pages()
    release.seconds = time.monotonic() - began
    release.comparison = comparison.lines()
    release.save(update_fields=["seconds", "comparison"])
    if not isinstance(edition, LicensedEdition):
        return Imported(release, comparison)
    return Imported(release, comparison, _LoadedTexts(release).load(edition.texts))


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


def _refuse_too_early(edition: Edition) -> None:
    """A code page shows one edition, the one in force; so a later one has to wait outside."""
    if edition.effective_date > timezone.localdate():
        raise NotInForceYet(
            f"{edition.system.name}, {edition.label} takes effect on"
            f" {edition.effective_date:%Y-%m-%d}. Import it from that day on; --dry-run compares"
            " it now."
        )


def _refuse_vanishing(comparison: load.Comparison, may_vanish: float) -> None:
    gone = comparison.removed.count
    before = comparison.total - comparison.added.count + gone
    if before and gone / before > may_vanish:
        message = (
            f"{gone:,} of {before:,} entries would be gone, more than {may_vanish:.0%}."
            " Is the file whole? Allow it with --may-vanish."
        )
        raise TooMuchVanished(message)


def _new_current(system: CodeSystem, edition: Edition, by: AbstractBaseUser | None) -> Release:
    system.releases.current().update(is_current=False)
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
        is_current=True,
        is_sample=edition.is_sample,
    )


@dataclass(slots=True)
class TextsLoaded:
    """What became of the texts of an edition; each list holds texts by name."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Texts that an editor has changed since, which therefore stay as they are."""


@transaction.atomic
def load_sample(
    *, sample: Sample, progress: Progress | None = None
) -> tuple[Imported, TextsLoaded]:
    """Load the sample content: its codes as a release, its texts as published texts.

    A text with an author was edited in the admin and is left alone. A text that the sample no
    longer holds is withdrawn. Raises as ``import_release``. Ten statements for the texts, however
    many there are.
    """
    imported = import_release(edition=sample.edition, progress=progress)
    if imported.comparison is None or imported.release is None:
        return imported, TextsLoaded()
    return imported, _LoadedTexts(imported.release).load(sample.texts)


class _LoadedTexts:
    """Brings the stored texts of a sample or licensed release to what its files say."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._now = timezone.now()
        self._result = TextsLoaded()
        codes = Code.objects.filter(system=release.system, release=release)
        self._codes = {(code.kind, code.key): code for code in codes}
        texts = AuthoredText.objects.filter(code__system=release.system)
        texts = texts.select_related("code", "release")
        self._stored = {
            (text.code_id, text.kind): text for text in texts.select_for_update(of=("self",))
        }

    def load(self, rows: Sequence[TextRow]) -> TextsLoaded:
        """Publish the rows and withdraw what they take the place of.

        Without any row, as of a delivery without its descriptors for lay people, only texts of the
        sample are withdrawn.
        """
        added, changed, same = [], [], []
        for row in rows:
            code = self._codes[row.ref]
            text = self._stored.pop((code.pk, row.kind), None)
            if text is None:
                added.append(self._published(AuthoredText(code=code, kind=row.kind), row))
            elif text.author_id is not None:
                self._result.kept.append(str(text))
            elif (text.markdown, text.html) != (row.markdown, row.html):
                changed.append(self._published(text, row))
            else:
                same.append(text)
        loaded = [text for text in self._stored.values() if _was_loaded(text)]
        withdrawn = [text for text in loaded if rows or not text.is_publishers]
        self._store(added, changed, same, [self._withdrawn(text) for text in withdrawn])
        return self._result

    def _published(self, text: AuthoredText, row: TextRow) -> AuthoredText:
        text.markdown, text.html = row.markdown, row.html
        text.status = AuthoredText.Status.PUBLISHED
        text.published_at = text.updated_at = self._now
        return self._from_release(text)

    def _from_release(self, text: AuthoredText) -> AuthoredText:
        text.release = self._release
        text.reviewed_on = self._release.effective_date
        return text

    def _withdrawn(self, text: AuthoredText) -> AuthoredText:
        text.html, text.published_at = "", None
        text.status = AuthoredText.Status.DRAFT
        text.updated_at = self._now
        return text

    def _store(
        self,
        added: Sequence[AuthoredText],
        changed: Sequence[AuthoredText],
        same: Sequence[AuthoredText],
        withdrawn: Sequence[AuthoredText],
    ) -> None:
        AuthoredText.objects.bulk_create(added, batch_size=500)
        AuthoredText.objects.bulk_update(
            [*changed, *map(self._from_release, same), *withdrawn], _TEXT_FIELDS, batch_size=500
        )
        touched = [*added, *changed, *withdrawn]
        revisions = [_revision(text, self._now) for text in touched]
        TextRevision.objects.bulk_create(revisions, batch_size=500)
        Code.objects.filter(pk__in={text.code_id for text in touched}).update(
            revision=F("revision") + 1
        )
        self._result.added = [str(text) for text in added]
        self._result.changed = [str(text) for text in changed]
        self._result.withdrawn = [str(text) for text in withdrawn]


_TEXT_FIELDS = [
    "markdown",
    "html",
    "status",
    "published_at",
    "updated_at",
    "release",
    "reviewed_on",
]


def _was_loaded(text: AuthoredText) -> bool:
    """Return whether the public sees it and it came from an edition, and nobody has edited it."""
    return bool(text.html) and text.author_id is None and text.release_id is not None


def _revision(text: AuthoredText, now: datetime) -> TextRevision:
    return TextRevision(text=text, markdown=text.markdown, status=text.status, saved_at=now)
