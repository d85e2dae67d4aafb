"""NCCI medically unlikely edits: the most units of a code. Pure: imports no Django.

Source: CMS, quarterly, ``MCR_MUE_{PractitionerServices|OutpatientHospitalServices|
DMESupplierServices}_Eff_MM-DD-YYYY.csv``. The first record is a notice of several lines; then a
heading whose second column names the service, and one row a code. The adjudication indicator is
followed by its words; only the digit is kept.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from codes.importers import columns
from codes.importers.columns import Cells, Header, Said, Unreadable, cell, limited
from codes.importers.fact_rows import UnitLimitRow
from codes.importers.rows import FactEdition, FileRefused
from codes.importers.source import Format, Options, SourceFile

IMPORTER: Final = "mue 1"
MAX_UNITS: Final = 1_000_000

_SERVICES: Final = {
    "practitioner services mue values": ("mue-practitioner", "Practitioner Services"),
    "outpatient hospital services mue values": ("mue-outpatient", "Outpatient Hospital Services"),
    "dme supplier services mue values": ("mue-dme", "DME Supplier Services"),
}
_ADJUDICATION: Final = re.compile(r"([123])\b.*")
_EFFECTIVE: Final = re.compile(r"Eff[_ -]+(\d\d)-(\d\d)-(20\d\d)", re.IGNORECASE)


def _is_header(cells: Cells) -> bool:
    names = {columns.words(text) for text in cells}
    return not names.isdisjoint(_SERVICES)


class _Places:
    def __init__(self, header: Header) -> None:
        self._code = header.place("HCPCS/CPT Code")
        self._units = header.place("MUE Values", *_SERVICES)
        self._adjudication = header.place("MUE Adjudication Indicator")
        self._rationale = header.place("MUE Rationale")
        self._width = 1 + max(self._code, self._units, self._adjudication, self._rationale)

    def row(self, line: int, cells: Cells) -> UnitLimitRow:
        columns.require_width(cells, self._width)
        return UnitLimitRow(
            line=line,
            code_key=columns.code_of(cells[self._code]),
            units=_units(cell(cells, self._units)),
            adjudication=_adjudication(cell(cells, self._adjudication)),
            rationale=limited(cells[self._rationale], "rationale", 200),
        )


def _units(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 7 and int(text) <= MAX_UNITS):
        raise Unreadable(f"“{text[:40]}” is no number of units; expected 0 to {MAX_UNITS:,}.")
    return int(text)


def _adjudication(text: str) -> str:
    if match := _ADJUDICATION.fullmatch(text):
        return match[1]
    raise Unreadable(f"“{text[:40]}” is no adjudication indicator; expected 1, 2 or 3.")


def recognise(source: SourceFile) -> bool:
    """Return whether these are unit limits (CSV); the workbook beside it says the same."""
    return not source.is_workbook and columns.looks_like(source, _is_header, ",")


def read(sources: Sequence[SourceFile], options: Options) -> list[FactEdition]:
    """Return an edition for each service; a file is of one service."""
    editions = [_edition(source, options) for source in sources]
    slugs = [edition.source for edition in editions]
    if len(set(slugs)) < len(slugs):
        names = ", ".join(source.name for source in sources)
        raise FileRefused(names, 0, "hold one service twice; give one file of each.")
    return editions


def _edition(source: SourceFile, options: Options) -> FactEdition:
    rows = source.csv_rows()
    header, before = columns.find_header(source, rows, _is_header, "unit limits")
    slug, service = next(_SERVICES[name] for name in header.names if name in _SERVICES)
    found = columns.read_rows(rows, _Places(header).row, source.name)
    checked = columns.once(found, lambda row: row.code_key, source.name)
    return columns.fact_edition(
        [source],
        options,
        _effective(source, " ".join(cell for _, cells in before for cell in cells)),
        source=slug,
        source_name=f"NCCI Medically Unlikely Edits, {service}",
        importer=IMPORTER,
        tables={"UnitLimit": columns.at_least_one(checked, source, "unit limits")},
    )


def _effective(source: SourceFile, notice: str) -> Said:
    """Return the day in the name, or in the notice above the heading."""
    match = _EFFECTIVE.search(columns.last_name(source)) or _EFFECTIVE.search(notice)
    if not match:
        return Said()
    month, day, year = map(int, match.groups())
    try:
        effective = date(year, month, day)
    except ValueError as error:
        raise source.refuse("its name holds a date that does not exist.") from error
    return Said(effective, columns.quarter(effective))


FORMAT: Final = Format(
    name="mue",
    title="NCCI medically unlikely edits (MCR_MUE_…csv), one to three services",
    notice="ama",
    recognise=recognise,
    read=read,
)
