"""The index of HCPCS Level II: which words lead to which code. Pure: imports no Django.

Source: CMS publishes it with the yearly release as a PDF only. What is read is a table (CSV) made
from it, with the columns ``query`` (the words of the entry), ``main_term`` and ``code_or_range``
("J0129", or "L3140-L3170": every code from the first to the last). CPT numbers and dental codes
(D) in it are passed over.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from codes.importers import columns
from codes.importers.columns import Said, cell
from codes.importers.index_rows import MAX_TEXT, IndexEdition, IndexRow
from codes.importers.rows import FileRefused, Problem, cut
from codes.importers.source import Format, Options, SourceFile, sha256_of_sources

IMPORTER: Final = "hcpcs-index 1"
SYSTEM: Final = "hcpcs"
SOURCE_NAME: Final = "HCPCS Level II index"
_CODES: Final = re.compile(r"([A-Z]\d{4})(?:\s*[-–]\s*([A-Z]\d{4}))?")
_is_header = columns.begins("query", "main term", "code or range")


def recognise(source: SourceFile) -> bool:
    """Return whether this is the table of the index."""
    return columns.looks_like(source, _is_header, ",")


def read(sources: Sequence[SourceFile], options: Options) -> list[IndexEdition]:
    """Return one edition of one file."""
    source = columns.single(sources, SOURCE_NAME)
    day = options.effective_date or _said(source).day
    if day is None:
        message = "the name holds no year; give the first day with --effective-date YYYY-MM-DD."
        raise FileRefused(source.name, 0, message)
    edition = IndexEdition(
        system=SYSTEM,
        source=f"{SYSTEM}-index",
        label=options.label or f"{day:%Y}",
        effective_date=day,
        source_name=SOURCE_NAME,
        file_name=cut(source.name, 255),
        sha256=sha256_of_sources([source]),
        importer=IMPORTER,
        rows=_rows(source),
    )
    return [edition]


def _said(source: SourceFile) -> Said:
    year = columns.year_in(columns.last_name(source))
    return Said(date(year, 1, 1)) if year else Said()


def _rows(source: SourceFile) -> Iterator[IndexRow | Problem]:
    rows = source.csv_rows()
    header, _ = columns.find_header(source, rows, _is_header, "index entries")
    words, codes = header.place("query"), header.place("code_or_range")
    seen: set[tuple[str, str]] = set()
    for line, cells in rows:
        if not any(map(str.strip, cells)):
            continue
        text, code = " ".join(cell(cells, words).split()), cell(cells, codes)
        match = _CODES.fullmatch(code)
        if code[:1].isdigit() or code.startswith("D"):
            continue
        if not text or match is None:
            yield Problem(source.name, line, f"“{cut(code, 40)}” is no code or range of codes.")
        elif match[2] and not (match[1][0] == match[2][0] and match[1] <= match[2]):
            yield Problem(source.name, line, f"“{code}” is no range: it ends before it begins.")
        elif (text, code) not in seen:
            seen.add((text, code))
            yield IndexRow(line, cut(text, MAX_TEXT), match[1], last=match[2] or "")


FORMAT: Final = Format(
    name="hcpcs-index",
    title="HCPCS Level II index as a table (CSV: query, main_term, code_or_range)",
    notice="",
    recognise=recognise,
    read=read,
)
