"""Medicare coverage: articles, LCDs and NCDs, and the codes that articles list. Pure: no Django.

Source: CMS, Medicare Coverage Database, weekly exports ``current_article.zip``,
``current_lcd.zip`` and ``ncd.zip`` (also together as ``all_data.zip``). Each holds a zip of CSV
tables (``current_article_csv.zip`` …), which is what is given here, all three in one import. A
table is known by the names of its columns, in any case, never by its own name. The names are those
of the exports of 2026 as others have described them; no export was at hand when this was written.
Unconfirmed is what the letters of ``status`` stand for beside A and R: P and F are read as proposed
and future, any other is kept as it is.

Texts are HTML and are not kept, nor are descriptors of codes. Documents are numbered as they are
printed: ``A52369``, ``L39529``, and NCDs by their manual section, ``240.4.1``. Only LCDs on durable
equipment list procedures themselves; their codes stand under the number of the LCD. Ranges of
codes are printed code by code in the exports.

Tables have no trailer. A file that is cut shows by a last row with too few columns, or by a table
that is missing beside the others of its zip.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from codes.importers import columns
from codes.importers.columns import Said
from codes.importers.coverage_cells import MAX_WHOLE, table_rows
from codes.importers.coverage_documents import (
    KINDS,
    CoverageDocumentRow,
    Document,
    Documents,
    Kind,
)
from codes.importers.coverage_links import link
from codes.importers.rows import FactEdition, FileRefused, Problem, Row, cut
from codes.importers.source import Format, Options, SourceFile

IMPORTER: Final = "coverage 1"
SOURCE: Final = "coverage"
SOURCE_NAME: Final = "Medicare Coverage Database"

_SIGNATURES: Final[dict[str, frozenset[str]]] = {
    name: frozenset(names.split())
    for name, names in {
        "article_x_hcpc_code": "article_id article_version hcpc_code_id hcpc_code_group",
        "article_x_icd10_covered": "article_id article_version icd10_code_id icd10_covered_group",
        "article_x_icd10_noncovered": (
            "article_id article_version icd10_code_id icd10_noncovered_group"
        ),
        "lcd_x_hcpc_code": "lcd_id lcd_version hcpc_code_id hcpc_code_group",
        "article_related_documents": "article_id article_version r_lcd_id",
        "article_related_ncd_documents": "article_id article_version r_ncd_id",
        "lcd_related_documents": "lcd_id lcd_version r_article_id",
        "lcd_related_ncd_documents": "lcd_id lcd_version r_ncd_id",
        "article_x_contractor": "article_id article_version contractor_id contractor_type_id",
        "lcd_x_contractor": "lcd_id lcd_version contractor_id contractor_type_id",
        "contractor": "contractor_id contractor_type_id contractor_bus_name",
        "article": "article_id article_version title status",
        "lcd": "lcd_id lcd_version title status",
        "ncd_trkg": "ncd_id ncd_vrsn_num ncd_mnl_sect ncd_mnl_sect_title",
    }.items()
}
"""Table -> columns that no other table has together, in lower case; asked in this order."""

_COMPANIONS: Final = {
    "article": (
        *("article_x_hcpc_code", "article_x_icd10_covered", "article_x_icd10_noncovered"),
        *("article_related_documents", "article_x_contractor", "contractor"),
    ),
    "lcd": ("lcd_x_contractor", "contractor"),
}
"""Tables that stand in the same zip: without one of them the zip was not given whole."""

_PLACEHOLDERS: Final = frozenset({"", "99999", "XX000"})
"""What an article lists where no code applies."""
_PROCEDURE: Final = re.compile(r"[0-9A-Z]{5}")
_DIAGNOSIS: Final = re.compile(r"[0-9A-Z]{3,7}")


@dataclass(frozen=True, slots=True)
class CoverageCodeRow:
    """A code that an article lists; field names as in the model."""

    line: int
    article: str
    version: int
    role: str
    group: int
    code_key: str


def _table_of(source: SourceFile) -> str:
    """Return which table a file is, by the columns of its first line; "" for another file."""
    if source.is_workbook:
        return ""
    first = source.head(1).partition("\n")[0]
    names = {name.strip().strip('"').strip().lower() for name in first.split(",")}
    return next((table for table, wanted in _SIGNATURES.items() if wanted <= names), "")


def recognise(source: SourceFile) -> bool:
    """Return whether this is one of the tables that are read."""
    return bool(_table_of(source))


def read(sources: Sequence[SourceFile], options: Options) -> list[FactEdition]:
    """Return one edition of all the tables given.

    Documents are read here, 3,600 of them in a current export; codes are streamed from the edition.
    """
    tables = _sorted(sources)
    documents = Documents()
    for table, kind in KINDS.items():
        for source in tables.get(table, ()):
            documents.read(kind, source)
    link(tables, documents)
    newest = max((each.updated for each in documents if each.updated), default=None)
    edition = columns.fact_edition(
        sources,
        options,
        Said(newest, f"{newest.day} {newest:%B %Y}") if newest else Said(),
        source=SOURCE,
        source_name=SOURCE_NAME,
        importer=IMPORTER,
        tables={
            "CoverageDocument": _document_rows(documents, sources),
            "CoverageCode": _codes(tables, documents),
        },
    )
    return [edition]


def _sorted(sources: Sequence[SourceFile]) -> dict[str, list[SourceFile]]:
    """Return the files by their tables; refuse what is no whole export."""
    tables: dict[str, list[SourceFile]] = {}
    for source in sources:
        tables.setdefault(_table_of(source), []).append(source)
    names = ", ".join(source.name for source in sources[:3]) + (" …" if len(sources) > 3 else "")
    for table, files in tables.items():
        if len(files) > 1 and table != "contractor":
            message = f"is the table {table} a second time; give either the current export or all."
            raise files[1].refuse(message)
    if not tables.keys() & KINDS.keys():
        raise FileRefused(names, 0, "holds no article, LCD or NCD; is the export complete?")
    for table, companions in _COMPANIONS.items():
        if table in tables and (missing := [name for name in companions if name not in tables]):
            message = f"holds {table}, but not {', '.join(missing)}; is the export complete?"
            raise FileRefused(names, 0, message)
    return tables


def _document_rows(documents: Documents, sources: Sequence[SourceFile]) -> Iterator[Row | Problem]:
    rows = (document.row() for document in documents)
    found: Iterator[CoverageDocumentRow | Problem] = chain(documents.problems, rows)
    yield from columns.at_least_one(found, sources[0], "documents")


_CODE_TABLES: Final = (
    ("article_x_hcpc_code", "article", "procedure", "hcpc_code_id", "hcpc_code_group"),
    ("lcd_x_hcpc_code", "lcd", "procedure", "hcpc_code_id", "hcpc_code_group"),
    ("article_x_icd10_covered", "article", "covered", "icd10_code_id", "icd10_covered_group"),
    (
        *("article_x_icd10_noncovered", "article", "noncovered"),
        *("icd10_code_id", "icd10_noncovered_group"),
    ),
)
"""Table, kind of document, role of its codes, columns of the code and of its group."""


def _codes(tables: Mapping[str, list[SourceFile]], documents: Documents) -> Iterator[Row | Problem]:
    for table, kind, role, code, group in _CODE_TABLES:
        for source in tables.get(table, ()):
            yield from _code_rows(source, documents, KINDS[kind], (role, code, group))


def _code_rows(
    source: SourceFile, documents: Documents, kind: Kind, names: tuple[str, str, str]
) -> Iterator[CoverageCodeRow | Problem]:
    """Yield the codes of one table, each once within a run of rows of one document.

    Rows of documents that are not in these files are left out. 431,000 rows take some four seconds;
    memory does not grow with them.
    """
    role, code_name, group_name = names
    header, rows = table_rows(source)
    width = len(header.names)
    id_, version = header.place(kind.id), header.place(kind.version)
    code, group = header.place(code_name), header.place(group_name)
    pattern = _PROCEDURE if role == "procedure" else _DIAGNOSIS
    found = {(each.id, str(each.version)): each for each in documents.of(kind.name).values()}
    document: Document | None = None
    current = ("", "")
    seen: set[tuple[str, str]] = set()
    orphans = count = 0
    for line, cells in rows:
        if len(cells) < width:
            if any(cells):
                yield Problem(source.name, line, _too_narrow(len(cells), width))
            continue
        key = (cells[id_].strip(), cells[version].strip())
        if key != current:
            current, seen = key, set()
            document = found.get(key)
        if document is None:
            orphans += 1
            continue
        text = cells[code].replace(".", "").strip().upper()
        if text in _PLACEHOLDERS or (text, cells[group]) in seen:
            continue
        seen.add((text, cells[group]))
        count += 1
        if not pattern.fullmatch(text):
            yield Problem(source.name, line, _no_code(cells[code], role))
            continue
        number = _group(cells[group])
        if number is None:
            message = f"“{cut(cells[group].strip(), 40)}” is no group; expected a whole number."
            yield Problem(source.name, line, message)
            continue
        yield CoverageCodeRow(line, document.number, document.version, role, number, text)
    if orphans and not count:
        message = "names no document of the other files; are all of one download?"
        raise source.refuse(message)


def _too_narrow(count: int, width: int) -> str:
    return f"has {count} of {width} columns; is the file complete?"


def _no_code(text: str, role: str) -> str:
    expected = "five digits or capitals" if role == "procedure" else "a diagnosis such as J96.01"
    return f"“{cut(text.strip(), 40)}” is no {role} code; expected {expected}."


def _group(text: str) -> int | None:
    """Return the number of a group; an article with one group may leave it empty."""
    plain = text.strip()
    if not plain:
        return 1
    if plain.isascii() and plain.isdigit() and len(plain) <= 5 and int(plain) <= MAX_WHOLE:
        return int(plain)
    return None


FORMAT: Final = Format(
    name="coverage",
    title="Medicare Coverage Database exports (current_article_csv.zip and its like)",
    notice="ama",
    recognise=recognise,
    read=read,
)
