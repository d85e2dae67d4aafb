"""The files of a CPT delivery of the AMA, told apart and read. Pure: imports no Django.

codes/importers/cpt.py has the source and puts them together. Readers yield rows, or a ``Problem``
for a line that is not what its file holds. Line numbers count from 1, columns from 1.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from codes.importers import columns
from codes.importers.columns import Header, Unreadable, cell, words
from codes.importers.rows import Problem, cut
from codes.importers.source import SourceFile

SHORT_END: Final = 34
MEDIUM_END: Final = 54
LONG_END: Final = 80
"""The last columns of SHORTU, MEDU and LONGULF."""
MAX_TITLE: Final = 100
HEAD: Final = 250
"""How many lines are looked at to tell a file."""

CODE: Final = re.compile(r"\d{4}[0-9A-Z]")
_FIXED: Final = re.compile(r"\d{4}[0-9A-Z] \S.*")
_PIECE: Final = re.compile(r"\d{4}[0-9A-Z]\d\d \S.*")
_TABBED: Final = re.compile(r"\d{4}[0-9A-Z]\t[^\t]*[^\t\s][^\t]*")
_MODIFIER: Final = re.compile(r"(\d[0-9A-Z])[ \t]+(\S.*)")
_TITLE_END: Final = re.compile(r":| Reasons include")
_STATUS: Final = re.compile(r".*\b(P[1-6]): *(\S.*)")
_ENDS: Final = " \t\r\x1a"
"""What may stand at the end of a line; files made under DOS end with Control-Z."""
_LEVEL_TWO: Final = "level ii"
_SHAPES: Final = {"fixed": _FIXED, "long-fixed": _PIECE, "long-tab": _TABBED}

Lines = Iterable[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Wording:
    """A text about a code."""

    line: int
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class ModifierText:
    """A modifier; the title is the beginning of the text, up to its first colon."""

    line: int
    modifier: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """A change of a code; ``day`` is ``None`` where the file has no exact one (“Pre-1982”)."""

    line: int
    code: str
    change: str
    day: date | None
    text: str


def role_of(source: SourceFile) -> str:
    """Return what a file is by its content, "" for one of another kind.

    ``fixed`` is SHORTU or MEDU, ``long-tab`` LONGULT (or LONGUT, in capitals), ``long-fixed``
    LONGULF (or LONGUF); ``modifiers``, ``consumer``, ``clinician``, ``history``, ``deleted`` and
    ``modifier-history`` are the others. Never raises.
    """
    if source.is_workbook:
        return ""
    lines = source.head(HEAD).split("\n")
    if role := _table_role(lines):
        return role
    if "american medical association" not in words(" ".join(lines[:40])):
        return ""
    if _holds_modifiers(lines):
        return "modifiers"
    first = next(_below_notice(enumerate(lines, start=1), _is_any_code), (0, ""))[1]
    return next((role for role, shape in _SHAPES.items() if shape.fullmatch(first)), "")


def _table_role(lines: Sequence[str]) -> str:
    """Return which of the tables with a heading this is."""
    heading = next((line for line in lines if _is_heading(line)), "")
    names = words(heading)
    for mark, role in (
        ("modifier code", "modifier-history"),
        ("change type", "history"),
        ("date deleted", "deleted"),
        ("clinician", "clinician"),
        ("consumer", "consumer"),
    ):
        if mark in names:
            return role
    return ""


def _is_heading(line: str) -> bool:
    return "\t" in line and "concept id" in [words(name) for name in line.split("\t")]


def _holds_modifiers(lines: Sequence[str]) -> bool:
    titles = {words(line) for line in lines}
    is_list = bool(titles & {"appendix a", "modifiers"})
    return is_list and any(_MODIFIER.fullmatch(line.strip()) for line in lines)


def _below_notice(lines: Lines, is_data: Callable[[str], object]) -> Iterator[tuple[int, str]]:
    """Yield the lines below the copyright block, empty ones left out.

    The block ends at an empty line. It may have empty lines itself, so it lasts until a line below
    one of them looks like data; from then on every line counts.
    """
    may_begin = has_begun = False
    for number, line in lines:
        text = line.rstrip(_ENDS)
        if not text:
            may_begin = True
        elif has_begun or (may_begin and is_data(text)):
            has_begun = True
            yield number, text


def longest(source: SourceFile) -> int:
    """Return the length of the longest line of data of a fixed-width file."""
    return max(
        (len(text) for _, text in _below_notice(source.lines(), _FIXED.fullmatch)), default=0
    )


def is_in_capitals(source: SourceFile) -> bool:
    """Return whether the first texts of a file have no small letter."""
    data = islice(_below_notice(source.lines(), _is_any_code), 50)
    return "".join(text[5:] for _, text in data).isupper()


def _is_any_code(text: str) -> bool:
    return any(shape.fullmatch(text) for shape in _SHAPES.values())


def fixed(source: SourceFile, end: int) -> Iterator[Wording | Problem]:
    """Yield the texts of SHORTU or MEDU: code in columns 1 to 5, text from 7 to ``end``."""
    for line, text in _below_notice(source.lines(), _FIXED.fullmatch):
        if not _FIXED.fullmatch(text) or len(text) > end:
            expected = f"a code in columns 1 to 5 and a text in 7 to {end}"
            yield Problem(source.name, line, f"“{cut(text, 40)}” is no row; expected {expected}.")
        else:
            yield Wording(line, text[:5], text[6:].strip())


def long_tabbed(source: SourceFile) -> Iterator[Wording | Problem]:
    """Yield the texts of LONGULT: code, tab, text."""
    for line, text in _below_notice(source.lines(), _TABBED.fullmatch):
        if not _TABBED.fullmatch(text):
            message = f"“{cut(text, 40)}” is no row; expected a code, a tab and a text."
            yield Problem(source.name, line, message)
        else:
            yield Wording(line, text[:5], " ".join(text[6:].split()))


def long_fixed(source: SourceFile) -> Iterator[Wording | Problem]:
    """Yield the texts of LONGULF: code 1 to 5, sequence 6 to 7, piece of the text 9 to 80.

    The pieces of a code stand together and are joined with one space.
    """
    first, code, sequence = 0, "", 0
    pieces: list[str] = []
    for line, text in _below_notice(source.lines(), _PIECE.fullmatch):
        if not _PIECE.fullmatch(text) or len(text) > LONG_END:
            expected = f"code 1 to 5, sequence 6 to 7, text 9 to {LONG_END}"
            yield Problem(source.name, line, f"“{cut(text, 40)}” is no row; expected {expected}.")
            continue
        number = int(text[5:7])
        if text[:5] != code:
            if pieces:
                yield Wording(first, code, " ".join(pieces))
            first, code, pieces = line, text[:5], []
        elif number <= sequence:
            message = f"{code}: sequence {number:02} does not follow {sequence:02}."
            yield Problem(source.name, line, message)
        sequence = number
        pieces.append(" ".join(text[8:].split()))
    if pieces:
        yield Wording(first, code, " ".join(pieces))


def descriptors(source: SourceFile, title: str) -> Iterator[Wording | Problem]:
    """Yield the rows of the consumer or the clinician descriptors; ``title`` is that word."""
    header, lines = _tab_table(source)
    code = header.place("CPT Code", "cpt code", "code")
    text = header.place(f"{title} descriptor", f".*{title.lower()}.*descriptor")
    for line, cells in lines:
        try:
            columns.require_width(cells, len(header.names))
            yield Wording(line, _code(cells[code]), " ".join(cells[text].split()))
        except Unreadable as wrong:
            yield Problem(source.name, line, str(wrong))


def events(source: SourceFile) -> Iterator[Event | Problem]:
    """Yield the changes that History_DTK_tab or Deleted_DTK_tab tells of codes."""
    header, lines = _tab_table(source)
    code = header.place("CPT Code", "cpt code", "code")
    day = header.place("Date", "date", "date deleted")
    change = header.maybe("change type")
    text = header.maybe("descriptor", "prior value")
    for line, cells in lines:
        if not cell(cells, code):  # changes of headings name no code
            continue
        try:
            what = cell(cells, change).upper() if change is not None else "DELETED"
            found = _code(cell(cells, code)), what, _day(cell(cells, day))
            yield Event(line, *found, " ".join(cell(cells, text).split()))
        except Unreadable as wrong:
            yield Problem(source.name, line, str(wrong))


def _tab_table(source: SourceFile) -> tuple[Header, Iterator[tuple[int, list[str]]]]:
    """Return the heading of a table and the rows below it; notices above have no heading."""
    lines = source.lines()
    for number, text in islice(lines, HEAD):
        if _is_heading(text):
            rows = ((line, each.split("\t")) for line, each in lines if each.strip(_ENDS))
            return Header(source, number, [text.split("\t")]), rows
    raise source.refuse("has no heading with “Concept Id”.")


def _code(text: str) -> str:
    code = text.strip()
    if not CODE.fullmatch(code):
        raise Unreadable(f"“{cut(code, 40)}” is no CPT code; expected such as 99999 or 9999T.")
    return code


def _day(text: str) -> date | None:
    """Return the day in ``YYYYMMDD``; nothing for “Pre-1982” and the like."""
    return None if not text[:1].isdigit() else columns.compact_day(text, "date of a change")


def modifiers(source: SourceFile) -> Iterator[ModifierText]:
    """Yield the modifiers of MODUL, each once.

    A modifier begins a paragraph and is its first word. Anaesthesia's status modifiers stand in a
    line of their own, with a colon behind. The list of Level II at the end is that of CMS, which
    is read from its own file.
    """
    seen: set[str] = set()
    for line, paragraph in _paragraphs(source):
        if words(paragraph[0]).startswith(_LEVEL_TWO):
            return
        for found in _modifiers_of(line, paragraph):
            if found.modifier not in seen:
                seen.add(found.modifier)
                yield found


def _modifiers_of(line: int, paragraph: Sequence[str]) -> Iterator[ModifierText]:
    if match := _MODIFIER.fullmatch(paragraph[0]):
        yield _modifier(line, match[1], " ".join([match[2], *paragraph[1:]]))
        return
    for offset, text in enumerate(paragraph):
        if match := _STATUS.fullmatch(text):
            yield _modifier(line + offset, match[1], match[2])


def _modifier(line: int, name: str, text: str) -> ModifierText:
    return ModifierText(line, name, cut(_TITLE_END.split(text)[0].strip(), MAX_TITLE), text)


def _paragraphs(source: SourceFile) -> Iterator[tuple[int, list[str]]]:
    """Yield the line where each paragraph begins, and its lines."""
    first = 0
    paragraph: list[str] = []
    for line, raw in source.lines():
        if text := " ".join(raw.strip(_ENDS).split()):
            first = first if paragraph else line
            paragraph.append(text)
        elif paragraph:
            yield first, paragraph
            paragraph = []
    if paragraph:
        yield first, paragraph
