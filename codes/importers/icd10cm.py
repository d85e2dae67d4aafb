"""ICD-10-CM from the files that its publishers release together. Pure: imports no Django.

The tabular list (XML) is always needed: it has the chapters, sections, notes and inclusion terms.
Which codes with a 7th character exist is said by the list of codes, by the order file, or both;
the order file also has the official short and long descriptors and tells billable codes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from codes.importers import files, icd10cm_tabular
from codes.importers.icd10cm_tabular import is_listed
from codes.importers.icd10cm_xml import read_tabular
from codes.importers.order_file import OrderRow, first_keys, fiscal_day, read_order
from codes.importers.rows import (
    CodeRow,
    Edition,
    FactEdition,
    FileRefused,
    Problem,
    cut,
)
from codes.importers.source import Format, Options, SourceFile, sha256_of_sources

_PAGES: Final = ("category", "code")


def recognises(source: SourceFile) -> bool:
    """Return whether this is the tabular list, the list of codes or the order file."""
    return _is_tabular(source) or _is_order(source) or _is_list(source)


def _is_tabular(source: SourceFile) -> bool:
    return source.is_xml and "<ICD10CM.tabular" in source.head()


def _is_order(source: SourceFile) -> bool:
    """Return whether all codes at the beginning are ICD-10-CM's: a letter, a digit, and more."""
    keys = first_keys(source)
    return bool(keys) and all(key[0].isalpha() and key[1].isdecimal() for key in keys)


def _is_list(source: SourceFile) -> bool:
    entries = source.head().split()
    return len(entries) > 2 and all(map(is_listed, entries))


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of one edition, told apart by content."""

    tabular: SourceFile
    listing: SourceFile | None
    order: SourceFile | None

    def used(self) -> list[SourceFile]:
        """Return the files that are there, the tabular list first."""
        return [source for source in (self.tabular, self.listing, self.order) if source]


def read(
    sources: Sequence[SourceFile], options: Options | None = None
) -> Sequence[Edition | FactEdition]:
    """Return the edition in the tabular list with the list of codes, the order file, or both.

    Its problems are everything in which the files differ: they are then of different editions.
    Raises ``FileRefused``. The April 2026 edition takes about three seconds.
    """
    options = options or Options()
    found = _told_apart(sources)
    day = options.effective_date or _day(found.tabular)
    listed = _listed(found.listing)
    order, problems = _order(found.order)
    nodes = read_tabular(found.tabular.chunks(), file=found.tabular.name)
    known = listed or {key: row.line for key, row in order.items()}
    rows = list(icd10cm_tabular.rows_of(nodes, known, file=found.tabular.name))
    list_file = found.listing.name if found.listing else ""
    expected = listed or {row.key: row.line for row in rows}  # without a list: names only
    problems += icd10cm_tabular.compare_with_list(rows, expected, list_file=list_file)
    if found.order:
        rows = [_completed(row, order) for row in rows]
        problems += _compared(rows, order, found.order.name)
    if not rows:
        raise found.tabular.refuse("holds no entries.")
    label = options.label or f"{day:%B %Y}"
    return [replace(_edition(found.used(), label, day), rows=rows, problems=problems)]


def _edition(used: Sequence[SourceFile], label: str, day: date) -> Edition:
    return Edition(
        system=icd10cm_tabular.SYSTEM,
        label=label,
        effective_date=day,
        source_name=icd10cm_tabular.SOURCE_NAME,
        file_name=cut(", ".join(source.name for source in used), 255),
        sha256=sha256_of_sources(used),
        importer=icd10cm_tabular.IMPORTER,
        rows=(),
    )


def _told_apart(sources: Sequence[SourceFile]) -> _Files:
    tabular = [source for source in sources if _is_tabular(source)]
    orders = [source for source in sources if _is_order(source)]
    lists = [source for source in sources if _is_list(source)]
    if len(tabular) != 1 or len(orders) > 1 or len(lists) > 1 or not orders + lists:
        message = (
            "expected the tabular list (XML) together with the list of codes (text), the order "
            "file (icd10cm_order_YYYY.txt), or both."
        )
        names = ", ".join(source.name for source in sources)
        raise FileRefused(names or "no file", 0, message)
    return _Files(tabular[0], lists[0] if lists else None, orders[0] if orders else None)


def _day(tabular: SourceFile) -> date:
    day = files.date_in_name(tabular.name) or fiscal_day(tabular.name)
    if day is None:
        message = "the name holds no effective date; give it with --effective-date YYYY-MM-DD."
        raise tabular.refuse(message)
    return day


def _listed(source: SourceFile | None) -> dict[str, int]:
    if source is None:
        return {}
    return icd10cm_tabular.read_list("\n".join(source.texts()), file=source.name)


def _order(source: SourceFile | None) -> tuple[dict[str, OrderRow], list[Problem]]:
    rows: dict[str, OrderRow] = {}
    problems: list[Problem] = []
    for row in read_order(source) if source else ():
        if isinstance(row, Problem):
            problems.append(row)
        elif row.key in rows and source:
            problems.append(Problem(source.name, row.line, f"{row.key}: stands twice."))
        else:
            rows[row.key] = row
    return rows, problems


def _completed(row: CodeRow, order: Mapping[str, OrderRow]) -> CodeRow:
    """Return the row with the descriptors and the flag that the order file gives it."""
    stated = order.get(row.key) if row.kind in _PAGES else None
    if stated is None:
        return row
    return replace(row, short=stated.short, long=stated.long, billable=stated.billable)


def _compared(
    rows: Sequence[CodeRow], order: Mapping[str, OrderRow], file: str
) -> Iterator[Problem]:
    """Yield the categories and codes that are in one of the two files only."""
    pages = {row.key: row for row in rows if row.kind in _PAGES}
    for key, row in pages.items():
        if key not in order:
            yield row.problem(f"is not in {file}.")
    for key, stated in order.items():
        if key not in pages:
            yield Problem(file, stated.line, f"{key} is not in the tabular list.")


FORMAT: Final = Format(
    name="icd-10-cm",
    title="ICD-10-CM tabular list (XML) with the list of codes or the order file",
    notice="",
    recognise=recognises,
    read=read,
)
