"""Medicare Physician Fee Schedule relative values (PPRRVU). Pure: imports no Django.

Source: CMS, ``PPRRVU*.csv`` in ``RVUyyA.zip`` to ``RVUyyD.zip``, each quarter. Its heading takes
four rows, the last of which begins with ``HCPCS,MOD``; columns are found by their joined texts.
From 2026 there are two files, since the law has two conversion factors: one for qualifying
participants of advanced payment models, one for everybody else. The former is the higher one by
law, and so the files are told apart. The descriptor column is never kept: it is the AMA's.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Any, Final

from codes.importers import columns
from codes.importers.columns import Cells, Header, Rows, Said, Unreadable, cell, limited
from codes.importers.fact_rows import RelativeValueRow
from codes.importers.rows import FactEdition, FileRefused, Problem
from codes.importers.source import Format, Options, SourceFile

IMPORTER: Final = "mpfs 1"
SOURCE_NAME: Final = "National Physician Fee Schedule Relative Value File"

_HEADING_ABOVE: Final = 4
_TITLE: Final = re.compile(
    r"(20\d\d) National Physician Fee Schedule Relative Value File(?: ([A-Z][a-z]+) Release)?"
)
_MONTH: Final = re.compile(r"_(jan|apr|jul|oct)", re.IGNORECASE)

_NUMBERS: Final = {
    "work_rvu": ("work RVU", "work rvu", 8),
    "nonfacility_pe_rvu": ("non-facility PE RVU", "non fac(ility)? pe rvu", 8),
    "facility_pe_rvu": ("facility PE RVU", "fac(ility)? pe rvu", 8),
    "malpractice_rvu": ("MP RVU", "mp rvu", 8),
    "nonfacility_total": ("non-facility total", "non fac(ility)? total", 8),
    "facility_total": ("facility total", "fac(ility)? total", 8),
    "preoperative": ("pre op", "pre op", 5),
    "intraoperative": ("intra op", "intra op", 5),
    "postoperative": ("post op", "post op", 5),
    "opps_nonfacility_pe": ("non-facility PE for OPPS", "non fac(ility)? pe used for opps.*", 8),
    "opps_facility_pe": ("facility PE for OPPS", "fac(ility)? pe used for opps.*", 8),
    "opps_malpractice": ("MP for OPPS", "mp used for opps.*", 8),
}
"""Field: title, pattern of the heading, digits; all have three places after the dot."""

_TEXTS: Final = {
    "modifier": ("MOD", "mod", 2),
    "pctc": ("PCTC IND", "pc ?tc ind", 1),
    "global_days": ("GLOB DAYS", "glob days", 3),
    "multiple_procedure": ("MULT PROC", "mult proc", 1),
    "bilateral": ("BILAT SURG", "bilat surg", 1),
    "assistant_surgeon": ("ASST SURG", "asst surg", 1),
    "co_surgeons": ("CO-SURG", "co surg", 1),
    "team_surgeons": ("TEAM SURG", "team surg", 1),
    "endoscopic_base": ("ENDO BASE", "endo base", 5),
    "supervision": ("physician supervision", "physician supervision.*", 2),
    "calculation_flag": ("CALCULATION FLAG", "calculation flag", 1),
    "imaging_family": ("diagnostic imaging family", "diagnostic imaging family.*", 2),
}
"""Field: title, pattern of the heading, longest value."""

_is_header = columns.begins("hcpcs", "mod")


class _Table:
    """One file: its heading is read, its rows are not yet."""

    def __init__(self, source: SourceFile) -> None:
        rows = source.csv_rows()
        self.source = source
        self.header, before = columns.find_header(
            source, rows, _is_header, "relative values", above=_HEADING_ABOVE
        )
        self.title = " ".join(cells for _, row in before for cells in row if cells.strip())
        self.has_two_factors = self.header.maybe("pric ind") is not None
        first = next(rows, None)
        if first is None:
            raise source.refuse("holds no relative values below its heading; is it complete?")
        self._rows: Rows = chain([first], rows)
        self._places = _Places(self.header)
        self.factor = self._factor(first)

    def _factor(self, row: tuple[int, list[str]]) -> Decimal:
        try:
            return self._places.factor(row[1])
        except Unreadable as wrong:
            raise self.source.refuse(str(wrong), row[0]) from wrong

    def rows(self, qualifying: bool | None) -> Iterator[RelativeValueRow | Problem]:
        """Yield the rows; consumes the file."""

        def build(line: int, cells: Cells) -> RelativeValueRow:
            return self._places.row(line, cells, qualifying)

        rows = columns.read_rows(self._rows, build, self.source.name)
        return columns.once(rows, lambda row: (row.code_key, row.modifier), self.source.name)


class _Places:
    """Where each field of a row stands."""

    def __init__(self, header: Header) -> None:
        self._code = header.place("HCPCS")
        self._status = header.place("STATUS CODE")
        self._nonfacility_na = header.place("non-facility NA", "non fac(ility)? na indicator")
        self._facility_na = header.place("facility NA", "fac(ility)? na indicator")
        self._conversion_factor = header.place("CONV FACTOR")
        self._numbers = {
            field: (header.place(title, pattern), title, digits)
            for field, (title, pattern, digits) in _NUMBERS.items()
        }
        self._texts = {
            field: (header.place(title, pattern), title, limit)
            for field, (title, pattern, limit) in _TEXTS.items()
        }
        self._width = len(header.names)

    def factor(self, cells: Cells) -> Decimal:
        text = cell(cells, self._conversion_factor)
        return columns.number(text, "conversion factor", digits=9, places=4)

    def row(self, line: int, cells: Cells, qualifying: bool | None) -> RelativeValueRow:
        columns.require_width(cells, self._width)
        status = cell(cells, self._status)
        if not (len(status) == 1 and "A" <= status <= "Z"):
            raise Unreadable(f"“{status}” is no status code; expected one capital letter.")
        values: dict[str, Any] = {
            field: columns.number(cells[place], title, digits=digits, places=3)
            for field, (place, title, digits) in self._numbers.items()
        }
        for field, (place, title, limit) in self._texts.items():
            values[field] = limited(cells[place], title, limit)
        return RelativeValueRow(
            line=line,
            code_key=columns.code_of(cells[self._code]),
            qualifying=qualifying,
            status=status,
            nonfacility_na=_not_applicable(cells[self._nonfacility_na]),
            facility_na=_not_applicable(cells[self._facility_na]),
            conversion_factor=self.factor(cells),
            **values,
        )


def _not_applicable(text: str) -> bool:
    if (mark := text.strip()) not in {"", "NA"}:
        raise Unreadable(f"“{mark}” is no NA indicator; expected NA or nothing.")
    return mark == "NA"


def recognise(source: SourceFile) -> bool:
    """Return whether this is a relative value file (CSV); the workbook beside it is the same."""
    return (
        not source.is_workbook
        and columns.looks_like(source, _is_header, ",")
        and "rvu" in source.head().lower()
    )


def read(sources: Sequence[SourceFile], options: Options) -> list[FactEdition]:
    """Return one edition: of one file up to 2025, of two from 2026."""
    tables = _in_order([_Table(source) for source in sources])
    said = _said(tables[0])
    if any(_said(table) != said for table in tables) and not options.effective_date:
        raise FileRefused(_names(tables), 0, "are of different releases.")
    by_factor = len(tables) == 2
    rows = [
        table.rows(qualifying)
        for table, qualifying in zip(tables, (True, False) if by_factor else (None,), strict=True)
    ]
    edition = columns.fact_edition(
        [table.source for table in tables],
        options,
        said,
        source="mpfs",
        source_name=SOURCE_NAME,
        importer=IMPORTER,
        tables={"RelativeValue": chain.from_iterable(rows)},
    )
    return [edition]


def _in_order(tables: list[_Table]) -> list[_Table]:
    """Return the only file, or the two of a release, that of qualifying participants first."""
    expected = 2 if any(table.has_two_factors for table in tables) else 1
    if len(tables) != expected:
        message = (
            "is one of two files; give the QPP and the non-QPP file of the release together."
            if len(tables) < expected
            else f"expected {expected} relative value file(s) of one release, not {len(tables)}."
        )
        raise FileRefused(_names(tables), 0, message)
    tables.sort(key=lambda table: -table.factor)
    if expected == 2 and tables[0].factor == tables[1].factor:
        message = f"have the same conversion factor, {tables[0].factor}: are they the same file?"
        raise FileRefused(_names(tables), 0, message)
    return tables


def _names(tables: Sequence[_Table]) -> str:
    return ", ".join(table.source.name for table in tables)


def _said(table: _Table) -> Said:
    """Return month and year of the title; the month may stand in the name only."""
    if not (title := _TITLE.search(table.title)):
        return Said()
    month = title[2] or ""
    if not month and (named := _MONTH.search(table.source.name)):
        month = named[1]
    day: date | None = columns.month_in(f"{month} {title[1]}")
    return Said(day, f"{day:%B %Y}" if day else "")


FORMAT: Final = Format(
    name="mpfs",
    title="Medicare Physician Fee Schedule relative values (PPRRVU*.csv)",
    notice="ama",
    recognise=recognise,
    read=read,
)
