"""NCCI add-on code edits. Pure: imports no Django.

Source: CMS, ``AOC_V2026Q2-MCR.xlsx``, and the same with tabs in ``.txt``. A notice, a heading, then
one row for an add-on code and a primary code; days are year and number of the day. A pair that
ended and began again stands once for each time, so rows are told apart by their first day too.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from codes.importers import columns
from codes.importers.columns import Cells, Header, Said, Unreadable, cell, limited
from codes.importers.fact_rows import AddOnEditRow
from codes.importers.rows import FactEdition
from codes.importers.source import Format, Options, SourceFile

IMPORTER: Final = "add_on_edits 1"
SOURCE_NAME: Final = "NCCI Add-on Code Edits"
TYPES: Final = frozenset({"1", "2", "3"})

_QUARTER: Final = re.compile(r"V(20\d\d)Q([1-4])", re.IGNORECASE)
_is_header = columns.begins("aoc edit type", "add on code")


class _Places:
    def __init__(self, header: Header) -> None:
        self._type = header.place("AOC_Edit_Type")
        self._add_on = header.place("Add-On_Code")
        self._add_on_deleted = header.place("AOC_DelDT")
        self._primary = header.place("Primary_Code")
        self._primary_deleted = header.place("Primary_Code_DelDT")
        self._effective = header.place("AOC_Edit_EffDT")
        self._deleted = header.place("AOC_Edit_DelDT")
        self._notes = header.place("Special_Instruction_Notes")

    def row(self, line: int, cells: Cells) -> AddOnEditRow:
        columns.require_width(cells, 1 + self._effective)
        if (type_ := cell(cells, self._type)) not in TYPES:
            raise Unreadable(f"“{type_[:40]}” is no type of add-on code; expected 1, 2 or 3.")
        return AddOnEditRow(
            line=line,
            type=type_,
            add_on=columns.code_of(cell(cells, self._add_on), "add-on code"),
            add_on_deleted_on=_day(cell(cells, self._add_on_deleted), "deletion of the add-on"),
            primary=columns.code_of(cell(cells, self._primary), "primary code"),
            primary_deleted_on=_day(cell(cells, self._primary_deleted), "deletion of the primary"),
            effective_on=columns.day_of_year(cell(cells, self._effective), "effective date"),
            deleted_on=_day(cell(cells, self._deleted), "deletion date"),
            notes=limited(cell(cells, self._notes).strip('" '), "note", 2_000),
        )


def _day(text: str, what: str) -> date | None:
    return columns.day_of_year(text, what) if text else None


def recognise(source: SourceFile) -> bool:
    """Return whether these are add-on code edits: a workbook, or text with tabs."""
    return columns.looks_like(source, _is_header, "\t")


def read(sources: Sequence[SourceFile], options: Options) -> list[FactEdition]:
    """Return one edition; of a workbook and the text beside it in a zip, the workbook is read."""
    workbooks = [source for source in sources if source.is_workbook]
    source = columns.single(workbooks or sources, "add-on code edits")
    rows = source.table_rows("\t")
    header, _ = columns.find_header(source, rows, _is_header, "add-on code edits")
    found = columns.read_rows(rows, _Places(header).row, source.name)
    checked = columns.once(
        found,
        lambda row: (row.add_on, row.primary, f"{row.effective_on:%Y-%m-%d}"),
        source.name,
    )
    edition = columns.fact_edition(
        [source],
        options,
        _quarter(source),
        source="add-on-edits",
        source_name=SOURCE_NAME,
        importer=IMPORTER,
        tables={"AddOnEdit": columns.at_least_one(checked, source, "edits")},
    )
    return [edition]


def _quarter(source: SourceFile) -> Said:
    if not (match := _QUARTER.search(columns.last_name(source))):
        return Said()
    day = date(int(match[1]), 3 * int(match[2]) - 2, 1)
    return Said(day, columns.quarter(day))


FORMAT: Final = Format(
    name="add-on-edits",
    title="NCCI add-on code edits (AOC_V….xlsx)",
    notice="ama",
    recognise=recognise,
    read=read,
)
