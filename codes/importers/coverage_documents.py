"""The documents of the Medicare Coverage Database, put together from their tables. Pure.

codes/importers/coverage.py has the source and the layout, and streams the codes.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Final

from codes.importers import columns
from codes.importers.columns import Cells, Header, Rows, Unreadable, cell
from codes.importers.rows import Problem, cut
from codes.importers.source import SourceFile

MAX_TITLE: Final = 500
MAX_STATUS: Final = 40
MAX_NUMBER: Final = 12
MAX_WHOLE: Final = 32_767

_STATUSES: Final = {"A": "active", "R": "retired", "P": "proposed", "F": "future"}
_TAG: Final = re.compile(r"<[^>]*>")
_ISO_DAY: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T].*)?")
_US_DAY: Final = re.compile(r"(\d\d?)/(\d\d?)/(\d{4})(?: .*)?")

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
        self._number = _maybe(header, kind.number)
        self._status = _maybe(header, kind.status) if kind.status else None
        self._effective = _all(header, kind.effective)
        self._ended = _all(header, kind.ended)
        self._updated = _all(header, kind.updated)

    def document(self, line: int, cells: Cells) -> Document:
        columns.require_width(cells, self._width)
        id_ = _id(cells[self._id])
        title = _plain(cells[self._title])
        ended = _first_day(cells, self._ended, "end")
        return Document(
            line=line,
            kind=self._kind.name,
            id=id_,
            version=_whole(cells[self._version], "version"),
            number=self._printed(cells, id_),
            title=title or self._printed(cells, id_),
            status=self._state(cells, title, ended),
            effective=_first_day(cells, self._effective, "effective date"),
            ended=ended,
            updated=max(_days(cells, self._updated, "date of the last update"), default=None),
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


class _Linker:
    """Adds what one table says of documents that stand in another."""

    def __init__(self, source: SourceFile, kind: Kind, documents: Documents) -> None:
        self.header, self.rows = table_rows(source)
        self._source = source
        self._documents = documents
        self._found = documents.of(kind.name)
        self._width = len(self.header.names)
        self._id = self.header.place(kind.id)
        self._version = self.header.place(kind.version)

    def __iter__(self) -> Iterator[tuple[Document, list[str]]]:
        """Yield each row with its document; rows of documents that are not here are left out."""
        for line, cells in self.rows:
            if not any(map(str.strip, cells)):
                continue
            try:
                columns.require_width(cells, self._width)
                key = _id(cells[self._id]), _whole(cells[self._version], "version")
            except Unreadable as wrong:
                self._documents.problems.append(Problem(self._source.name, line, str(wrong)))
                continue
            if document := self._found.get(key):
                yield document, cells


def _maybe(header: Header, name: str) -> int | None:
    return header.maybe(re.escape(columns.words(name)))


def _all(header: Header, names: Iterable[str]) -> list[int]:
    return [place for name in names if (place := _maybe(header, name)) is not None]


def table_rows(source: SourceFile) -> tuple[Header, Rows]:
    """Return the heading, which is the first row, and the rows below it."""
    rows = source.csv_rows()
    line, names = next(rows, (1, [""]))
    return Header(source, line, [names]), rows


def _id(text: str) -> str:
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit()):
        raise Unreadable(f"“{cut(plain, 40)}” is no id of a document; expected a number.")
    return plain.lstrip("0") or "0"


def _whole(text: str, what: str) -> int:
    plain = text.strip()
    if plain.isascii() and plain.isdigit() and len(plain) <= 5 and int(plain) <= MAX_WHOLE:
        return int(plain)
    raise Unreadable(f"“{cut(text.strip(), 40)}” is no {what}; expected a whole number.")


def _plain(text: str) -> str:
    """Return a title without markup."""
    return cut(" ".join(_TAG.sub(" ", html.unescape(text)).split()), MAX_TITLE)


def _day(text: str, what: str) -> date | None:
    """Return the day of a timestamp, ISO or American; nothing where there is none."""
    plain = text.strip()
    if plain.upper() in {"", "N/A", "NULL"}:
        return None
    try:
        if match := _ISO_DAY.fullmatch(plain):
            return date(*map(int, match.groups()))
        if match := _US_DAY.fullmatch(plain):
            month, day, year = map(int, match.groups())
            return date(year, month, day)
    except ValueError:
        pass
    raise Unreadable(f"“{cut(plain, 40)}” is no {what}; expected a day such as 2026-09-28.")


def _days(cells: Cells, places: Iterable[int], what: str) -> list[date]:
    return [day for place in places if (day := _day(cells[place], what))]


def _first_day(cells: Cells, places: Iterable[int], what: str) -> date | None:
    return next(iter(_days(cells, places, what)), None)


def link(tables: Mapping[str, list[SourceFile]], documents: Documents) -> None:
    """Add contractors and related documents."""
    contractors = _contractors(tables.get("contractor", ()), documents)
    for table in ("article", "lcd"):
        kind = KINDS[table]
        for source in tables.get(f"{table}_x_contractor", ()):
            _add_contractors(_Linker(source, kind, documents), contractors)
        for name in ("related_documents", "related_ncd_documents"):
            for source in tables.get(f"{table}_{name}", ()):
                _add_related(_Linker(source, kind, documents), documents)


_ContractorKey = tuple[str, ...]


def _contractors(sources: Iterable[SourceFile], documents: Documents) -> dict[_ContractorKey, str]:
    """Return the names of the contractors, each with its number behind it."""
    names: dict[_ContractorKey, str] = {}
    for source in sources:
        header, rows = table_rows(source)
        places = _contractor_places(header)
        name = header.place("contractor_bus_name")
        number = _maybe(header, "contractor_number")
        for line, cells in rows:
            if len(cells) < len(header.names):
                if any(cells):
                    message = f"has {len(cells)} of {len(header.names)} columns; is it complete?"
                    documents.problems.append(Problem(source.name, line, message))
                continue
            shown = _plain(cells[name])
            if number is not None and cells[number].strip():
                shown += f" ({cells[number].strip()})"
            names[tuple(cells[place].strip() for place in places)] = shown
    return names


def _contractor_places(header: Header) -> list[int]:
    wanted = ("contractor_id", "contractor_type_id", "contractor_version")
    return [header.place(name) for name in wanted]


def _add_contractors(linker: _Linker, names: Mapping[_ContractorKey, str]) -> None:
    places = _contractor_places(linker.header)
    for document, cells in linker:
        key = tuple(cells[place].strip() for place in places)
        if name := names.get(key):
            document.contractors[name] = None


def _add_related(linker: _Linker, documents: Documents) -> None:
    """Add the documents that the rows name; id 0 stands for none."""
    places = [
        (place, kind)
        for kind in KINDS.values()
        if (place := _maybe(linker.header, f"r_{kind.name}_id")) is not None
    ]
    for document, cells in linker:
        for place, kind in places:
            id_ = cells[place].strip().lstrip("0")
            if id_.isdigit() and (number := documents.number(kind, id_)):
                document.related[number] = None
