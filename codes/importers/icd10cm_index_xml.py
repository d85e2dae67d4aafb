"""Reads the XML of an ICD-10-CM index or table, piece by piece. Pure: imports no Django.

``ICD10CM.index`` → ``letter`` → ``mainTerm`` → nested ``term``; each has a ``title`` (with
``nemod``, words that it may be without), and ``code``, or, in the tables of neoplasms and of drugs,
``cell@col`` under the headings ``indexHeading/head@col``. What refers elsewhere (``see``,
``seeAlso``), and manifestation codes, which never stand alone, are passed over.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from codes.importers.index_rows import IndexRow, modifiers_of, path_of
from codes.importers.rows import FileRefused, Problem
from codes.importers.xml_pieces import XmlReader

MAX_DEPTH: Final = 30
MAX_TEXT: Final = 5_000
MAX_ROWS: Final = 500_000
"""Several times what the largest index needs: a file beyond is not one."""
ROOT: Final = "ICD10CM.index"

_ENTRIES: Final = frozenset({"mainTerm", "term"})
_TEXTS: Final = frozenset({"title", "nemod", "code", "cell", "head"})
_NO_CODE: Final = frozenset({"", "-", "--", "–", "—"})


@dataclass(slots=True)
class _Entry:
    """A main term or subterm while it is read."""

    line: int
    title: str = ""
    modifiers: str = ""


@dataclass(slots=True)
class _Text:
    """A text while it is read, with where it began."""

    tag: str
    column: str
    line: int
    pieces: list[str] = field(default_factory=list)
    length: int = 0


class _Index(XmlReader):
    """Keeps the path of the entry being read, never the tree."""

    def __init__(self, file: str) -> None:
        super().__init__(file, "an index")
        self.rows: list[IndexRow | Problem] = []
        self.title = ""
        self.is_begun = False
        self._depth = 0
        self._path: list[_Entry] = []
        self._texts: list[_Text] = []
        self._heads: dict[str, str] = {}

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._depth == 0 and tag != ROOT:
            raise self._refuse(f"begins with <{tag}>: this is no ICD-10-CM index.")
        self.is_begun = True
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._refuse(f"elements are nested more than {MAX_DEPTH} deep.")
        line = self.line
        if tag in _ENTRIES:
            self._path.append(_Entry(line))
        elif tag in _TEXTS:
            self._texts.append(_Text(tag, attributes.get("col", ""), line))

    def _characters(self, data: str) -> None:
        if self._texts:
            text = self._texts[-1]
            text.length += len(data)
            if text.length > MAX_TEXT:
                raise self._refuse(f"a text is longer than {MAX_TEXT:,} characters.")
            text.pieces.append(data)

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if tag in _ENTRIES:
            self._path.pop()
        elif tag in _TEXTS:
            self._take(self._texts.pop())

    def _take(self, text: _Text) -> None:
        value = " ".join("".join(text.pieces).split())
        if text.tag == "head":
            self._heads[text.column] = value.lower()
        elif not self._path:
            if text.tag == "title":
                self.title = self.title or value  # that of the index; later ones are letters
        elif text.tag == "title":
            self._path[-1].title = value
        elif text.tag == "nemod":
            self._path[-1].modifiers = value
        elif value not in _NO_CODE:
            self._row(text, value)

    def _row(self, text: _Text, code: str) -> None:
        head = ""
        if text.tag == "cell":
            head = self._heads.get(text.column, "")
            if not head:
                message = f"a cell stands in column “{text.column}”, which has no heading."
                self.rows.append(Problem(self._file, text.line, message))
                return
        path = path_of([*(entry.title for entry in self._path), head])
        if not path:
            self.rows.append(Problem(self._file, text.line, f"{code} has no term."))
            return
        modifiers = modifiers_of([entry.modifiers for entry in self._path])
        self.rows.append(IndexRow(text.line, path, code, modifiers))
        if len(self.rows) > MAX_ROWS:
            raise self._refuse(f"holds more than {MAX_ROWS:,} entries.")


def read_title(head: str) -> str:
    """Return the title of an index out of the beginning of its file; never raises."""
    index = _Index("")
    try:
        index.feed(head.encode())
    except FileRefused:
        return index.title
    return index.title


def read_index(pieces: Iterable[bytes], *, file: str) -> Iterator[IndexRow | Problem]:
    """Yield the entries that lead to a code, in printed order. Raises ``FileRefused``."""
    index = _Index(file)
    index.read(pieces)
    yield from index.rows
