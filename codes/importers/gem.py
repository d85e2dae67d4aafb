"""General equivalence mappings between ICD-10 and ICD-9-CM. Pure: imports no Django.

Source: CMS/NCHS, last published for 2018: ``2018_I10gem.txt`` (ICD-10-CM to ICD-9-CM),
``2018_I9gem.txt`` (back), ``gem_pcsi9.txt`` and ``gem_i9pcs.txt`` for procedures. Fixed width:
source, target, and five digits: approximate, no map, combination, scenario, choice list. Also read
is the CSV of the National Bureau of Economic Research with the same five digits. The direction is
known from the codes of the first row. Targets are empty where the file says that there is none.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Final

from codes.importers import columns
from codes.importers.columns import Said, Unreadable, cell
from codes.importers.fact_rows import CrosswalkRow
from codes.importers.rows import FactEdition, FileRefused, Problem, cut
from codes.importers.source import Format, Options, SourceFile

IMPORTER: Final = "gem 1"

_CM10: Final = re.compile(r"(?=.*[0-9])[A-Z][0-9A-Z]{2,6}")
_PCS: Final = re.compile(r"[0-9B-DF-HX][0-9A-HJ-NP-Z]{6}")
_CM9: Final = re.compile(r"[0-9]{3,5}|V[0-9]{2,4}|E[0-9]{3,4}")
_PROCEDURE9: Final = re.compile(r"[0-9]{2,4}")
_NO_MAP: Final = frozenset({"NODX", "NOPCS", "NOPROC", ""})
_FLAGS: Final = re.compile(r"[01]{3}[0-9]{2}")
_YEAR: Final = re.compile(r"(?<!\d)(20[01]\d)(?=_)")

Fields = tuple[int, str, str, str]
"""Line, source, target, flags."""


@dataclass(frozen=True, slots=True)
class Direction:
    """From which system to which, and what their codes look like."""

    source: str
    target: str
    name: str
    source_code: re.Pattern[str]
    target_code: re.Pattern[str]

    def row(self, fields: Fields) -> CrosswalkRow:
        line, source, target, flags = fields
        if not self.source_code.fullmatch(source):
            raise Unreadable(f"“{cut(source, 40)}” is no code of {self.source}.")
        if not _FLAGS.fullmatch(flags):
            raise Unreadable(f"“{cut(flags, 40)}” are no flags; expected five digits.")
        if (target.upper() in _NO_MAP) != (flags[1] == "1"):
            raise Unreadable(f"{source}: flag and target do not agree whether there is a map.")
        if flags[1] == "1":
            target = ""
        elif not self.target_code.fullmatch(target):
            raise Unreadable(f"“{cut(target, 40)}” is no code of {self.target}.")
        return CrosswalkRow(line, self.source, source, self.target, target, flags)


_DIAGNOSES: Final = "General Equivalence Mappings, diagnoses"
_PROCEDURES: Final = "General Equivalence Mappings, procedures"
DIRECTIONS: Final = (
    Direction("icd-10-pcs", "icd-9-cm-procedures", _PROCEDURES, _PCS, _PROCEDURE9),
    Direction("icd-9-cm-procedures", "icd-10-pcs", _PROCEDURES, _PROCEDURE9, _PCS),
    Direction("icd-10-cm", "icd-9-cm", _DIAGNOSES, _CM10, _CM9),
    Direction("icd-9-cm", "icd-10-cm", _DIAGNOSES, _CM9, _CM10),
)


def _direction(fields: Fields) -> Direction | None:
    _, source, target, _ = fields
    for direction in DIRECTIONS:
        if direction.source_code.fullmatch(source) and direction.target_code.fullmatch(target):
            return direction
    return None


def fixed_fields(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Fields | Problem]:
    """Yield the fields of the official layout, in which no field holds a space."""
    for line, text in lines:
        fields = text.split()
        if len(fields) == 3:
            yield line, fields[0], fields[1], fields[2]
        elif fields:
            message = f"“{cut(text.strip(), 40)}” is no mapping; expected source, target, flags."
            yield Problem(file, line, f"{message} Is the file complete?")


def _table_fields(source: SourceFile) -> Iterator[Fields | Problem]:
    """Yield the fields of the CSV layout; ``flags`` must repeat the five columns after it."""
    rows = source.csv_rows()
    header, _ = columns.find_header(source, rows, _is_header, "mappings")
    names = ("approximate", "no map", "combination", "scenario", "choice list")
    flag_places = [header.place(name) for name in names]
    flags_place, width = header.place("flags"), len(header.names)
    for line, cells in rows:
        if not any(map(str.strip, cells)):
            continue
        flags = cell(cells, flags_place)
        if len(cells) < width or flags != "".join(cell(cells, place) for place in flag_places):
            yield Problem(source.name, line, "is incomplete, or its flags do not agree.")
        else:
            yield line, cell(cells, 0), cell(cells, 1), flags


def _is_header(cells: Sequence[str]) -> bool:
    names = [columns.words(text) for text in cells]
    return names[2:4] == ["flags", "approximate"]


def _fields(source: SourceFile) -> Iterator[Fields | Problem]:
    if columns.looks_like(source, _is_header, ","):
        return _table_fields(source)
    return fixed_fields(source.lines(), source.name)


def recognise(source: SourceFile) -> bool:
    """Return whether these are equivalence mappings, in either layout."""
    if source.is_workbook:
        return False
    if columns.looks_like(source, _is_header, ","):
        return True
    first = next(fixed_fields(enumerate(source.head(5).split("\n"), start=1), ""), None)
    return isinstance(first, tuple) and bool(_FLAGS.fullmatch(first[3]) and _direction(first))


def read(sources: Sequence[SourceFile], options: Options) -> list[FactEdition]:
    """Return an edition for each file; each is one direction."""
    editions = [_edition(source, options) for source in sources]
    slugs = [edition.source for edition in editions]
    if len(set(slugs)) < len(slugs):
        names = ", ".join(source.name for source in sources)
        raise FileRefused(names, 0, "hold one direction twice; give one file of each.")
    return editions


def _edition(source: SourceFile, options: Options) -> FactEdition:
    fields = _fields(source)
    first = next(fields, None)
    direction = _direction(first) if isinstance(first, tuple) else None
    if first is None or direction is None:
        raise source.refuse("does not begin with a mapping between ICD-10 and ICD-9-CM.")
    found = _rows(chain([first], fields), direction, source.name)
    checked = columns.once(
        found, lambda row: (row.source_key, row.target_key, row.flags), source.name
    )
    return columns.fact_edition(
        [source],
        options,
        _year(source),
        source=f"gem-{direction.source}-{direction.target}",
        source_name=direction.name,
        importer=IMPORTER,
        tables={"Crosswalk": checked},
    )


def _rows(
    fields: Iterable[Fields | Problem], direction: Direction, file: str
) -> Iterator[CrosswalkRow | Problem]:
    for each in fields:
        if isinstance(each, Problem):
            yield each
            continue
        try:
            yield direction.row(each)
        except Unreadable as wrong:
            yield Problem(file, each[0], str(wrong))


def _year(source: SourceFile) -> Said:
    """Return the fiscal year in names such as ``2018_I10gem.txt``."""
    if match := _YEAR.search(columns.last_name(source)):
        return Said(date(int(match[1]) - 1, 10, 1), f"FY {match[1]}")
    return Said()


FORMAT: Final = Format(
    name="gem",
    title="general equivalence mappings between ICD-10 and ICD-9-CM (…gem.txt)",
    notice="",
    recognise=recognise,
    read=read,
)
