"""What other tables of the Medicare Coverage Database add to its documents. Pure.

The contractors that an article or LCD is of, and the documents that are related to it.
"""

from collections.abc import Iterable, Iterator, Mapping

from codes.importers import columns
from codes.importers.columns import Header, Unreadable
from codes.importers.coverage_cells import document_id, maybe, plain, table_rows, whole
from codes.importers.coverage_documents import KINDS, Document, Documents, Kind
from codes.importers.rows import Problem
from codes.importers.source import SourceFile


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
                key = document_id(cells[self._id]), whole(cells[self._version], "version")
            except Unreadable as wrong:
                self._documents.problems.append(Problem(self._source.name, line, str(wrong)))
                continue
            if document := self._found.get(key):
                yield document, cells


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
        number = maybe(header, "contractor_number")
        for line, cells in rows:
            if len(cells) < len(header.names):
                if any(cells):
                    message = f"has {len(cells)} of {len(header.names)} columns; is it complete?"
                    documents.problems.append(Problem(source.name, line, message))
                continue
            shown = plain(cells[name])
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
        if (place := maybe(linker.header, f"r_{kind.name}_id")) is not None
    ]
    for document, cells in linker:
        for place, kind in places:
            id_ = cells[place].strip().lstrip("0")
            if id_.isdigit() and (number := documents.number(kind, id_)):
                document.related[number] = None
