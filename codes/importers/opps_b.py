"""OPPS Addendum B: how Medicare pays codes in hospital outpatient departments. Pure.

Source: CMS, quarterly. Title and notices, one heading row, one row a code, in cp1252; the columns
differ from quarter to quarter, so they are found by their names. Also read is the same list with
fewer columns (``HCPCSCode,ShortDescriptor,StatusIndicator,PaymentRate,Changed?,Source``). The
descriptor is never kept: it is the AMA's or the ADA's for most rows.
"""

import re
from collections.abc import Sequence
from datetime import date
from itertools import chain
from typing import Final

from codes.importers import columns
from codes.importers.columns import Cells, Header, Rows, Said, Unreadable, cell, limited
from codes.importers.fact_rows import OutpatientPaymentRow
from codes.importers.rows import FactEdition
from codes.importers.source import Format, Options, SourceFile

IMPORTER: Final = "opps_b 1"
SOURCE_NAME: Final = "OPPS Addendum B"

_CODE: Final = "hcpcs ?code"
_INDICATOR: Final = ("si", "status ?indicator")
_STATUS: Final = re.compile(r"[A-Z][0-9]?")
_APC: Final = re.compile(r"[0-9]{1,5}")
_MONTH: Final = re.compile(r"(20\d\d)-(\d\d)")


def _is_header(cells: Cells) -> bool:
    names = [columns.words(text) for text in cells]
    return bool(names and re.fullmatch(_CODE, names[0])) and any(
        re.fullmatch(pattern, name) for name in names for pattern in _INDICATOR
    )


class _Places:
    def __init__(self, header: Header) -> None:
        self._code = header.place("HCPCS Code", _CODE)
        self._indicator = header.place("SI", *_INDICATOR)
        self._rate = header.place("Payment Rate", "payment ?rate")
        self._apc = header.maybe("apc")
        self._weight = header.maybe("relative weight")
        self._national = header.maybe("national unadjusted copayment")
        self._minimum = header.maybe("minimum unadjusted copayment")
        self._notes = header.all("note.*|drug and device pass through.*")
        self._width = 1 + max(self._indicator, self._rate, self._national or 0, self._minimum or 0)

    def row(self, line: int, cells: Cells) -> OutpatientPaymentRow:
        columns.require_width(cells, self._width)
        notes = [text for place in self._notes if (text := cell(cells, place))]
        return OutpatientPaymentRow(
            line=line,
            code_key=columns.code_of(cells[self._code]),
            status_indicator=_matching(cells[self._indicator], _STATUS, "status indicator"),
            apc=_apc(cell(cells, self._apc)),
            relative_weight=columns.number_or_none(
                cell(cells, self._weight), "relative weight", digits=12, places=4
            ),
            payment_rate=columns.number_or_none(
                cells[self._rate], "payment rate", digits=13, places=3
            ),
            national_copayment=columns.number_or_none(
                cell(cells, self._national), "national copayment", digits=13, places=3
            ),
            minimum_copayment=columns.number_or_none(
                cell(cells, self._minimum), "minimum copayment", digits=13, places=3
            ),
            notes=limited("; ".join(notes), "note", 200),
        )


def _matching(text: str, pattern: re.Pattern[str], what: str) -> str:
    if pattern.fullmatch(plain := text.strip()):
        return plain
    raise Unreadable(f"“{plain[:40]}” is no {what}; expected such as J1.")


def _apc(text: str) -> str:
    """Return the number of an ambulatory payment classification, at least four digits."""
    if text and not _APC.fullmatch(text):
        raise Unreadable(f"“{text[:40]}” is no APC; expected a number such as 5361.")
    return text.zfill(4) if text else ""


def recognise(source: SourceFile) -> bool:
    """Return whether this is Addendum B (CSV); the workbook beside it says the same."""
    return not source.is_workbook and columns.looks_like(source, _is_header, ",")


def read(sources: Sequence[SourceFile], options: Options) -> list[FactEdition]:
    """Return one edition of one file."""
    source = columns.single(sources, "Addendum B")
    rows: Rows = source.csv_rows()
    header, before = columns.find_header(source, rows, _is_header, "Addendum B")
    first = next(iter(rows), None)
    said = _said(source, before, header, first)
    if first:
        rows = chain([first], rows)
    found = columns.read_rows(rows, _Places(header).row, source.name)
    checked = columns.once(found, lambda row: row.code_key, source.name)
    edition = columns.fact_edition(
        [source],
        options,
        said,
        source="opps-b",
        source_name=SOURCE_NAME,
        importer=IMPORTER,
        tables={"OutpatientPayment": columns.at_least_one(checked, source, "codes")},
    )
    return [edition]


def _said(
    source: SourceFile, before: Rows, header: Header, first: tuple[int, list[str]] | None
) -> Said:
    """Return the month: of a column that states it, of the title, or of the name."""
    day: date | None = None
    if first and (stated := _MONTH.fullmatch(cell(first[1], header.maybe("source")))):
        day = date(int(stated[1]), int(stated[2]), 1)
    title = " ".join(cell for _, cells in before for cell in cells)
    day = day or columns.month_in(title) or columns.month_in(columns.last_name(source))
    return Said(day, f"{day:%B %Y}" if day else "")


FORMAT: Final = Format(
    name="opps-b",
    title="OPPS Addendum B (CSV)",
    notice="ama",
    recognise=recognise,
    read=read,
)
