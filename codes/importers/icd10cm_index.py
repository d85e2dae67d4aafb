"""The indexes of ICD-10-CM: which words lead to which code. Pure: imports no Django.

Source: NCHS and CMS publish with each edition, as XML of one layout, the Index to Diseases and
Injuries, the External Cause of Injuries Index, the Table of Neoplasms, and the Table of Drugs and
Chemicals. Each is an index of its own here. Also read is a table (CSV) with the columns ``path``
(parts separated by " > "), ``query``, ``nonessential`` and ``code``, as which the external cause
index is passed on.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from codes.importers import columns, files
from codes.importers.columns import cell
from codes.importers.icd10cm_index_xml import ROOT, read_index, read_title
from codes.importers.index_rows import IndexEdition, IndexRow, modifiers_of, path_of
from codes.importers.order_file import fiscal_day
from codes.importers.rows import FileRefused, Problem, cut
from codes.importers.source import Format, Options, SourceFile, sha256_of_sources

IMPORTER: Final = "icd-10-cm-index 1"
SYSTEM: Final = "icd-10-cm"
_KINDS: Final = (
    ("EXTERNAL", "external-cause-index", "ICD-10-CM External Cause of Injuries Index"),
    ("NEOPLASM", "neoplasm-table", "ICD-10-CM Table of Neoplasms"),
    ("DRUG", "drug-table", "ICD-10-CM Table of Drugs and Chemicals"),
    ("INDEX", "index", "ICD-10-CM Index to Diseases and Injuries"),
)
"""A word of the title, the slug after the system's, and what the publisher calls it."""
_is_header = columns.begins("path", "query", "nonessential", "code")


def recognise(source: SourceFile) -> bool:
    """Return whether this is an index or table of ICD-10-CM, by its content."""
    if source.is_xml:
        return f"<{ROOT}" in source.head()
    return columns.looks_like(source, _is_header, ",")


def read(sources: Sequence[SourceFile], options: Options) -> list[IndexEdition]:
    """Return an edition for each file; two of the same index are refused."""
    editions = [_edition(source, options) for source in sources]
    kinds = [edition.source for edition in editions]
    if len(set(kinds)) < len(kinds):
        names = ", ".join(source.name for source in sources)
        raise FileRefused(names, 0, "are several files of the same index; import one edition.")
    return editions


def _edition(source: SourceFile, options: Options) -> IndexEdition:
    slug, name = _kind(source)
    day = options.effective_date or files.date_in_name(source.name) or fiscal_day(source.name)
    if day is None:
        message = "the name holds no effective date; give it with --effective-date YYYY-MM-DD."
        raise source.refuse(message)
    return IndexEdition(
        system=SYSTEM,
        source=f"{SYSTEM}-{slug}",
        label=options.label or f"{day:%B %Y}",
        effective_date=day,
        source_name=name,
        file_name=cut(source.name, 255),
        sha256=sha256_of_sources([source]),
        importer=IMPORTER,
        rows=_once(_rows(source)),
    )


def _kind(source: SourceFile) -> tuple[str, str]:
    """Return slug and name of the index; the table (CSV) is of external causes."""
    title = read_title(source.head()).upper() if source.is_xml else "EXTERNAL"
    for word, slug, name in _KINDS:
        if word in title:
            return slug, name
    raise source.refuse(f"its title, “{cut(title, 80)}”, is of no index that is known.")


def _rows(source: SourceFile) -> Iterator[IndexRow | Problem]:
    if source.is_xml:
        yield from read_index(source.chunks(), file=source.name)
        return
    rows = source.csv_rows()
    header, _ = columns.find_header(source, rows, _is_header, "index entries")
    place: Callable[[str], int] = header.place
    path, nonessential, code = place("path"), place("nonessential"), place("code")
    for line, cells in rows:
        if not any(map(str.strip, cells)):
            continue
        text = path_of([part.strip() for part in cell(cells, path).split(">")])
        if text and cell(cells, code):
            yield IndexRow(line, text, cell(cells, code), modifiers_of([cell(cells, nonessential)]))
        else:
            yield Problem(source.name, line, "has no path or no code; is the file complete?")


def _once(rows: Iterator[IndexRow | Problem]) -> Iterator[IndexRow | Problem]:
    """Leave out what the index says in two places: the same words that lead to the same code."""
    seen: set[tuple[str, str]] = set()
    for row in rows:
        if isinstance(row, IndexRow):
            if (row.text, row.key) in seen:
                continue
            seen.add((row.text, row.key))
        yield row


FORMAT: Final = Format(
    name="icd-10-cm-index",
    title="ICD-10-CM indexes and tables of neoplasms and drugs (XML), external causes also as CSV",
    notice="",
    recognise=recognise,
    read=read,
)
