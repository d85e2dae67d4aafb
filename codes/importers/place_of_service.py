"""Place of service codes, as a table (CSV or workbook). Pure: imports no Django.

Source: CMS publishes the code set for professional claims as a table of code, name and
description; whether a place is paid as a facility is in its policy for the fee schedule. Columns
are found by their names, in the words of CMS or in short (``pos_code``). The table names no
edition.
"""

import re
from collections.abc import Sequence
from typing import Final

from codes.importers import columns
from codes.importers.columns import Cells, Header, Said, Unreadable, cell
from codes.importers.fact_rows import PlaceOfServiceRow
from codes.importers.rows import FactEdition, cut
from codes.importers.source import Format, Options, SourceFile

IMPORTER: Final = "place_of_service 1"
SOURCE_NAME: Final = "Place of Service Code Set"
SETTINGS: Final = ("Facility", "Non-Facility")

_POS: Final = "(pos|place of service)"
_NUMBER: Final = re.compile(r"[0-9]{1,2}")
_RANGE: Final = re.compile(r"[0-9]{1,2}( ?[-–] ?[0-9]{1,2})?")


def _is_header(cells: Cells) -> bool:
    names = [columns.words(text) for text in cells]
    return all(
        any(re.fullmatch(f"{_POS} {what}", name) for name in names)
        for what in ("codes?( s)?", "name", "description")
    )


class _Places:
    def __init__(self, header: Header) -> None:
        self._number = header.place("Place of Service Code", f"{_POS} codes?( s)?")
        self._name = header.place("Place of Service Name", f"{_POS} name")
        self._description = header.place("Place of Service Description", f"{_POS} description")
        self._setting = header.maybe(f"{_POS} type", "setting", "facility non facility")
        self._width = 1 + max(self._number, self._name, self._description)

    def row(self, line: int, cells: Cells) -> PlaceOfServiceRow | None:
        columns.require_width(cells, self._width)
        number, name = cell(cells, self._number), cell(cells, self._name)
        if columns.words(name) == "unassigned" and _RANGE.fullmatch(number):
            return None
        if not _NUMBER.fullmatch(number):
            raise Unreadable(f"“{cut(number, 40)}” is no code of two digits.")
        if not name:
            raise Unreadable(f"{number} has no name.")
        return PlaceOfServiceRow(
            line=line,
            number=number.zfill(2),
            setting=_setting(cell(cells, self._setting)),
            name=columns.limited(name, "name", 200),
            description=cell(cells, self._description),
        )


def _setting(text: str) -> str:
    if text and text not in SETTINGS:
        raise Unreadable(f"“{text}” is neither {' nor '.join(SETTINGS)}.")
    return text


def recognise(source: SourceFile) -> bool:
    """Return whether the file has the columns of the code set."""
    return columns.looks_like(source, _is_header, ",")


def read(sources: Sequence[SourceFile], options: Options) -> list[FactEdition]:
    """Return one edition of one file; its day has to be given, as the table names none."""
    source = columns.single(sources, "place of service codes")
    rows = source.table_rows()
    header, _ = columns.find_header(source, rows, _is_header, "place of service codes")
    found = columns.read_rows(rows, _Places(header).row, source.name)
    checked = columns.once(found, lambda row: row.number, source.name)
    edition = columns.fact_edition(
        [source],
        options,
        Said(columns.month_in(source.name)),
        source="place-of-service",
        source_name=SOURCE_NAME,
        importer=IMPORTER,
        tables={"PlaceOfService": columns.at_least_one(checked, source, "codes")},
    )
    return [edition]


FORMAT: Final = Format(
    name="place-of-service",
    title="place of service codes (code, name, description)",
    notice="",
    recognise=recognise,
    read=read,
)
