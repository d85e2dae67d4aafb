"""Chapters for CPT, whose files have no headings. Pure: imports no Django.

Codes are put under them by their number and last letter. The titles are written for this project.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from codes.importers.rows import CodeRow


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading that is not in the files: codes from ``first`` to ``last``, or with an ending."""

    key: str
    title: str
    first: str = ""
    last: str = ""
    ending: str = ""

    def holds(self, code: str) -> bool:
        """Return whether a code stands under it."""
        if self.ending:
            return code[-1] == self.ending
        return code.isdigit() and self.first <= code <= self.last


CHAPTERS: Final = (
    Chapter("99202-99499", "Visits, consultations and care management", "99200", "99499"),
    Chapter("00100-01999", "Anesthesia care", "00001", "09999"),
    Chapter("10004-69990", "Operations and other procedures", "10000", "69999"),
    Chapter("70010-79999", "Imaging and radiation", "70000", "79999"),
    Chapter("80047-89398", "Laboratory and tissue tests", "80000", "89999"),
    Chapter("90281-99607", "Other medical services", "90000", "99999"),
    Chapter("F", "Tracking of performance", ending="F"),
    Chapter("T", "New technology and services", ending="T"),
    Chapter("U", "Laboratory tests of a single maker", ending="U"),
    Chapter("M", "Laboratory tests that combine several results", ending="M"),
    Chapter("other", "Other codes"),
)
"""In printed order; a code stands under the first that holds it."""


def under_chapters(codes: Sequence[CodeRow]) -> Iterator[CodeRow]:
    """Yield each chapter that has codes, and its codes below it in the order of their numbers."""
    groups: dict[str, list[CodeRow]] = {}
    for row in codes:
        groups.setdefault(chapter_of(row.key).key, []).append(row)
    for chapter in CHAPTERS:
        rows = sorted(groups.get(chapter.key, []), key=lambda row: row.key)
        if rows:
            yield _heading(chapter, rows[0])
        for row in rows:
            yield replace(row, parent=("chapter", chapter.key))


def chapter_of(code: str) -> Chapter:
    """Return the chapter of a code."""
    return next((chapter for chapter in CHAPTERS if chapter.holds(code)), CHAPTERS[-1])


def _heading(chapter: Chapter, first: CodeRow) -> CodeRow:
    display = chapter.key.replace("-", "–") if chapter.first else chapter.title
    return CodeRow(
        "chapter", chapter.key, display[:40], None, chapter.title, chapter.title, first.file, 0
    )
