"""A search index of the packaged ICD-10-CM edition with the field knowledge, without a database."""

from collections.abc import Collection, Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from codes.importers import icd10cm_tabular
from codes.importers.rows import CodeRow
from codes.importers.search_terms import TermRow, read_terms
from codes.search.answers import TermKind
from codes.search.build import Entry, Name, build
from codes.search.index import Index
from codes.search.knowledge import Knowledge, Known
from codes.search.narrowing import Classes
from codes.search.sets import NamedKey
from codes.search.store import Loaded, Shown, is_extension

SYSTEM = "icd-10-cm"
FOLDER = Path(__file__).parents[2] / "fixtures" / "search"
KINDS = ("code", "category")
SHOWN = Shown(words=None, numbers=None, system_names={SYSTEM: "ICD-10-CM"})


@cache
def rows() -> Sequence[CodeRow]:
    """Return the edition; some five seconds."""
    return icd10cm_tabular.read_edition(*icd10cm_tabular.packaged_files()).rows


def names() -> Iterator[NamedKey]:
    """Yield what codes are called, without 7th-character extensions and headings."""
    for row in rows():
        if row.kind in KINDS and not is_extension(SYSTEM, row.kind, row.key):
            yield NamedKey(row.key, row.long, is_term=False)
            yield from (NamedKey(row.key, term, is_term=True) for term in row.inclusion_terms)


def loaded(without: Collection[str]) -> Loaded:
    """Return an index of the edition without some inclusion terms; some three seconds."""
    ids = {(row.kind, row.key): place for place, row in enumerate(rows(), 1)}
    terms = read_terms(FOLDER)
    index = Index([(SYSTEM, build(_entries(ids, terms, without)))])
    covered = np.zeros(index.size, dtype=np.bool_)
    return Loaded((), index, _knowledge(ids, terms, index), Classes(index, covered))


def _entries(
    ids: dict[tuple[str, str], int], synonyms: Sequence[TermRow], without: Collection[str]
) -> Iterator[Entry]:
    called: dict[str, list[Name]] = {}
    for term in synonyms:  # as SynonymQuerySet.names_in has it
        if term.kind != "abbreviation" and term.rank == 1 and not term.is_exact_case:
            called.setdefault(term.code_key, []).append(Name(term.text, TermKind.SYNONYM))
    for row in rows():
        terms = [term for term in row.inclusion_terms if term not in without]
        own = called.get(row.key, ()) if row.kind in KINDS and row.key else ()
        yield Entry(
            code_id=ids[row.kind, row.key],
            parent_id=ids[row.parent] if row.parent else None,
            kind=row.kind,
            key=row.key,
            display=row.display,
            billable=row.billable,
            names=[Name(row.long), *(Name(term, TermKind.INCLUSION_TERM) for term in terms), *own],
            is_leaf=is_extension(SYSTEM, row.kind, row.key),
        )


def _knowledge(
    ids: dict[tuple[str, str], int], terms: Sequence[TermRow], index: Index
) -> Knowledge:
    found = []
    for row in terms:
        code_id = next((ids[k, row.code_key] for k in KINDS if (k, row.code_key) in ids), None)
        if row.means or code_id is not None:
            found.append(Known(row.text, row.means, code_id, row.rank, row.is_exact_case))
    return Knowledge.of(found, index.vocabulary.number)
