"""Which MS-DRGs use a code in their logic. Pure: imports no Django.

Source: CMS, MS-DRG Definitions Manual, text edition: a zip of which ``appendix_B.txt`` is the
“Diagnosis Code/MDC/MS-DRG Index” and ``appendix_E.txt`` begins with the “Procedure Code/MS-DRG
Index”. No official file was at hand; the layout is that of public descriptions: some prose, a
heading such as ``I10 Dx  MDC DRG(s)   ICD-10-CM Description``, then columns kept apart by spaces.
A line without a code goes on with the code above it. Groups are single, ranges, or several of
both (``371-373``, ``791,793-795``). Beside a procedure ``*`` marks one that is not of the
operating room, ``+`` one that is also part of a combination of procedures (cluster). Lists of
combinations, which follow in Appendix E, are not read, and descriptions of codes are not kept.

Version 41 is that of the fiscal year 2024; its update 41.1 took effect on April 1 of that year,
as those of the versions since 39 did. The updates of older versions had other days.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from codes.importers import columns
from codes.importers.columns import Said, Unreadable, limited
from codes.importers.fact_rows import DrgLogicRow
from codes.importers.rows import FactEdition, Problem, cut
from codes.importers.source import Format, Options, SourceFile

IMPORTER: Final = "ms_drg_index 1"
MAX_CATEGORY: Final = 200

_RANGE: Final = r"\d{3}(?: ?- ?\d{3})?"
_HEADER: Final = re.compile(r"\s*\S+(?: \S+){0,3}?\s+MDC\s+(?:MS-?)?DRG\S*(?:\s+(?P<text>\S.*))?")
_ROW: Final = re.compile(
    r"(?P<before>[*+]*)(?P<code>[0-9A-Z]*) ?(?P<after>[*+]*)\s+"
    rf"(?:(?P<mdc>\d\d?|(?i:PRE))\s+)?(?P<groups>{_RANGE}(?: ?, ?{_RANGE})*),?"
    r"(?:\s+(?P<text>\S.*))?"
)
_CODE: Final = re.compile(r"[*+]*(?P<code>[0-9A-Z]+) ?[*+]*(?=\s|$)")
_PROSE: Final = re.compile(r"[“(]?[A-Za-z]*[a-z][.,:;)”]?(?=\s|$)")
_RULE: Final = re.compile(r"[-=_\s]+")
_OTHER_LIST: Final = re.compile(r"\bclusters?\b|\bspecific\b", re.IGNORECASE)
_VERSION: Final = re.compile(
    r"(?:MS-?DRG|version|\bv)[ _v-]*(\d\d)(?:\.(\d))?(?!\d)", re.IGNORECASE
)
_FIRST_YEAR: Final = 1983
_APRIL_UPDATES_SINCE: Final = 39


@dataclass(frozen=True, slots=True)
class _Index:
    """One of the two indexes: whose codes it lists, and what its title and its codes look like."""

    system: str
    title: str
    code: re.Pattern[str]
    expected: str
    source: str
    source_name: str


_DIAGNOSES: Final = _Index(
    system="icd-10-cm",
    title="diagnosis code mdc ms drg index",
    code=re.compile(r"(?=.*[0-9])[A-Z][0-9A-Z]{2,6}"),
    expected="an ICD-10-CM code without its dot",
    source="ms-drg-diagnoses",
    source_name="MS-DRG Definitions Manual, Appendix B, Diagnosis Code/MDC/MS-DRG Index",
)
_PROCEDURES: Final = _Index(
    system="icd-10-pcs",
    title="procedure code ms drg index",
    code=re.compile(r"[0-9A-HJ-NP-Z]{7}"),
    expected="an ICD-10-PCS code of seven characters",
    source="ms-drg-procedures",
    source_name="MS-DRG Definitions Manual, Appendix E, Procedure Code/MS-DRG Index",
)


def recognise(index: _Index, source: SourceFile) -> bool:
    """Return whether this is the index: its title and the heading of its columns."""
    if source.is_workbook:
        return False
    head = source.head(columns.HEADING_ROWS)
    return index.title in columns.words(head) and any(map(_HEADER.fullmatch, head.split("\n")))


def read(index: _Index, sources: Sequence[SourceFile], options: Options) -> list[FactEdition]:
    """Return one edition of one file."""
    source = columns.single(sources, f"the {index.source_name}")
    rows = columns.at_least_one(_Reader(index, source).rows(), source, "codes")
    edition = columns.fact_edition(
        [source],
        options,
        _said(f"{source.head(columns.HEADING_ROWS)}\n{source.name}"),
        source=index.source,
        source_name=index.source_name,
        importer=IMPORTER,
        tables={"DrgLogic": rows},
    )
    return [edition]


def _said(text: str) -> Said:
    """Return the version of the manual that a text names, with the day on which it began."""
    match = _VERSION.search(text)
    if not match:
        return Said()
    version, update = int(match[1]), int(match[2] or 0)
    label, year = f"v{version}.{update}", _FIRST_YEAR + version
    if update == 0:
        return Said(date(year - 1, 10, 1), label)
    if update == 1 and version >= _APRIL_UPDATES_SINCE:
        return Said(date(year, 4, 1), label)
    return Said(None, label)


class _Reader:
    """Reads the rows of one file; holds the code that lines without one go on with."""

    def __init__(self, index: _Index, source: SourceFile) -> None:
        self._index = index
        self._source = source
        self._text_column: int | None = None
        self._first_lines: dict[str, int] = {}
        self._code = ""
        self._mdc = ""
        self._marks: frozenset[str] = frozenset()
        self._said: set[tuple[str, str, str, str]] = set()

    def rows(self) -> Iterator[DrgLogicRow | Problem]:
        """Yield a row for each range of each line; repetitions within a code are left out."""
        lines = ((line, text.expandtabs().rstrip()) for line, text in self._source.lines())
        self._find_header(lines)
        for line, text in self._joined(lines):
            if self._index is _PROCEDURES and _begins_other_list(text):
                return
            try:
                yield from self._line(line, text)
            except Unreadable as wrong:
                yield Problem(self._source.name, line, str(wrong))

    def _find_header(self, lines: Iterable[tuple[int, str]]) -> None:
        for line, text in lines:
            if match := _HEADER.fullmatch(text):
                self._text_column = match.start("text") if match["text"] else None
                return
            if line >= columns.HEADING_ROWS:
                break
        message = f"has no heading “Code MDC DRG” in its first {columns.HEADING_ROWS} lines."
        raise self._source.refuse(message)

    def _joined(self, lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        """Yield the lines that say something, each with the lines on which its text goes on."""
        held: tuple[int, str] | None = None
        for line, text in lines:
            if not text or _RULE.fullmatch(text) or _HEADER.fullmatch(text):
                continue
            indent = len(text) - len(text.lstrip())
            if held and self._text_column and indent >= self._text_column:
                held = held[0], f"{held[1]} {text.strip()}"
                continue
            if held:
                yield held
            held = line, text
        if held:
            yield held

    def _line(self, line: int, text: str) -> Iterator[DrgLogicRow]:
        match = _ROW.fullmatch(text)
        if match is None:
            self._without_groups(line, text)
            return
        if match["code"]:
            self._begin(line, match["code"], match["before"] + match["after"])
            if self._text_column is not None and not match["text"]:
                raise Unreadable(f"{self._code} has no description; is the file complete?")
        if not self._code:
            raise Unreadable("a line without a code stands before the first code.")
        self._mdc = (match["mdc"] or self._mdc).upper()
        yield from self._ranges(line, match["groups"], match["text"] or "")

    def _begin(self, line: int, code: str, marks: str) -> None:
        """Go on to a code; it may be named again on its next lines, but not further below."""
        if not self._index.code.fullmatch(code):
            raise Unreadable(f"“{cut(code, 40)}” is not {self._index.expected}.")
        if code != self._code:
            self._said.clear()
            if (earlier := self._first_lines.setdefault(code, line)) != line:
                raise Unreadable(f"{code} stands already on line {earlier}.")
        self._code, self._mdc, self._marks = code, "", frozenset(marks)

    def _ranges(self, line: int, groups: str, text: str) -> Iterator[DrgLogicRow]:
        is_procedure = self._index is _PROCEDURES
        category = limited(text, "category", MAX_CATEGORY) if is_procedure else ""
        for stated in groups.replace(" ", "").split(","):
            first, _, last = stated.partition("-")
            if last and last < first:
                raise Unreadable(f"“{stated}” runs backwards; expected such as 371-373.")
            mdc = self._mdc if self._mdc == "PRE" else self._mdc.zfill(2) if self._mdc else ""
            key = (mdc, first, last or first, category)
            if key in self._said:
                continue
            self._said.add(key)
            yield DrgLogicRow(
                line=line,
                code_system=self._index.system,
                code_key=self._code,
                mdc=mdc,
                first_drg=first,
                last_drg=last or first,
                category=category,
                is_operating_room="*" not in self._marks if is_procedure else None,
                is_in_cluster="+" in self._marks,
            )

    def _without_groups(self, line: int, text: str) -> None:
        """Pass over prose, and a code of which the file names no group; all else is a problem."""
        if match := _CODE.match(text):
            between = text[match.end() : self._text_column]
            if self._text_column and len(text) > self._text_column and not between.strip(" -"):
                self._begin(line, match["code"], "")
                return
        elif _PROSE.match(text):
            return
        message = "expected a code, its MDC, groups such as 371-373, and a description."
        raise Unreadable(f"“{cut(text.strip(), 40)}”: {message} Is the file complete?")


def _begins_other_list(text: str) -> bool:
    """Return whether a line is the title of one of the lists below the index."""
    return bool(_OTHER_LIST.search(text)) and not _ROW.fullmatch(text)


def _format(index: _Index, title: str) -> Format:
    return Format(
        name=index.source,
        title=title,
        notice="",
        recognise=partial(recognise, index),
        read=partial(read, index),
    )


DIAGNOSES: Final = _format(
    _DIAGNOSES, "MS-DRGs whose logic uses a diagnosis (Definitions Manual, appendix_B.txt)"
)
PROCEDURES: Final = _format(
    _PROCEDURES, "MS-DRGs whose logic uses a procedure (Definitions Manual, appendix_E.txt)"
)
