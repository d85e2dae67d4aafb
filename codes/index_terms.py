"""Editions of official indexes: their entries, tied to the codes that are loaded."""

import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.timezone import localdate

from codes.actions import MAY_VANISH
from codes.importers import load
from codes.importers.index_rows import IndexEdition, IndexRow
from codes.importers.progress import Progress
from codes.importers.rows import ImportRefused, Problem, RowsRefused, TooMuchVanished
from codes.models import Code, Release
from codes.releases import is_newest, make_current
from codes.terms import IndexTerm

MOST_IN_RANGE: Final = 100
"""A range of more codes says little of each, so its entry is left out."""
SHOWN: Final = 10
_BATCH: Final = 2_000


class CodesMissing(ImportRefused):
    """None of the codes that the index names is loaded."""


@dataclass(frozen=True, slots=True)
class ImportedIndex:
    """What came of an import; ``total`` is 0 where the very file had been loaded before.

    ``release`` is ``None`` after a dry run. ``left_out`` holds the entries whose code the loaded
    edition of the system does not have.
    """

    release: Release | None
    total: int = 0
    added: int = 0
    gone: int = 0
    left_out: Sequence[IndexRow] = field(default_factory=list)

    def lines(self) -> list[str] | None:
        """Return it in words; nothing where nothing was done."""
        if not self.total:
            return None
        first = f"index terms: {self.total:,} rows: {self.added:,} new, {self.gone:,} gone."
        if not self.left_out:
            return [first]
        count = len(self.left_out)
        entries = "1 entry" if count == 1 else f"{count:,} entries"
        told = [f"Left out, for the code is not loaded: {entries}:"]
        told += [
            f"  line {row.line}: {row.text}: {row.code}{'-' if row.last else ''}{row.last}"
            for row in self.left_out[:SHOWN]
        ]
        more = count - SHOWN
        return [first, *told, *([f"  … and {more:,} more"] if more > 0 else [])]


@transaction.atomic
def import_index(
    *,
    edition: IndexEdition,
    by: AbstractBaseUser | None = None,
    dry_run: bool = False,
    may_vanish: float = MAY_VANISH,
    progress: Progress | None = None,
) -> ImportedIndex:
    """Load an edition of an index as a new snapshot, and use it from its effective date on.

    The same file again does nothing. An entry whose code is not loaded is left out and told.
    Raises ``RowsRefused`` with every problem, ``CodesMissing``, ``TooMuchVanished``, and
    ``FileRefused``. A hundred thousand entries take some ten seconds.
    """
    progress = progress or Progress()
    began = time.monotonic()
    load.wait_for_other_imports(progress)
    releases = Release.objects.filter(source=edition.source)
    if loaded := releases.filter(sha256=edition.sha256).first():
        progress.finish()
        return ImportedIndex(loaded)
    shown = releases.current().first()
    rows = _rows(edition)
    pairs, left_out = _resolved(edition, rows)
    found = _compared(pairs, shown, left_out)
    _refuse_vanishing(found, may_vanish)
    progress.finish()
    if dry_run:
        return found
    release = _new_release(edition, by, found)
    progress.step("Copying index terms", len(pairs))
    _store(release, pairs, progress)
    release.seconds = time.monotonic() - began
    release.save(update_fields=["seconds"])
    if edition.effective_date <= localdate() and is_newest(release, shown):
        progress.step("Building the search index")
        make_current(release=release)
        release.refresh_from_db()
    progress.finish()
    return ImportedIndex(release, found.total, found.added, found.gone, left_out)


Pairs = dict[tuple[int, str], IndexRow]
"""Entries by the id of their code and their text."""


def _rows(edition: IndexEdition) -> list[IndexRow]:
    rows: list[IndexRow] = []
    problems: list[Problem] = []
    for row in edition.rows:
        if isinstance(row, Problem):
            problems.append(row)
        else:
            rows.append(row)
    if problems:
        raise RowsRefused(problems)
    return rows


def _resolved(edition: IndexEdition, rows: Sequence[IndexRow]) -> tuple[Pairs, list[IndexRow]]:
    codes = Code.objects.with_page().filter(system__slug=edition.system)
    ids = dict(codes.values_list("key", "pk"))
    keys = sorted(ids)
    pairs: Pairs = {}
    left_out = []
    for row in rows:
        named = [ids[key] for key in _keys(row, keys)]
        if not named:
            left_out.append(row)
        for pk in named:
            pairs.setdefault((pk, row.text), row)
    if not pairs:
        raise CodesMissing(
            f"None of the codes that {edition.source_name} names is loaded. Import the codes first."
        )
    return pairs, left_out


def _keys(row: IndexRow, keys: Sequence[str]) -> Iterator[str]:
    """Yield the keys that are loaded among those that an entry leads to; all in a range."""
    first, end = bisect_left(keys, row.key), bisect_right(keys, row.last_key)
    if end - first <= MOST_IN_RANGE:
        yield from keys[first:end]


def _compared(pairs: Pairs, shown: Release | None, left_out: Sequence[IndexRow]) -> ImportedIndex:
    before = set(
        IndexTerm.objects.filter(release=shown).values_list("code_id", "text") if shown else ()
    )
    return ImportedIndex(
        None, len(pairs), len(pairs.keys() - before), len(before - pairs.keys()), left_out
    )


def _refuse_vanishing(found: ImportedIndex, may_vanish: float) -> None:
    before = found.total - found.added + found.gone
    if before and found.gone / before > may_vanish:
        raise TooMuchVanished(
            f"{found.gone:,} of {before:,} index terms would be gone, more than {may_vanish:.0%}."
            " Is the file whole? Allow it with --may-vanish."
        )


def _new_release(
    edition: IndexEdition, by: AbstractBaseUser | None, found: ImportedIndex
) -> Release:
    return Release.objects.create(
        source=edition.source,
        label=edition.label,
        effective_date=edition.effective_date,
        source_name=edition.source_name,
        file_name=edition.file_name,
        sha256=edition.sha256,
        row_count=found.total,
        importer=edition.importer,
        imported_by_id=by.pk if by else None,
        comparison=found.lines() or [],
    )


def _store(release: Release, pairs: Pairs, progress: Progress) -> None:
    terms = [
        IndexTerm(release=release, code_id=pk, line=row.line, text=text, modifiers=row.modifiers)
        for (pk, text), row in pairs.items()
    ]
    for start in range(0, len(terms), _BATCH):
        batch = terms[start : start + _BATCH]
        IndexTerm.objects.bulk_create(batch)
        progress.advance(len(batch))
