"""Anaesthesia conversion factors by locality. Pure: imports no Django.

Source: CMS, ``ANES20yy.csv`` in ``RVUyyA.zip`` to ``RVUyyD.zip``. One heading row, whose last cell
names the national factor, then one row a locality. The year stands in the name only.

From 2026 the law has two conversion factors, a higher one for qualifying participants of advanced
alternative payment models. No file of such a year was at hand, so both ways are read: two columns
of factors in one file, or two files of one column each. The higher one is the qualifying one.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Final

from codes.importers import columns
from codes.importers.columns import Cells, Header, Said, cell
from codes.importers.fact_rows import AnesthesiaFactorRow
from codes.importers.gpci import is_note, locality_of, mac_of, name_of
from codes.importers.rows import FactEdition, FileRefused, Problem
from codes.importers.source import Format, Options, SourceFile

IMPORTER: Final = "anesthesia 2"
SOURCE_NAME: Final = "Anesthesia Conversion Factors by Locality"

_FACTOR: Final = ".*anes.* (cf|conversion factor)s?( .*)?"


def _is_header(cells: Cells) -> bool:
    names = [columns.words(text) for text in cells]
    return "contractor" in names and any("anes" in name for name in names)


class _Factors:
    """One column of factors in a file; the file is read anew for each column."""

    def __init__(self, source: SourceFile, header: Header, factor: int) -> None:
        self.source = source
        self._mac = header.place("Contractor")
        self._number = header.place("Locality")
        self._name = header.place("Locality Name")
        self._factor = factor

    def highest(self) -> Decimal:
        """Return the highest factor of all localities that can be read."""
        factors = [row.factor for row in self.rows(None) if not isinstance(row, Problem)]
        return max(factors, default=Decimal(0))

    def rows(self, qualifying: bool | None) -> Iterator[AnesthesiaFactorRow | Problem]:
        """Yield the factors."""

        def build(line: int, cells: Cells) -> AnesthesiaFactorRow | None:
            return self._row(line, cells, qualifying)

        rows = self.source.csv_rows()
        columns.find_header(self.source, rows, _is_header, "conversion factors")
        found = columns.read_rows(rows, build, self.source.name)
        checked = columns.once(found, lambda row: (row.mac, row.number), self.source.name)
        return columns.at_least_one(checked, self.source, "factors")

    def _row(self, line: int, cells: Cells, qualifying: bool | None) -> AnesthesiaFactorRow | None:
        if is_note(cells):
            return None
        return AnesthesiaFactorRow(
            line=line,
            mac=mac_of(cell(cells, self._mac)),
            number=locality_of(cell(cells, self._number)),
            name=name_of(cell(cells, self._name), 120),
            qualifying=qualifying,
            factor=columns.number(
                cell(cells, self._factor), "conversion factor", digits=8, places=4
            ),
        )


def recognise(source: SourceFile) -> bool:
    """Return whether this is the list of factors (CSV)."""
    return not source.is_workbook and columns.looks_like(source, _is_header, ",")


def read(sources: Sequence[SourceFile], options: Options) -> list[FactEdition]:
    """Return one edition: one factor a locality up to 2025, two from 2026."""
    found = _in_order([factors for source in sources for factors in _of_file(source)])
    years = {columns.year_in(columns.last_name(source)) for source in sources}
    if len(years) > 1 and not options.effective_date:
        raise FileRefused(_names(sources), 0, "are of different years.")
    year = years.pop()
    kinds = (True, False) if len(found) == 2 else (None,)
    rows = [factors.rows(kind) for factors, kind in zip(found, kinds, strict=True)]
    edition = columns.fact_edition(
        sources,
        options,
        Said(date(year, 1, 1), str(year)) if year else Said(),
        source="anesthesia",
        source_name=SOURCE_NAME,
        importer=IMPORTER,
        tables={"AnesthesiaFactor": chain.from_iterable(rows)},
    )
    return [edition]


def _of_file(source: SourceFile) -> list[_Factors]:
    rows = source.csv_rows()
    header, _ = columns.find_header(source, rows, _is_header, "conversion factors")
    header.place("National Anes CF", _FACTOR)
    return [_Factors(source, header, place) for place in header.all(_FACTOR)]


def _in_order(found: list[_Factors]) -> list[_Factors]:
    """Return the only factors, or the two of a year, those of qualifying participants first."""
    if len(found) == 1:
        return found
    names = _names([factors.source for factors in found])
    if len(found) != 2:
        message = f"expected one or two columns of conversion factors, not {len(found)}."
        raise FileRefused(names, 0, message)
    found.sort(key=lambda factors: -factors.highest())
    if found[0].highest() == found[1].highest():
        raise FileRefused(names, 0, "have the same conversion factors: are they the same file?")
    return found


def _names(sources: Sequence[SourceFile]) -> str:
    return ", ".join(dict.fromkeys(source.name for source in sources))


FORMAT: Final = Format(
    name="anesthesia",
    title="anaesthesia conversion factors by locality (ANES20yy.csv)",
    notice="",
    recognise=recognise,
    read=read,
)
