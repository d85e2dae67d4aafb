"""NCCI procedure-to-procedure edits. Pure: imports no Django.

Source: CMS, quarterly: ``ccipra-v323r0-f1.txt`` to ``-f4`` for practitioners, ``ccioph-…`` for
outpatient hospitals; together two million rows. Some heading lines, the last of which explains
indicator 9, then seven columns between tabs, sorted by column 1. What is for whom stands in the
names only, as does the version: 32.3 is the fourth quarter of 1994 + 32.

A pair that was deleted on its effective day never applied; where the same pair of that day stands
a second time, the row that did apply is kept (1996-01-01, 13121/13120 is such a pair).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from codes.importers import columns
from codes.importers.columns import Said, Unreadable
from codes.importers.fact_rows import PtpEditRow
from codes.importers.rows import FactEdition, FileRefused, Problem, cut
from codes.importers.source import Format, Options, SourceFile

IMPORTER: Final = "ncci_ptp 1"
COLUMNS: Final = 7
PARTS: Final = 4
MAX_RATIONALE: Final = 120

_VERSION: Final = re.compile(r"-v(\d\d)([0-3])r\d+", re.IGNORECASE)
_PART: Final = re.compile(r"-f(\d)\b", re.IGNORECASE)
_FIRST_VERSION: Final = 1994


class _Values:
    """Reads cells; each text is checked once and the same object returned ever after.

    Two million rows have 13,000 codes, some hundred days and two dozen rationales, so this is what
    makes reading fast and small.
    """

    def __init__(self) -> None:
        self.codes: dict[str, str] = {}
        self.days: dict[str, date] = {}
        self.deletions: dict[str, date | None] = {"*": None, "": None}
        self.befores: dict[str, bool] = {"*": True, "": False}
        self.indicators: dict[str, str] = {"0": "0", "1": "1", "9": "9"}
        self.rationales: dict[str, str] = {}

    def code(self, text: str, what: str) -> str:
        code = self.codes[text] = columns.code_of(text, what)
        return code

    def day(self, text: str) -> date:
        day = self.days[text] = columns.compact_day(text.strip(), "effective date")
        return day

    def deletion(self, text: str) -> date | None:
        plain = text.strip()
        day = None if plain in {"*", ""} else columns.compact_day(plain, "deletion date")
        self.deletions[text] = day
        return day

    def before(self, text: str) -> bool:
        if (plain := text.strip()) not in {"*", ""}:
            message = f"“{cut(plain, 40)}” is no mark of an edit from before 1996; expected * or"
            raise Unreadable(f"{message} nothing.")
        return plain == "*"

    def indicator(self, text: str) -> str:
        if (plain := text.strip()) not in {"0", "1", "9"}:
            message = f"“{cut(plain, 40)}” is no modifier indicator; expected 0, 1 or 9."
            raise Unreadable(message)
        return plain

    def rationale(self, text: str) -> str:
        plain = columns.limited(text, "rationale", MAX_RATIONALE)
        self.rationales[text] = plain
        return plain


def read_lines(lines: Iterable[tuple[int, str]], file: str) -> Iterator[PtpEditRow | Problem]:
    """Yield an edit for each line below the heading, or what is wrong with the line.

    A row whose rationale ends within one that stands elsewhere is the end of a file that was cut.
    Two million lines take some five seconds; memory does not grow with them.
    """
    values = _Values()
    codes, days, deletions = values.codes, values.days, values.deletions
    befores, indicators, rationales = values.befores, values.indicators, values.rationales
    last_line, last_new = 0, 0
    for line, text in lines:
        fields = text.split("\t")
        if len(fields) != COLUMNS:
            if not text.strip():
                continue
            if len(fields) < COLUMNS or any(map(str.strip, fields[COLUMNS:])):
                yield Problem(file, line, _wrong_width(len(fields)))
                continue
            del fields[COLUMNS:]
        column1, column2, before, effective, deleted, indicator, rationale = fields
        last_line = line
        if rationale not in rationales:
            last_new = line
        try:
            # Asked for is only what is not known yet: a call each would double the time.
            row = PtpEditRow(
                line,
                codes.get(column1) or values.code(column1, "column 1 code"),
                codes.get(column2) or values.code(column2, "column 2 code"),
                befores[before] if before in befores else values.before(before),
                days.get(effective) or values.day(effective),
                deletions[deleted] if deleted in deletions else values.deletion(deleted),
                indicators.get(indicator) or values.indicator(indicator),
                rationales.get(rationale) or values.rationale(rationale),
            )
        except Unreadable as wrong:
            yield Problem(file, line, str(wrong))
        else:
            yield row
    if rationales and last_new == last_line and _is_cut(list(rationales.values())):
        yield Problem(file, last_line, "ends in the middle of its rationale; is it complete?")


def _wrong_width(count: int) -> str:
    return f"has {count} columns between tabs; expected {COLUMNS}. Is the file complete?"


def _is_cut(rationales: Sequence[str]) -> bool:
    """Return whether the rationale that came last is the beginning of another."""
    *others, last = rationales
    return any(other != last and other.startswith(last) for other in others)


def settle(
    files: Iterable[tuple[str, Iterable[PtpEditRow | Problem]]],
) -> Iterator[PtpEditRow | Problem]:
    """Yield the rows of all files, of each pair and effective day only one.

    Kept is the row that applied. Two that applied contradict each other, unless they say the same.
    Holds the rows of one column 1 code at a time, which stand together.
    """
    group: dict[tuple[str, date], PtpEditRow] = {}
    finished: dict[str, str] = {}
    current = ""
    for file, rows in files:
        for row in rows:
            if isinstance(row, Problem):
                yield row
                continue
            if row.column1 != current:
                yield from group.values()
                group = {}
                current = row.column1
                if current in finished:
                    yield Problem(file, row.line, _standing_apart(current, finished[current]))
                finished[current] = file
            key = (row.column2, row.effective_on)
            earlier = group.setdefault(key, row)
            if earlier is not row:
                group[key] = _that_applied(earlier, row)
                if _contradict(earlier, row):
                    yield Problem(file, row.line, _contradiction(earlier))
    yield from group.values()


def _standing_apart(column1: str, file: str) -> str:
    return (
        f"{column1} stood in column 1 of {file} before, with other codes between;"
        " give each file of the release once, as published."
    )


def _applied(row: PtpEditRow) -> bool:
    return row.deleted_on is None or row.deleted_on > row.effective_on


def _that_applied(one: PtpEditRow, other: PtpEditRow) -> PtpEditRow:
    return other if _applied(other) and not _applied(one) else one


def _contradict(one: PtpEditRow, other: PtpEditRow) -> bool:
    if not (_applied(one) and _applied(other)):
        return False
    return (one.deleted_on, one.modifier_indicator) != (other.deleted_on, other.modifier_indicator)


def _contradiction(earlier: PtpEditRow) -> str:
    pair = f"{earlier.column1}/{earlier.column2} from {earlier.effective_on:%Y-%m-%d}"
    return f"{pair} stands already on line {earlier.line}, with another end or indicator."


def recognise(source: SourceFile, name: re.Pattern[str], other: re.Pattern[str]) -> bool:
    """Return whether these are edits for the service that the file's name says."""
    if source.is_workbook or not name.search(source.name) or other.search(source.name):
        return False
    return _is_heading(columns.words(source.head(columns.HEADING_ROWS)))


