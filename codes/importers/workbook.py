"""Workbooks (.xlsx) within limits: inspected as XML first, then read row by row with openpyxl.

Pure: imports no Django. A workbook is a zip of XML files. The inspection streams through each of
them and refuses what would fill the memory of a reader that builds trees: document types, deep or
endless rows, texts longer than a cell may hold.
"""

import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import islice
from typing import IO, Any, Final
from xml.parsers import expat

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from codes.importers.rows import FileRefused

MAX_PACKED: Final = 128 << 20
MAX_SHEET: Final = 1 << 30
MAX_STRINGS: Final = 32 << 20
MAX_OTHER: Final = 4 << 20
MAX_PARTS: Final = 1_000
MAX_CELLS: Final = 16_384
MAX_ROW: Final = 1_048_576
MAX_TEXT: Final = 64 << 10
MAX_DEPTH: Final = 40
"""Bytes of the workbook, of a sheet, of the strings that sheets share, of any other part; parts;
cells in a row and last row (Excel's own limits); characters of a text; nested elements."""

_CHUNK: Final = 1 << 16
_AT_ONCE: Final = 200
_CONTENT_TYPES: Final = "[Content_Types].xml"
_ERRORS: Final = (
    *(OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError),
    *(InvalidFileException, KeyError, IndexError, ValueError, TypeError, AttributeError),
    SyntaxError,  # what ElementTree raises is one
)

Opener = Callable[[], IO[bytes]]


def is_document(opener: Opener) -> bool:
    """Return whether a zip is an office document; ``False`` for one that cannot be read."""
    return _CONTENT_TYPES in _part_names(opener)


def is_workbook(opener: Opener) -> bool:
    """Return whether a zip is an .xlsx workbook; ``False`` for one that cannot be read."""
    return {_CONTENT_TYPES, "xl/workbook.xml"} <= _part_names(opener)


def rows(name: str, opener: Opener, *, sheet: int = 0) -> Iterator[tuple[int, list[str]]]:
    """Yield row number and cells as text; rows and ends of rows that are empty are left out.

    ``sheet`` counts worksheets from 0. Raises ``FileRefused``.
    """
    with _seekable(opener) as file:
        try:
            _inspect(name, file)
            for number, values in enumerate(_values(name, file, sheet), start=1):
                if cells := _trimmed([_text(value) for value in values]):
                    yield number, cells
        except _ERRORS as error:
            message = f"is no workbook that can be read ({error}); is it complete?"
            raise FileRefused(name, 0, message) from error


def _part_names(opener: Opener) -> set[str]:
    try:
        with _seekable(opener) as file, zipfile.ZipFile(file) as archive:
            return set(archive.namelist())
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError):
        return set()


@contextmanager
def _seekable(opener: Opener) -> Iterator[IO[bytes]]:
    """Open the file; a member of a zip, which is slow to seek in, is copied beside first."""
    with opener() as file:
        if not isinstance(file, zipfile.ZipExtFile):
            yield file
            return
        with tempfile.SpooledTemporaryFile(max_size=8 << 20) as copy:
            while chunk := file.read(_CHUNK):
                copy.write(chunk)
                if copy.tell() > MAX_PACKED:
                    raise zipfile.BadZipFile("larger than a workbook may be")
            copy.seek(0)
            yield copy


def _values(name: str, file: IO[bytes], sheet: int) -> Iterator[tuple[Any, ...]]:
    """Yield the values of the rows. Warnings about styles and the like are no concern here."""
    with warnings.catch_warnings(action="ignore"):
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    try:
        if sheet >= len(book.worksheets):
            raise FileRefused(name, 0, f"has no worksheet {sheet + 1}.")
        worksheet = book.worksheets[sheet]
        worksheet.reset_dimensions()  # what the file says of its own size may be wrong
        values = worksheet.iter_rows(values_only=True)
        while batch := _batch(values):
            yield from batch
    finally:
        book.close()


def _batch(values: Iterator[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    with warnings.catch_warnings(action="ignore"):
        return list(islice(values, _AT_ONCE))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _inspect(name: str, file: IO[bytes]) -> None:
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS:
            raise FileRefused(name, 0, f"has more than {MAX_PARTS:,} parts.")
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                _Part(name, part.filename).inspect(archive, part)
    file.seek(0)


class _Part:
    """Streams through one XML file of a workbook and refuses what no real one holds."""

    def __init__(self, name: str, part: str) -> None:
        self._name = f"{name} ({part})"
        self._depth = self._cells = self._length = 0
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def inspect(self, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
        if part.file_size > _most(part.filename):
            raise self._refuse("is larger than it could be in a real workbook.")
        try:
            with archive.open(part) as content:
                while chunk := content.read(_CHUNK):
                    self._parser.Parse(chunk, False)
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise self._refuse(f"is not well-formed ({error}); is it complete?") from error

    def _refuse(self, message: str) -> FileRefused:
        return FileRefused(self._name, 0, message)

    def _doctype(self, *_: object) -> None:
        raise self._refuse("has a document type declaration, which no workbook has.")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._length = 0
        if tag == "row" or tag.endswith(":row"):
            self._cells = 0
            if not attributes.get("r", "1").isdecimal() or int(attributes.get("r", "1")) > MAX_ROW:
                raise self._refuse(f"has a row beyond {MAX_ROW:,}.")
        elif tag == "c" or tag.endswith(":c"):
            self._cells += 1
            if self._cells > MAX_CELLS:
                raise self._refuse(f"has more than {MAX_CELLS:,} columns.")
        if self._depth > MAX_DEPTH:
            raise self._refuse(f"has elements nested more than {MAX_DEPTH} deep.")

    def _end(self, tag: str) -> None:
        self._depth -= 1

    def _characters(self, data: str) -> None:
        self._length += len(data)
        if self._length > MAX_TEXT:
            raise self._refuse(f"has a text longer than {MAX_TEXT >> 10} KB.")


def _most(part: str) -> int:
    if part.startswith("xl/worksheets/"):
        return MAX_SHEET
    return MAX_STRINGS if part == "xl/sharedStrings.xml" else MAX_OTHER
