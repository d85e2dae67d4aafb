"""Payment localities with their geographic practice cost indices. Pure: imports no Django.

Source: CMS, ``GPCI20yy.csv`` in ``RVUyyA.zip`` to ``RVUyyD.zip`` (Addendum E of the final rule). A
title, an empty row, one heading row, then one row a locality, then notes. Where a file states the
work index with and without its floor of 1.0, the one with the floor is what Medicare pays by.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from codes.importers import columns
from codes.importers.columns import Cells, Header, Said, Unreadable, cell
from codes.importers.fact_rows import LocalityRow
from codes.importers.rows import FactEdition
from codes.importers.source import Format, Options, SourceFile

IMPORTER: Final = "gpci 1"
SOURCE_NAME: Final = "Geographic Practice Cost Indices by State and Medicare Locality"

_WORK: Final = ("(20.. )?pw gpci.*with 1 0 floor", "(20.. )?pw gpci")
_MAC: Final = "medicare administrative contractor( mac)?"


def _is_header(cells: Cells) -> bool:
    names = {columns.words(text) for text in cells}
    return "locality number" in names and any("gpci" in name for name in names)


class _Places:
    def __init__(self, header: Header) -> None:
        self._mac = header.place("Medicare Administrative Contractor (MAC)", _MAC)
        self._state = header.place("State")
        self._number = header.place("Locality Number")
        self._name = header.place("Locality Name")
        self._work = header.place("PW GPCI", *_WORK)
        self._practice = header.place("PE GPCI", "(20.. )?pe gpci.*")
        self._malpractice = header.place("MP GPCI", "(20.. )?mp gpci.*")

    def row(self, line: int, cells: Cells) -> LocalityRow | None:
        if is_note(cells):
            return None
        return LocalityRow(
            line=line,
            mac=mac_of(cell(cells, self._mac)),
            state=_state(cell(cells, self._state)),
            number=locality_of(cell(cells, self._number)),
            name=name_of(cell(cells, self._name), 120),
            work_index=_index(cell(cells, self._work), "work index"),
            practice_index=_index(cell(cells, self._practice), "practice expense index"),
            malpractice_index=_index(cell(cells, self._malpractice), "malpractice index"),
        )


def is_note(cells: Cells) -> bool:
    """Return whether a row is a note: a sentence in its first cell and nothing else."""
    first, *rest = [text.strip() for text in cells]
    return not first[:1].isdigit() and not any(rest)


def mac_of(text: str) -> str:
    """Return the five digits of a contractor; spreadsheets drop zeros at the beginning."""
    if not (text.isascii() and text.isdigit() and 4 <= len(text) <= 5):
        raise Unreadable(f"“{text}” is no contractor number; expected five digits.")
    return text.zfill(5)


def locality_of(text: str) -> str:
    """Return the two digits of a locality; spreadsheets drop zeros at the beginning."""
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        raise Unreadable(f"“{text}” is no locality number; expected two digits.")
    return text.zfill(2)


def name_of(text: str, limit: int) -> str:
    """Return a name without the stars that point to footnotes."""
    if name := columns.limited(text, "name", limit).rstrip("* "):
        return name
    raise Unreadable("has no name of the locality.")


def _state(text: str) -> str:
    if len(text) == 2 and text.isascii() and text.isupper():
        return text
    raise Unreadable(f"“{text}” is no state; expected two capital letters.")


def _index(text: str, what: str) -> Decimal:
    return columns.number(text, what, digits=6, places=3)


def recognise(source: SourceFile) -> bool:
    """Return whether this is the list of indices (CSV)."""
    return not source.is_workbook and columns.looks_like(source, _is_header, ",")


def read(sources: Sequence[SourceFile], options: Options) -> list[FactEdition]:
    """Return one edition of one file."""
    source = columns.single(sources, "localities with their indices")
    rows = source.csv_rows()
    header, before = columns.find_header(source, rows, _is_header, "localities")
    title = " ".join(cell for _, cells in before for cell in cells)
    year = columns.year_in(title) or columns.year_in(" ".join(header.names))
    found = columns.read_rows(rows, _Places(header).row, source.name)
    checked = columns.once(found, lambda row: (row.mac, row.number), source.name)
    edition = columns.fact_edition(
        [source],
        options,
        Said(date(year, 1, 1), str(year)) if year else Said(),
        source="gpci",
        source_name=SOURCE_NAME,
        importer=IMPORTER,
        tables={"Locality": columns.at_least_one(checked, source, "localities")},
    )
    return [edition]


FORMAT: Final = Format(
    name="gpci",
    title="geographic practice cost indices by locality (GPCI20yy.csv)",
    notice="",
    recognise=recognise,
    read=read,
)
