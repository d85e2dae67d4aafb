"""CCSR: clinical categories of ICD-10-CM codes. Pure: imports no Django.

Source: AHRQ (HCUP), yearly, ``DXCCSR_v2026-1.csv``: one row a code, up to six categories each,
headings and codes in single quotes. Version v2026.1 is for the fiscal year 2026, which began on
2025-10-01. Also read is a reduced list with the first category only: a JSON object with one
``"code": "category"`` a line. Defaults for inpatient and outpatient data are not kept.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from codes.importers import columns
from codes.importers.columns import Cells, Said, Unreadable, cell
from codes.importers.fact_rows import CrosswalkRow
from codes.importers.rows import FactEdition, Problem, cut
from codes.importers.source import Format, Options, SourceFile

IMPORTER: Final = "ccsr 1"
SOURCE_NAME: Final = "Clinical Classifications Software Refined (CCSR) for ICD-10-CM Diagnoses"

_DIAGNOSIS: Final = re.compile(r"(?=.*[0-9])[A-Z][0-9A-Z]{2,6}")
_CATEGORY: Final = re.compile(r"[A-Z]{3}[0-9]{3}")
_PAIR: Final = re.compile(r'"([^"]*)"\s*:\s*"([^"]*)"\s*(,?)')
_VERSION: Final = re.compile(r"v(20\d\d)[-_.](\d)", re.IGNORECASE)
_is_header = columns.begins("icd 10 cm code")


def _row(line: int, code: str, category: str, title: str = "") -> CrosswalkRow:
    if not _DIAGNOSIS.fullmatch(code):
        raise Unreadable(f"“{cut(code, 40)}” is no ICD-10-CM code; expected one without its dot.")
    if not _CATEGORY.fullmatch(category):
        raise Unreadable(f"“{cut(category, 40)}” is no CCSR category; expected such as DIG001.")
    return CrosswalkRow(line, "icd-10-cm", code, "ccsr", category, target_title=title)


def _table_rows(source: SourceFile) -> Iterator[CrosswalkRow | Problem]:
    """Yield a row for each category of each code of the official file."""
    rows = source.csv_rows()
    header, _ = columns.find_header(source, rows, _is_header, "categories")
    code_place = header.place("ICD-10-CM CODE")
    places = header.all(r"ccsr category \d")
    titles = header.all(r"ccsr category \d description")
    if not places or len(titles) != len(places):
        message = "has no columns “CCSR CATEGORY 1”, “CCSR CATEGORY 1 DESCRIPTION” and so on."
        raise source.refuse(f"{message} Is it the official layout?")
    for line, cells in rows:
        if any(map(str.strip, cells)):
            yield from _categories(
                source.name, line, cells, code_place, list(zip(places, titles, strict=True))
            )


def _categories(
    file: str, line: int, cells: Cells, code_place: int, places: Sequence[tuple[int, int]]
) -> Iterator[CrosswalkRow | Problem]:
    last = max(places[-1])
    if len(cells) <= last:
        message = f"has {len(cells)} of {1 + last} columns; is the file complete?"
        yield Problem(file, line, message)
        return
    code = cell(cells, code_place).strip("' ").replace(".", "")
    found = [
        (category, cell(cells, title).strip("' "))
        for place, title in places
        if (category := cell(cells, place).strip("' "))
    ]
    if not found:
        yield Problem(file, line, f"“{cut(code, 40)}” has no category; is the file complete?")
    for category, title in found:
        try:
            yield _row(line, code, category, title)
        except Unreadable as wrong:
            yield Problem(file, line, str(wrong))


def read_pairs(lines: Iterable[tuple[int, str]], file: str) -> Iterator[CrosswalkRow | Problem]:
    """Yield the rows of the reduced list; a last line other than ``}`` means that it was cut."""
    last, last_line = "", 0
    for line, text in lines:
        plain = text.strip()
        if not plain:
            continue
        last, last_line = plain, line
        if plain in {"{", "}"}:
            continue
        if match := _PAIR.fullmatch(plain):
            try:
                yield _row(line, match[1], match[2])
            except Unreadable as wrong:
                yield Problem(file, line, str(wrong))
        else:
            yield Problem(file, line, 'expected a code and its category: "A000": "DIG001",')
    if last != "}":
        yield Problem(file, last_line, "ends before its closing “}”; is it complete?")


def _is_pairs(source: SourceFile) -> bool:
    lines = [line.strip() for line in source.head(3).split("\n") if line.strip()]
    if len(lines) < 2 or lines[0] != "{":
        return False
    match = _PAIR.fullmatch(lines[1])
    return bool(match and _CATEGORY.fullmatch(match[2]))


def recognise(source: SourceFile) -> bool:
    """Return whether these are CCSR categories of diagnoses, in either layout."""
    if source.is_workbook:
        return False
    return _is_pairs(source) or (
        columns.looks_like(source, lambda cells: _is_header(cells[:1]), ",")
        and "CCSR" in source.head(1)
    )


def read(sources: Sequence[SourceFile], options: Options) -> list[FactEdition]:
    """Return one edition of one file."""
    source = columns.single(sources, "CCSR categories")
    pairs = _is_pairs(source)
    found = read_pairs(source.lines(), source.name) if pairs else _table_rows(source)
    checked = columns.once(found, lambda row: (row.source_key, row.target_key), source.name)
    edition = columns.fact_edition(
        [source],
        options,
        _version(source),
        source="ccsr",
        source_name=SOURCE_NAME,
        importer=IMPORTER,
        tables={"Crosswalk": columns.at_least_one(checked, source, "categories")},
    )
    return [edition]


def _version(source: SourceFile) -> Said:
    if match := _VERSION.search(columns.last_name(source)):
        return Said(date(int(match[1]) - 1, 10, 1), f"v{match[1]}.{match[2]}")
    return Said()


FORMAT: Final = Format(
    name="ccsr",
    title="CCSR categories of ICD-10-CM codes (DXCCSR_v….csv)",
    notice="",
    recognise=recognise,
    read=read,
)
