"""The processing notes that HCPCS Level II codes refer to by number. Pure: imports no Django.

Source: CMS, ``proc_notes_YYYY.txt`` in the zip of the HCPCS file ("Appendix A of the HCPCS manual"
in its record layout). Under the heading PROCESSING NOTES each note begins with four digits and
two hyphens; its text goes on over further lines, and every line may end in an asterisk that frames
the page. A year alone in the name means January, when CMS issues the file of the year.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from codes.importers import columns
from codes.importers.columns import Said, Unreadable
from codes.importers.fact_rows import ProcessingNoteRow
from codes.importers.rows import FactEdition, Problem
from codes.importers.source import Format, Options, SourceFile

IMPORTER: Final = "hcpcs_notes 1"
SOURCE_NAME: Final = "HCPCS Level II processing notes"
MAX_TEXT: Final = 4_000

_HEADING: Final = re.compile(r"\s*PROCESSING NOTES\W*", re.IGNORECASE)
_START: Final = re.compile(r"\s*([0-9]{4}) ?--(.*)")
_FRAME: Final = re.compile(r"(^|\s)\*\s*$")
_RULE: Final = re.compile(r"[\s_=-]*")


def recognise(source: SourceFile) -> bool:
    """Return whether the file has the heading and, below it, a numbered note."""
    lines = source.head().split("\n")
    heading = next((i for i, line in enumerate(lines) if _HEADING.fullmatch(line)), None)
    return heading is not None and any(_START.match(line) for line in lines[heading:])


def notes(lines: Iterable[tuple[int, str]], file: str) -> Iterator[ProcessingNoteRow | Problem]:
    """Yield the notes, each with the line on which it begins."""
    first, number, pieces = 0, "", list[str]()
    for line, text in lines:
        plain = _FRAME.sub("", text)
        if match := _START.match(plain):
            if number:
                yield _note(first, number, pieces, file)
            first, number, pieces = line, match[1], [match[2]]
        elif not _RULE.fullmatch(plain):
            pieces.append(plain)
    if number:
        yield _note(first, number, pieces, file)


def _note(line: int, number: str, pieces: Sequence[str], file: str) -> ProcessingNoteRow | Problem:
    try:
        text = columns.limited(" ".join(pieces), "note", MAX_TEXT)
    except Unreadable as wrong:
        return Problem(file, line, f"{number}: {wrong}")
    if not text:
        return Problem(file, line, f"{number} has no text; is the file complete?")
    return ProcessingNoteRow(line, number, text)


def read(sources: Sequence[SourceFile], options: Options) -> list[FactEdition]:
    """Return one edition of one file."""
    source = columns.single(sources, "processing notes")
    found = notes(source.lines(), source.name)
    checked = columns.once(found, lambda row: row.number, source.name)
    edition = columns.fact_edition(
        [source],
        options,
        Said(_day(columns.last_name(source))),
        source="hcpcs-notes",
        source_name=SOURCE_NAME,
        importer=IMPORTER,
        tables={"ProcessingNote": columns.at_least_one(checked, source, "notes")},
    )
    return [edition]


def _day(name: str) -> date | None:
    if day := columns.month_in(name):
        return day
    year = columns.year_in(name)
    return date(year, 1, 1) if year else None


FORMAT: Final = Format(
    name="hcpcs-notes",
    title="HCPCS Level II processing notes (proc_notes_….txt)",
    notice="",
    recognise=recognise,
    read=read,
)
