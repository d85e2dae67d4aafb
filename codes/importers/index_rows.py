"""Entries of official indexes, as their parsers hand them over. Pure: imports no Django."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from codes.importers.rows import Problem, cut

MAX_TEXT: Final = 500
MAX_MODIFIERS: Final = 1_000
_MARKS: Final = re.compile(r"[^0-9A-Za-z]")


@dataclass(frozen=True, slots=True)
class IndexRow:
    """An entry that leads to a code, or to a range of codes from ``code`` to ``last``.

    ``text`` is the path with the main term first, ``modifiers`` the words in parentheses that it
    may be without, ``code`` as printed: a dash at its end ("S72.30-") means the heading, below
    which a code is to be chosen.
    """

    line: int
    text: str
    code: str
    modifiers: str = ""
    last: str = ""

    @property
    def key(self) -> str:
        """The code without punctuation."""
        return _MARKS.sub("", self.code).upper()

    @property
    def last_key(self) -> str:
        """The last code of the range without punctuation; that of ``code`` where it is no range."""
        return _MARKS.sub("", self.last).upper() or self.key


@dataclass(frozen=True, slots=True)
class IndexEdition:
    """One edition of one index; ``system`` is the slug of the system whose codes it names."""

    system: str
    source: str
    label: str
    effective_date: date
    source_name: str
    file_name: str
    sha256: str
    importer: str
    rows: Iterator[IndexRow | Problem]


def path_of(parts: Sequence[str]) -> str:
    """Return the entries from the main term down as one text."""
    return cut(", ".join(part for part in parts if part), MAX_TEXT)


def modifiers_of(parts: Sequence[str]) -> str:
    """Return nonessential modifiers, "(acute) (double)", as “acute, double”."""
    plain = " ".join(parts).replace(") (", ", ").replace("(", "").replace(")", "")
    return cut(" ".join(plain.split()), MAX_MODIFIERS)
