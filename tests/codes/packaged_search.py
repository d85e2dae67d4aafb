"""A search index of the packaged ICD-10-CM edition with the field knowledge, without a database."""

from collections.abc import Collection, Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from codes.importers import icd10cm_tabular
from codes.importers.rows import CodeRow
from codes.importers.search_terms import read_terms
from codes.search.answers import TermKind
from codes.search.build import Entry, Name, build
from codes.search.index import Index
from codes.search.knowledge import Knowledge, Known
from codes.search.narrowing import Classes
from codes.search.sets import NamedKey
from codes.search.store import Loaded, Shown, is_extension

SYSTEM = "icd-10-cm"
SHOWN = Shown(words=None, numbers=None, system_names={SYSTEM: "ICD-10-CM"})


@cache
def rows() -> Sequence[CodeRow]:
    """Return the edition; some five seconds."""
    return icd10cm_tabular.read_edition(*icd10cm_tabular.packaged_files()).rows


def names() -> Iterator[NamedKey]:
    """Yield what codes are called, without 7th-character extensions and headings."""
    for row in rows():
        if row.kind in ("category", "code") and not is_extension(SYSTEM, row.kind, row.key):
            yield NamedKey(row.key, row.long, is_term=False)
            yield from (NamedKey(row.key, term, is_term=True) for term in row.inclusion_terms)


def loaded(without: Collection[str]) -> Loaded:
    """Return an index of the edition without some inclusion terms; some three seconds."""
    ids = {(row.kind, row.key): place for place, row in enumerate(rows(), 1)}
    index = Index([(SYSTEM, build(_entries(ids, without)))])
    covered = np.zeros(index.size, dtype=np.bool_)
    return Loaded((), index, _knowledge(ids), Classes(index, covered))


def _entries(ids: dict[tuple[str, str], int], without: Collection[str]) -> Iterator[Entry]:
    for row in rows():
        terms = [term for term in row.inclusion_terms if term not in without]
        yield Entry(
            code_id=ids[row.kind, row.key],
            parent_id=ids[row.parent] if row.parent else None,
            kind=row.kind,
            key=row.key,
            display=row.display,
            billable=row.billable,
            names=[Name(row.long), *(Name(term, TermKind.INCLUSION_TERM) for term in terms)],
            is_leaf=is_extension(SYSTEM, row.kind, row.key),
        )


def _knowledge(ids: dict[tuple[str, str], int]) -> Knowledge:
    folder = Path(__file__).parents[2] / "fixtures" / "search"
    found = []
    for row in read_terms(folder):
        kinds = ("code", "category")
        code_id = next((ids[k, row.code_key] for k in kinds if (k, row.code_key) in ids), None)
        if row.means or code_id is not None:
            found.append(Known(row.text, row.means, code_id, row.rank, row.is_exact_case))
    return Knowledge.of(found)
