"""Medicare severity diagnosis-related groups. Pure: imports no Django.

Source: CMS, Table 5 of the yearly inpatient rule, text with tabs or commas: a title, a heading,
then number, major category, type, title, weight and lengths of stay; notes below. The weight after
the cap of its decrease is what Medicare pays by. Also read is a list of titles without a heading,
``"number","MDC","type","title","ended","day"`` with ``\\N`` for nothing; groups that have ended are
left out, since an edition holds the groups of its year.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from codes.importers import columns
from codes.importers.columns import Cells, Header, Said, Unreadable, cell, limited
from codes.importers.fact_rows import DrgTitleRow
from codes.importers.rows import FactEdition, Problem, cut
from codes.importers.source import Format, Options, SourceFile

IMPORTER: Final = "ms_drg 1"
SOURCE_NAME: Final = "Medicare Severity Diagnosis-Related Groups (MS-DRG)"
MAX_TITLE: Final = 300

_NUMBER: Final = re.compile(r"[0-9]{1,3}")
_MDC: Final = re.compile(r"(?:MDC )?([0-9]{2}|PRE)")
_TYPES: Final = {
    **dict.fromkeys(("P", "SURG", "SURGICAL"), "P"),
    **dict.fromkeys(("M", "MED", "MEDICAL"), "M"),
    **dict.fromkeys(("", "**", r"\N"), ""),
}
_NOTHING: Final = frozenset({"", "**", r"\N"})
_FISCAL_YEAR: Final = re.compile(r"\bFY[ _-]?(20\d\d)\b", re.IGNORECASE)
_LISTED: Final = re.compile(r'"\d{3}",("[^"]*",){2}"[^"]+","[01]","[^"]*"')
_LIST_COLUMNS: Final = 6
_WEIGHTS: Final = ("weights?.*cap applied", "weights?", "relative weights?", "final weights?")


def _is_header(cells: Cells) -> bool:
    names = [columns.words(text) for text in cells]
    return bool(names) and names[0] == "ms drg" and "ms drg title" in names


class _Places:
    def __init__(self, header: Header) -> None:
        self._number = header.place("MS-DRG")
        self._mdc = header.place("MDC")
        self._type = header.place("TYPE")
        self._title = header.place("MS-DRG Title")
        self._weight = header.place("Weights", *_WEIGHTS)
        self._geometric = header.place("Geometric mean LOS", "geometric mean los")
        self._arithmetic = header.place("Arithmetic mean LOS", "arithmetic mean los")
        self._width = 1 + max(self._weight, self._geometric, self._arithmetic)

    def row(self, line: int, cells: Cells) -> DrgTitleRow | None:
        if not any(text.strip() for text in cells[1:]) and not cells[0].strip().isdigit():
            return None  # a note below the table
        columns.require_width(cells, self._width)
        return DrgTitleRow(
            line=line,
            number=_number(cell(cells, self._number)),
            mdc=_mdc(cell(cells, self._mdc)),
            type=_type(cell(cells, self._type)),
            title=_title(cell(cells, self._title)),
            weight=_value(cell(cells, self._weight), "weight", 8, 4),
            geometric_mean_stay=_value(cell(cells, self._geometric), "mean stay", 6, 2),
            arithmetic_mean_stay=_value(cell(cells, self._arithmetic), "mean stay", 6, 2),
        )


def _listed(line: int, cells: Cells) -> DrgTitleRow | None:
    """Return the row of the list of titles; nothing for a group that has ended."""
    columns.require_width(cells, _LIST_COLUMNS)
    number, mdc, type_, title, ended = (text.strip() for text in cells[:5])
    if ended not in {"0", "1"}:
        raise Unreadable(f"“{cut(ended, 40)}” does not say whether it ended; expected 0 or 1.")
    if ended == "1":
        return None
    return DrgTitleRow(line, _number(number), _mdc(mdc), _type(type_), _title(title))


def _number(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise Unreadable(f"“{cut(text, 40)}” is no number of a group; expected three digits.")
    return text.zfill(3)


def _mdc(text: str) -> str:
    if text in _NOTHING:
        return ""
    if match := _MDC.fullmatch(text):
        return match[1]
    raise Unreadable(f"“{cut(text, 40)}” is no major category; expected two digits or PRE.")


def _type(text: str) -> str:
    try:
        return _TYPES[text.upper()]
    except KeyError:
        message = f"“{cut(text, 40)}” is no type of group; expected SURG or MED."
        raise Unreadable(message) from None


def _title(text: str) -> str:
    if title := limited(text, "title", MAX_TITLE):
        return title
    raise Unreadable("has no title.")


def _value(text: str, what: str, digits: int, places: int) -> Decimal | None:
    plain = text.rstrip("* ")
    return columns.number_or_none(plain, what, digits=digits, places=places)


def _separator(source: SourceFile) -> str:
    return "\t" if columns.looks_like(source, _is_header, "\t") else ","


def _is_list(source: SourceFile) -> bool:
    return bool(_LISTED.fullmatch(source.head(1).strip()))


def recognise(source: SourceFile) -> bool:
    """Return whether this is Table 5 (text) or the list of titles."""
    if source.is_workbook:
        return False
    return _is_list(source) or any(columns.looks_like(source, _is_header, mark) for mark in "\t,")


def read(sources: Sequence[SourceFile], options: Options) -> list[FactEdition]:
    """Return one edition of one file."""
    source = columns.single(sources, "diagnosis-related groups")
    found: Iterator[DrgTitleRow | Problem]
    if _is_list(source):
        title = ""
        found = columns.read_rows(source.csv_rows(), _listed, source.name)
    else:
        rows = source.csv_rows(_separator(source))
        header, before = columns.find_header(source, rows, _is_header, "groups")
        title = " ".join([*(cell for _, cells in before for cell in cells), *header.names])
        found = columns.read_rows(rows, _Places(header).row, source.name)
    checked = columns.once(found, lambda row: row.number, source.name)
    edition = columns.fact_edition(
        [source],
        options,
        _fiscal_year(f"{title} {columns.last_name(source)}"),
        source="ms-drg",
        source_name=SOURCE_NAME,
        importer=IMPORTER,
        tables={"DrgTitle": columns.at_least_one(checked, source, "groups")},
    )
    return [edition]


def _fiscal_year(text: str) -> Said:
    """Return the fiscal year that a text names; it begins on October 1 of the year before."""
    if match := _FISCAL_YEAR.search(text.replace("_", " ")):
        return Said(date(int(match[1]) - 1, 10, 1), f"FY {match[1]}")
    return Said()


FORMAT: Final = Format(
    name="ms-drg",
    title="MS-DRG titles and weights (Table 5, text)",
    notice="",
    recognise=recognise,
    read=read,
)