def _is_heading(text: str) -> bool:
    return "column1 column2 edits" in text or all(
        part in text for part in ("column 1", "column 2", "9 not applicable")
    )


def _data_lines(source: SourceFile) -> Iterator[tuple[int, str]]:
    """Return the lines below the heading, which ends with what indicator 9 means."""
    lines = source.lines()
    for line, text in lines:
        if "not applicable" in text.lower():
            return lines
        if line >= columns.HEADING_ROWS:
            break
    raise source.refuse("has no heading that ends with “9=not applicable”.")


def _version(sources: Sequence[SourceFile]) -> Said:
    """Return the quarter in the names; refuse files of several versions, or too few of one."""
    versions = {match.groups() for each in sources if (match := _VERSION.search(each.name))}
    names = ", ".join(source.name for source in sources)
    if len(versions) > 1:
        raise FileRefused(names, 0, "are of different versions; give those of one release.")
    parts = sorted(int(match[1]) for each in sources if (match := _part_of(each)))
    if parts and (parts != list(range(1, len(parts) + 1)) or len(parts) < PARTS):
        given = ", ".join(f"f{part}" for part in parts)
        message = f"are not a whole release: expected its parts f1 to f{PARTS}, found {given}."
        raise FileRefused(names, 0, message)
    if not versions:
        return Said()
    year, number = versions.pop()
    day = date(_FIRST_VERSION + int(year), 1 + 3 * int(number), 1)
    return Said(day, columns.quarter(day))


def _part_of(source: SourceFile) -> re.Match[str] | None:
    return _PART.search(columns.last_name(source))


def _reader(
    slug: str, source_name: str
) -> Callable[[Sequence[SourceFile], Options], list[FactEdition]]:
    def read(sources: Sequence[SourceFile], options: Options) -> list[FactEdition]:
        ordered = sorted(sources, key=lambda source: columns.last_name(source).lower())
        said = _version(ordered)
        files = [(each.name, read_lines(_data_lines(each), each.name)) for each in ordered]
        edition = columns.fact_edition(
            ordered,
            options,
            said,
            source=slug,
            source_name=source_name,
            importer=IMPORTER,
            tables={"PtpEdit": columns.at_least_one(settle(files), ordered[0], "edits")},
        )
        return [edition]

    return read


_PRACTITIONER_NAME: Final = re.compile(r"ccipra|practitioner", re.IGNORECASE)
_HOSPITAL_NAME: Final = re.compile(r"ccioph|hospital", re.IGNORECASE)

PRACTITIONER: Final = Format(
    name="ptp-practitioner",
    title="NCCI procedure-to-procedure edits for practitioners (ccipra-….txt)",
    notice="ama",
    recognise=lambda source: recognise(source, _PRACTITIONER_NAME, _HOSPITAL_NAME),
    read=_reader("ptp-practitioner", "NCCI Procedure-to-Procedure Edits, Practitioner Services"),
)
HOSPITAL: Final = Format(
    name="ptp-hospital",
    title="NCCI procedure-to-procedure edits for outpatient hospitals (ccioph-….txt)",
    notice="ama",
    recognise=lambda source: recognise(source, _HOSPITAL_NAME, _PRACTITIONER_NAME),
    read=_reader("ptp-hospital", "NCCI Procedure-to-Procedure Edits, Outpatient Hospital Services"),
)
