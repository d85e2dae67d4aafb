"""Medicare's list of telehealth services. Pure: imports no Django.

Source: CMS, “List of Medicare Telehealth Services”, a workbook for each calendar year, made anew
when the list changes; here also as CSV or with tabs. No official file was at hand: the layout is
that of public descriptions (a title, a heading, then ``Code, Short Descriptor, Status, Can
Audio-only Interaction Meet the Requirements?, Medicare Payment Limitations``), and columns differ
from year to year, so they are found by their names and only the code must be there. The short
descriptor is never kept: it is the AMA's for most rows.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from codes.importers import columns
from codes.importers.columns import Cells, Header, Said, Unreadable, cell, limited
from codes.importers.fact_rows import TelehealthServiceRow
from codes.importers.rows import FactEdition, cut
from codes.importers.source import Format, Options, SourceFile

IMPORTER: Final = "telehealth 1"
SOURCE_NAME: Final = "List of Medicare Telehealth Services"

_CODE: Final = "((cpt )?hcpcs )?codes?|hcpcs"
_AUDIO: Final = ".*audio only.*"
_STATUS: Final = ("status", ".*status.*")
_LIMITATION: Final = ".*payment limitations?.*"
_YES_OR_NO: Final = {"yes": True, "y": True, "no": False, "n": False, "": None, "n a": None}
_CALENDAR_YEAR: Final = re.compile(r"\b(?:cy|calendar year) (20\d\d)\b")
_EFFECTIVE: Final = re.compile(r"\beffective (?:january 1 )?(20\d\d)\b")


def _is_header(cells: Cells) -> bool:
    names = [columns.words(text) for text in cells]
    return bool(names and re.fullmatch(_CODE, names[0])) and any(
        re.fullmatch(_AUDIO, name) or "telehealth" in name for name in names[1:]
    )


class _Places:
    def __init__(self, header: Header) -> None:
        self._code = header.place("Code", _CODE)
        self._status = header.maybe(*_STATUS)
        self._audio = header.maybe(_AUDIO)
        self._limitation = header.maybe(_LIMITATION)

    def row(self, line: int, cells: Cells) -> TelehealthServiceRow | None:
        if _is_note(cells):
            return None
        return TelehealthServiceRow(
            line=line,
            code_key=columns.code_of(cell(cells, self._code)),
            status=limited(cell(cells, self._status), "status", 120),
            audio_only=_yes_or_no(cell(cells, self._audio)),
            limitation=limited(cell(cells, self._limitation), "limitation", 300),
        )


def _is_note(cells: Cells) -> bool:
    """Return whether a row is a sentence below the list: several words, and nothing beside them."""
    first, *rest = [text.strip() for text in cells]
    return len(columns.words(first).split()) > 1 and not any(rest)


def _yes_or_no(text: str) -> bool | None:
    try:
        return _YES_OR_NO[columns.words(text)]
    except KeyError:
        message = f"“{cut(text, 40)}” does not say whether audio alone will do; expected Yes or No."
        raise Unreadable(message) from None


def recognise(source: SourceFile) -> bool:
    """Return whether this is the list: a workbook, or text with commas or tabs."""
    return any(columns.looks_like(source, _is_header, mark) for mark in ",\t")


def read(sources: Sequence[SourceFile], options: Options) -> list[FactEdition]:
    """Return one edition of one file."""
    source = columns.single(sources, "telehealth services")
    rows = source.table_rows("," if columns.looks_like(source, _is_header, ",") else "\t")
    header, before = columns.find_header(source, rows, _is_header, "telehealth services")
    title = " ".join(text for _, cells in before for text in cells)
    found = columns.read_rows(rows, _Places(header).row, source.name)
    checked = columns.once(found, lambda row: row.code_key, source.name)
    edition = columns.fact_edition(
        [source],
        options,
        _said(f"{title} {columns.last_name(source)}"),
        source="telehealth",
        source_name=SOURCE_NAME,
        importer=IMPORTER,
        tables={"TelehealthService": columns.at_least_one(checked, source, "services")},
    )
    return [edition]


def _said(text: str) -> Said:
    """Return the calendar year that a text names; the day on which it was updated is another."""
    plain = columns.words(text)
    if match := _CALENDAR_YEAR.search(plain) or _EFFECTIVE.search(plain):
        return Said(date(int(match[1]), 1, 1), match[1])
    return Said()


FORMAT: Final = Format(
    name="telehealth",
    title="Medicare's list of telehealth services (workbook or CSV)",
    notice="ama",
    recognise=recognise,
    read=read,
)
