"""Anaesthesia conversion factors by locality. Pure: imports no Django.

Source: CMS, ``ANES20yy.csv`` in ``RVUyyA.zip`` to ``RVUyyD.zip``. One heading row, whose last cell
names the national factor, then one row a locality. The year stands in the name only.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from codes.importers import columns
from codes.importers.columns import Cells, Header, Said, cell
from codes.importers.fact_rows import AnesthesiaFactorRow
from codes.importers.gpci import is_note, locality_of, mac_of, name_of
from codes.importers.rows import FactEdition
from codes.importers.source import Format, Options, SourceFile

IMPORTER: Final = "anesthesia 1"
SOURCE_NAME: Final = "Anesthesia Conversion Factors by Locality"

_FACTOR: Final = ".*anes.* (cf|conversion factor)s?( .*)?"


def _is_header(cells: Cells) -> bool:
    names = [columns.words(text) for text in cells]
    return "contractor" in names and any("anes" in name for name in names)


class _Places:
    def __init__(self, header: Header) -> None:
        self._mac = header.place("Contractor")
        self._number = header.place("Locality")
        self._name = header.place("Locality Name")
        self._factor = header.place("National Anes CF", _FACTOR)

    def row(self, line: int, cells: Cells) -> AnesthesiaFactorRow | None:
        if is_note(cells):
            return None
        return AnesthesiaFactorRow(
            line=line,
            mac=mac_of(cell(cells, self._mac)),
            number=locality_of(cell(cells, self._number)),
            name=name_of(cell(cells, self._name), 120),
            factor=columns.number(
                cell(cells, self._factor), "conversion factor", digits=8, places=4
            ),
        )


def recognise(source: SourceFile) -> bool:
    """Return whether this is the list of factors (CSV)."""
    return not source.is_workbook and columns.looks_like(source, _is_header, ",")


def read(sources: Sequence[SourceFile], options: Options) -> list[FactEdition]:
    """Return one edition of one file with one factor a locality."""
    source = columns.single(sources, "anaesthesia conversion factors")
    rows = source.csv_rows()
    header, _ = columns.find_header(source, rows, _is_header, "conversion factors")
    if len(header.all(_FACTOR)) > 1:
        raise source.refuse("has more than one column of factors; expected one a locality.")
    year = columns.year_in(columns.last_name(source))
    found = columns.read_rows(rows, _Places(header).row, source.name)
    checked = columns.once(found, lambda row: (row.mac, row.number), source.name)
    edition = columns.fact_edition(
        [source],
        options,
        Said(date(year, 1, 1), str(year)) if year else Said(),
        source="anesthesia",
        source_name=SOURCE_NAME,
        importer=IMPORTER,
        tables={"AnesthesiaFactor": columns.at_least_one(checked, source, "factors")},
    )
    return [edition]


FORMAT: Final = Format(
    name="anesthesia",
    title="anaesthesia conversion factors by locality (ANES20yy.csv)",
    notice="",
    recognise=recognise,
    read=read,
)
