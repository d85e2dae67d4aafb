"""Which counties a payment locality covers. Pure: imports no Django.

Source: CMS, ``yyLOCCO.csv`` in ``RVUyyA.zip`` to ``RVUyyD.zip``. The state stands in the first row
of its localities only, and the contractor may; both are carried down. Spreadsheets have dropped
zeros at the beginning of numbers. A row that repeats the one before is left out: Missouri's rest
of state stands twice, once for each of its two carriers.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from codes.importers import columns
from codes.importers.columns import Cells, Header, Said, Unreadable, cell, limited
from codes.importers.fact_rows import LocalityCountiesRow
from codes.importers.gpci import is_note, locality_of, mac_of, name_of
from codes.importers.rows import FactEdition
from codes.importers.source import Format, Options, SourceFile

IMPORTER: Final = "localities 1"
SOURCE_NAME: Final = "Counties Included in Localities"

_MAC: Final = "medicare admini?strative contractor( mac)?"  # the real heading lacks a letter
_AREA: Final = "fee schedule area"


def _is_header(cells: Cells) -> bool:
    names = {columns.words(text) for text in cells}
    return _AREA in names and "counties" in names


class _Reader:
    """Makes rows; remembers what is carried down and what stood before."""

    def __init__(self, header: Header) -> None:
        self._mac = header.place("Medicare Administrative Contractor", _MAC)
        self._number = header.place("Locality Number")
        self._state = header.place("State")
        self._area = header.place("Fee Schedule Area")
        self._counties = header.place("Counties")
        self._carried_mac = self._carried_state = ""
        self._before: tuple[str, ...] = ()

    def row(self, line: int, cells: Cells) -> LocalityCountiesRow | None:
        if is_note(cells):
            return None
        self._carry(cells)
        values = (
            self._carried_mac,
            locality_of(cell(cells, self._number)),
            self._carried_state,
            name_of(cell(cells, self._area), 160),
            limited(cell(cells, self._counties), "counties", 20_000),
        )
        if not values[4]:
            raise Unreadable("has no counties; expected their names.")
        if values == self._before:
            return None
        self._before = values
        return LocalityCountiesRow(line, *values)

    def _carry(self, cells: Cells) -> None:
        """Take contractor and state where the row has them; the first row must have both."""
        if mac := cell(cells, self._mac):
            self._carried_mac = mac_of(mac)
        if state := cell(cells, self._state):
            self._carried_state = limited(state, "state", 60)
        if not (self._carried_mac and self._carried_state):
            raise Unreadable("has no contractor or no state, and no row before it has.")


def recognise(source: SourceFile) -> bool:
    """Return whether this is the list of counties (CSV)."""
    return not source.is_workbook and columns.looks_like(source, _is_header, ",")


def read(sources: Sequence[SourceFile], options: Options) -> list[FactEdition]:
    """Return one edition of one file."""
    source = columns.single(sources, "counties by locality")
    rows = source.csv_rows()
    header, before = columns.find_header(source, rows, _is_header, "counties")
    year = columns.year_in(" ".join(cell for _, cells in before for cell in cells))
    found = columns.read_rows(rows, _Reader(header).row, source.name)
    edition = columns.fact_edition(
        [source],
        options,
        Said(date(year, 1, 1), str(year)) if year else Said(),
        source="localities",
        source_name=SOURCE_NAME,
        importer=IMPORTER,
        tables={"LocalityCounties": columns.at_least_one(found, source, "counties")},
    )
    return [edition]


FORMAT: Final = Format(
    name="localities",
    title="counties of each payment locality (yyLOCCO.csv)",
    notice="",
    recognise=recognise,
    read=read,
)
