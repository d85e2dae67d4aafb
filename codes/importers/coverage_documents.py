"""The documents of the Medicare Coverage Database, put together from their tables. Pure.

codes/importers/coverage.py has the source and the layout, and streams the codes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Final

from codes.importers import columns
from codes.importers.columns import Cells, Header, cell
from codes.importers.coverage_cells import (
    all_of,
    days,
    document_id,
    first_day,
    maybe,
    plain,
    table_rows,
    whole,
)
from codes.importers.rows import Problem
from codes.importers.source import SourceFile

MAX_STATUS: Final = 40
MAX_NUMBER: Final = 12

_STATUSES: Final = {"A": "active", "R": "retired", "P": "proposed", "F": "future"}

Key = tuple[str, int]
"""Id and version of a document within its kind."""


@dataclass(frozen=True, slots=True)
class CoverageDocumentRow:
    """An article, LCD or NCD; field names as in the model."""

    line: int
    kind: str
    number: str
    version: int
    title: str
    status: str
    effective_on: date | None
    ended_on: date | None
    contractors: list[str]
    related: list[str]


@dataclass(frozen=True, slots=True)
class Kind:
    """How the table of one kind of document names its columns; earlier names first."""

    name: str
    prefix: str
    id: str
    version: str
    title: str
    number: str
    effective: tuple[str, ...]
    ended: tuple[str, ...]
    updated: tuple[str, ...]
    status: str = ""


KINDS: Final[dict[str, Kind]] = {
    "ncd_trkg": Kind(
        name="ncd",
        prefix="",
        id="ncd_id",
        version="ncd_vrsn_num",
        title="ncd_mnl_sect_title",
        number="ncd_mnl_sect",
        effective=("ncd_efctv_dt",),
        ended=("ncd_trmntn_dt",),
        updated=("last_clrnc_tmstmp", "last_updt_tmstmp"),
    ),
    "lcd": Kind(
        name="lcd",
        prefix="L",
        id="lcd_id",
        version="lcd_version",
        title="title",
        number="display_id",
        effective=("rev_eff_date", "orig_det_eff_date"),
        ended=("date_retired", "rev_end_date", "ent_det_end_date"),
        updated=("last_updated",),
        status="status",
    ),
    "article": Kind(
        name="article",
        prefix="A",
        id="article_id",
        version="article_version",
        title="title",
        number="display_id",
        effective=("article_eff_date",),
        ended=("date_retired", "article_end_date", "article_rev_end_date"),
        updated=("last_updated",),
        status="status",
    ),
}


@dataclass(slots=True)
class Document:
    """A document as its own table states it; what other tables say of it is added."""

    line: int
    kind: str
    id: str
    version: int
    number: str
    title: str
    status: str
    effective: date | None
    ended: date | None
    updated: date | None
    contractors: dict[str, None] = field(default_factory=dict)
    related: dict[str, None] = field(default_factory=dict)

    def row(self) -> CoverageDocumentRow:
        """Return the row to store.

        The version of an NCD that states its end took effect after it, so then only the end is
        kept.
        """
        is_in_order = not (self.effective and self.ended and self.effective > self.ended)
        return CoverageDocumentRow(
            line=self.line,
            kind=self.kind,
            number=self.number,
            version=self.version,
            title=self.title,
            status=self.status,
            effective_on=self.effective if is_in_order else None,
            ended_on=self.ended,
            contractors=list(self.contractors),
            related=list(self.related),
        )


class Documents:
    """The documents of all kinds, each found by its id and version."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._of: dict[str, dict[Key, Document]] = {kind.name: {} for kind in KINDS.values()}
        self._numbers: dict[tuple[str, str], str] = {}

    def __iter__(self) -> Iterator[Document]:
        return chain.from_iterable(found.values() for found in self._of.values())

    def of(self, kind: str) -> Mapping[Key, Document]:
        return self._of[kind]

    def number(self, kind: Kind, id_: str) -> str:
        """Return how a document is printed.

        An article or LCD need not be in these files for that; of an NCD that is not, only the
        number in the database is known, so it has no printed one: "".
        """
        known = self._numbers.get((kind.name, id_))
        return known or (f"{kind.prefix}{id_}" if kind.prefix else "")

    def read(self, kind: Kind, source: SourceFile) -> None:
        """Add the documents of one table; their texts are not kept."""
        header, rows = table_rows(source)
        places = _DocumentPlaces(kind, header)
        seen: dict[tuple[str, int], int] = {}
        for document in columns.read_rows(rows, places.document, source.name):
            if isinstance(document, Problem):
                self.problems.append(document)
                continue
            self._tell_apart(document, seen, source.name)

    def _tell_apart(self, document: Document, seen: dict[tuple[str, int], int], file: str) -> None:
        found = self._of[document.kind]
        key = (document.id, document.version)
        if key in found:
            message = (
                f"{document.number} version {document.version} stands already on line"
                f" {found[key].line}."
            )
            self.problems.append(Problem(file, document.line, message))
            return
        if (document.number, document.version) in seen:
            # Two documents under one printed number: the later goes by its number in the database.
            document.number = f"{document.number}#{document.id}"[-MAX_NUMBER:]
        seen[document.number, document.version] = document.line
        found[key] = document
        self._numbers[document.kind, document.id] = document.number


class _DocumentPlaces:
    """Where a table of documents has its columns."""

    def __init__(self, kind: Kind, header: Header) -> None:
        self._kind = kind
        self._width = len(header.names)
        self._id = header.place(kind.id)
        self._version = header.place(kind.version)
        self._title = header.place(kind.title)
        self._number = maybe(header, kind.number)
        self._status = maybe(header, kind.status) if kind.status else None
        self._effective = all_of(header, kind.effective)
        self._ended = all_of(header, kind.ended)
        self._updated = all_of(header, kind.updated)

    def document(self, line: int, cells: Cells) -> Document:
        columns.require_width(cells, self._width)
        id_ = document_id(cells[self._id])
        title = plain(cells[self._title])
        ended = first_day(cells, self._ended, "end")
        return Document(
            line=line,
            kind=self._kind.name,
            id=id_,
            version=whole(cells[self._version], "version"),
            number=self._printed(cells, id_),
            title=title or self._printed(cells, id_),
            status=self._state(cells, title, ended),
            effective=first_day(cells, self._effective, "effective date"),
            ended=ended,
            updated=max(days(cells, self._updated, "date of the last update"), default=None),
        )

    def _printed(self, cells: Cells, id_: str) -> str:
        number = cell(cells, self._number) or f"{self._kind.prefix}{id_}"
        return columns.limited(number, "number", MAX_NUMBER)

    def _state(self, cells: Cells, title: str, ended: date | None) -> str:
        """Return the status in words; NCDs have no column of it, but say it in the title."""
        if self._status is None:
            return "retired" if ended or "RETIRED" in title.upper() else ""
        text = columns.limited(cells[self._status], "status", MAX_STATUS)
        return _STATUSES.get(text, text.lower())
