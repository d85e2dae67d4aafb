"""The two layouts of HCPCS Level II, read into the same entries. Pure: imports no Django.

Columns are those of the record layout that CMS publishes with the file. The spreadsheet has the
same fields under the names of its heading row, which may stand below notes.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Final

from codes.importers.rows import Problem, cut
from codes.importers.source import SourceFile

RECORD: Final = 293
"""Columns of a first line: the last field, the action, is never empty."""

_CODE: Final = re.compile(r"[A-Z][0-9]{4}")
_MODIFIER: Final = re.compile(r"[0-9A-Z]{2}")
_START: Final = re.compile(r"(?:[0-9A-Z]{5}| {3}[0-9A-Z]{2})[0-9]{5}[3478]")
_RECORD: Final = re.compile(r"(?:[0-9A-Z]{5}| {3}[0-9A-Z]{2})[0-9]{5}[37].{257}[0-9]{16}")
_HEADINGS: Final = ("HCPC", "SEQNUM", "RECID", "LONG DESCRIPTION", "SHORT DESCRIPTION")

# Field -> first and last column of each of its occurrences, as the record layout counts.
_SINGLE: Final = {
    "short": (92, 119),
    "multiple_pricing": (128, 128),
    "statute": (171, 180),
    "coverage": (230, 230),
    "asc_group": (231, 232),
    "asc_date": (233, 240),
    "processing_note": (253, 256),
    "betos": (257, 259),
    "anesthesia_base_units": (266, 268),
    "added": (269, 276),
    "acted": (277, 284),
    "terminated": (285, 292),
    "action": (293, 293),
}
_REPEATED: Final = {
    "pricing": [(first, first + 1) for first in range(120, 128, 2)],
    "ncd": [(first, first + 5) for first in range(129, 147, 6)],
    "manual": [(first, first + 7) for first in range(147, 171, 8)],
    "lab": [(first, first + 2) for first in range(181, 205, 3)],
    "references": [(first, first + 4) for first in range(205, 230, 5)],
    "services": [(first, first) for first in range(261, 266)],
}
_SHEET_SINGLE: Final = {
    "short": "SHORT DESCRIPTION",
    "multiple_pricing": "MULT_PI",
    "statute": "STATUTE",
    "coverage": "COV",
    "asc_group": "ASC_GRP",
    "asc_date": "ASC_DT",
    "processing_note": "PROCNOTE",
    "betos": "BETOS",
    "anesthesia_base_units": "ANEST_BU",
    "added": "ADD DT",
    "acted": "ACT EFF DT",
    "terminated": "TERM DT",
    "action": "ACTION CD",
}
_SHEET_REPEATED: Final = {
    "pricing": [f"PRICE{n}" for n in range(1, 5)],
    "ncd": [f"CIM{n}" for n in range(1, 4)],
    "manual": [f"MCM{n}" for n in range(1, 4)],
    "lab": [f"LABCERT{n}" for n in range(1, 9)],
    "references": [f"XREF{n}" for n in range(1, 6)],
    "services": [f"TOS{n}" for n in range(1, 6)],
}
_DIGITS: Final = {"processing_note": 4, "anesthesia_base_units": 3, "pricing": 2, "lab": 3}
"""Numbers with leading zeros, which a spreadsheet program may have dropped."""


@dataclass(slots=True)
class Entry:
    """A code or modifier as the file states it, dates aside still text."""

    file: str
    line: int
    key: str
    sequence: int
    pieces: list[str]
    values: Mapping[str, str]
    lists: Mapping[str, list[str]]
    dates: dict[str, date | None] = field(default_factory=dict)

    @property
    def is_modifier(self) -> bool:
        """Whether this is a modifier: those have two characters, codes five."""
        return len(self.key) == 2

    @property
    def long(self) -> str:
        """The long descriptor, its pieces joined by one space."""
        return " ".join(piece for piece in self.pieces if piece)


def is_fixed_width(source: SourceFile) -> bool:
    lines = source.head().splitlines()
    return any(_RECORD.match(line) and _is_ours(_key(line)) for line in lines)


def is_sheet(source: SourceFile) -> bool:
    separator = "\t" if source.is_workbook else ","
    return any(
        [name.strip().upper() for name in line.split(separator)[:5]] == list(_HEADINGS)
        for line in source.head().splitlines()
    )


def fixed_width(source: SourceFile) -> Iterator[Entry | Problem]:
    """Yield an entry for each code and modifier of the fixed-width file."""
    entry: Entry | None = None
    started = False
    for line, text in source.lines():
        if not _START.match(text):
            if started and text.strip():
                message = "expected a code or modifier, a sequence number and a record "
                yield Problem(source.name, line, f"{message}identifier (3, 4, 7, 8) in 1-11.")
            continue
        started = True
        if text[10] in "37":
            if entry:
                yield entry
            entry = None
            if len(text.rstrip()) < RECORD:
                message = f"ends before column {RECORD}, its action. Is the file complete?"
                yield Problem(source.name, line, f"{_key(text)}: {message}")
            elif _is_ours(_key(text)):
                entry = _entry_of_line(source.name, line, text)
        elif _is_ours(_key(text)):
            yield from _continued(source.name, line, text, entry)
    if entry:
        yield entry


def _continued(name: str, line: int, text: str, entry: Entry | None) -> Iterator[Problem]:
    """Add a line to the long descriptor of the entry before it."""
    sequence = int(text[5:10])
    if entry is None or entry.key != _key(text):
        yield Problem(name, line, f"{_key(text)}: continues a record that is not before it.")
        return
    if sequence != entry.sequence + 100:
        message = f"sequence number {sequence} does not follow {entry.sequence}; a line is missing."
        yield Problem(name, line, f"{entry.key}: {message}")
    entry.sequence = sequence
    entry.pieces.append(text[11:91].strip())


def _entry_of_line(file: str, line: int, text: str) -> Entry:
    values = {
        name: _padded(name, text[first - 1 : last].strip())
        for name, (first, last) in _SINGLE.items()
    }
    lists = {
        name: [value for first, last in places if (value := text[first - 1 : last].strip())]
        for name, places in _REPEATED.items()
    }
    pieces = [text[11:91].strip()]
    return Entry(file, line, _key(text), int(text[5:10]), pieces, values, lists)


def _key(text: str) -> str:
    return text[:5].strip()


def _is_ours(key: str) -> bool:
    """Return whether a code is of HCPCS Level II; CPT and dental codes are not."""
    if len(key) == 2:
        return not key.isdigit()
    return bool(_CODE.fullmatch(key)) and not key.startswith("D")


def sheet(source: SourceFile) -> Iterator[Entry | Problem]:
    """Yield an entry for each row of the spreadsheet, found by the names of its columns."""
    columns: dict[str, int] = {}
    entry: Entry | None = None
    for line, cells in source.table_rows():
        if not columns:
            columns = _columns(source, line, cells)
            continue
        row = {name: cells[i].strip() if i < len(cells) else "" for name, i in columns.items()}
        if not any(row.values()) or not _is_ours(row["HCPC"]):
            yield from _stranger(source.name, line, row)
        elif row["RECID"] in ("4", "8"):
            if entry is None or entry.key != row["HCPC"]:
                message = "continues a record that is not before it."
                yield Problem(source.name, line, f"{row['HCPC']}: {message}")
            else:
                entry.pieces.append(row["LONG DESCRIPTION"])
        else:
            if entry:
                yield entry
            entry = _entry_of_row(source.name, line, row)
    if entry:
        yield entry


def _columns(source: SourceFile, line: int, cells: Sequence[str]) -> dict[str, int]:
    """Return where each column stands; nothing for a line of notes above the headings."""
    names = [" ".join(cell.upper().split()) for cell in cells]
    if "HCPC" not in names:
        return {}
    columns = {name: place for place, name in enumerate(names) if name}
    wanted = {*_HEADINGS, *_SHEET_SINGLE.values(), *chain.from_iterable(_SHEET_REPEATED.values())}
    if missing := sorted(wanted - columns.keys()):
        raise source.refuse(f"has no column {', '.join(missing)}.", line)
    return columns


def _stranger(name: str, line: int, row: Mapping[str, str]) -> Iterator[Problem]:
    """Complain of a row that is neither empty nor a code of the AMA or the ADA."""
    key = row["HCPC"]
    if any(row.values()) and not re.fullmatch(r"[0-9]{2}|[0-9]{4}[0-9A-Z]|D[0-9]{4}", key):
        message = "is no code (a letter and four digits) and no modifier (two characters)."
        yield Problem(name, line, f"“{cut(key, 40)}” {message}")


def _entry_of_row(file: str, line: int, row: Mapping[str, str]) -> Entry:
    values = {name: _padded(name, row[column]) for name, column in _SHEET_SINGLE.items()}
    lists = {
        name: [_padded(name, row[column]) for column in columns if row[column]]
        for name, columns in _SHEET_REPEATED.items()
    }
    return Entry(file, line, row["HCPC"], 0, [row["LONG DESCRIPTION"]], values, lists)


def _padded(name: str, value: str) -> str:
    return value.zfill(_DIGITS[name]) if name in _DIGITS and value else value
