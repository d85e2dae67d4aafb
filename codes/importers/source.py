"""What an import reads: a plain file, or a member of a zip, within limits.

Pure: imports no Django. A ``SourceFile`` is read as a stream, as often as wanted, and never held
whole. Whatever is too large, too long, packed too well or no text is a ``FileRefused`` that names
the file and the line. ``Format`` is what each parser module says of itself.
"""

import csv
import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import IO, Final

from codes.importers import files, workbook
from codes.importers.index_rows import IndexEdition
from codes.importers.rows import Edition, FactEdition, FileRefused

MAX_FILE: Final = 1 << 30
MAX_LINE: Final = 64 << 10
MAX_RECORD: Final = 4 << 20
MAX_COLUMNS: Final = 500
"""Bytes of a file, of a line, of a record of a CSV file, and its columns."""

_ZIP_MARKS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_NO_TEXT: Final = {
    **dict.fromkeys(_ZIP_MARKS, "is a zip or a workbook where a text file was expected."),
    b"%PDF": "is a PDF, which cannot be imported.",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook (.xls); save it as .xlsx or as CSV.",
    b"\x1f\x8b": "is compressed with gzip; unpack it first.",
    b"\xff\xfe": "is UTF-16 text; save it as UTF-8.",
    b"\xfe\xff": "is UTF-16 text; save it as UTF-8.",
}
READ_ERRORS: Final = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError)
"""What a damaged file raises while it is read."""


class SourceFile:
    """One plain file, or one member of a zip (``RVU25D.zip/PPRRVU2025_Oct.csv``).

    ``size`` is that of its content in bytes; ``bytes_read`` counts them over all readings.
    """

    def __init__(self, name: str, opener: Callable[[], IO[bytes]], size: int = 0) -> None:
        self.name = name
        self.size = size
        self.bytes_read = 0
        self._open = opener
        self._heads: dict[int, str] = {}
        self._is_workbook: bool | None = None

    def __repr__(self) -> str:
        return f"SourceFile({self.name!r})"

    @property
    def is_workbook(self) -> bool:
        """Whether this is an .xlsx workbook, by its content."""
        if self._is_workbook is None:
            self._is_workbook = self.begins_like_zip and workbook.is_workbook(self._open)
        return self._is_workbook

    @property
    def is_document(self) -> bool:
        """Whether this is a workbook or another office document."""
        return self.begins_like_zip and workbook.is_document(self._open)

    @property
    def no_text(self) -> str:
        """Say why this can be read neither as text nor as a workbook; "" where it may be."""
        if not self.first_bytes(1):
            return "is empty."
        return "" if self.is_workbook else self._binary()

    @property
    def begins_like_zip(self) -> bool:
        """Whether the first bytes are those of a zip, which workbooks are too."""
        return self.first_bytes(4) in _ZIP_MARKS

    @property
    def is_xml(self) -> bool:
        """Whether the file begins like XML, whatever its name."""
        return self.first_bytes(64).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")

    def first_bytes(self, count: int) -> bytes:
        """Return the beginning, or nothing of a file that cannot be read."""
        try:
            return next(self.chunks(), b"")[:count]
        except FileRefused:
            return b""

    def head(self, lines: int = 40) -> str:
        """Return the decoded beginning, for recognition; never raises, whatever the file is.

        At most 64 KB. Of a workbook its first rows, the cells separated by tabs. Kept, so asking
        again costs nothing.
        """
        if lines not in self._heads:
            if self.is_workbook:
                text = "\n".join(self._first_rows(lines))
            else:
                text = "\n".join(_decoded(self.first_bytes(files.CHUNK))[:lines])
            self._heads[lines] = text.removeprefix("\ufeff")
        return self._heads[lines]

    def chunks(self) -> Iterator[bytes]:
        """Yield the content in pieces of 64 KB."""
        read = 0
        try:
            with self._open() as file:
                while chunk := file.read(files.CHUNK):
                    read += len(chunk)
                    self.bytes_read += len(chunk)
                    if read > MAX_FILE:
                        raise self.refuse(f"is larger than {MAX_FILE >> 20:,} MB.")
                    yield chunk
        except READ_ERRORS as error:
            raise self.refuse(f"cannot be read ({error}); is it complete?") from error

    def lines(self) -> Iterator[tuple[int, str]]:
        """Yield line number, from 1, and text without the line's end.

        A line is UTF-8, else cp1252, else latin-1: files of CMS mix them. A byte order mark is
        left out.
        """
        return enumerate(self.texts(), start=1)

    def texts(self, longest: int = MAX_LINE) -> Iterator[str]:
        """Yield the lines without their numbers: a second for two million of them."""
        self._refuse_no_text()
        number, rest = 1, b""
        for chunk in self._after_start():
            if b"\0" in chunk:
                line = number + chunk.count(b"\n", 0, chunk.index(b"\0"))
                raise self.refuse("holds a NUL byte, so it is no text file.", line)
            head, newline, tail = chunk.rpartition(b"\n")
            if newline:
                lines = _decoded(rest + head)
                self._measure(lines, number, longest)
                yield from lines
                number += len(lines)
                rest = tail
            else:
                rest += chunk
                self._measure([rest], number, longest)
        if rest:
            lines = _decoded(rest)
            self._measure(lines, number, longest)
            yield from lines

    def csv_rows(self, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
        """Yield the line of a record's first line and its fields; empty lines have none.

        Line ends within quotes are ``\\n``. At most 500 columns and 4 MB a record; a quote that
        is never closed is refused.
        """
        feed = _Feed(self)
        csv.field_size_limit(MAX_RECORD)
        reader = csv.reader(feed, delimiter=delimiter, strict=True)
        line = 1
        try:
            for fields in reader:
                if len(fields) > MAX_COLUMNS:
                    raise self.refuse(f"has more than {MAX_COLUMNS} columns.", line)
                yield line, fields
                line = reader.line_num + 1
                feed.size = 0
        except csv.Error as error:
            message = f"is no well-formed CSV from here on ({error}); is it complete?"
            raise self.refuse(message, line) from error

    def xlsx_rows(self, sheet: int = 0) -> Iterator[tuple[int, list[str]]]:
        """Yield row number and cells as text of a worksheet; an empty cell is "".

        Whole numbers have no decimal point, days are ``YYYY-MM-DD``; empty cells at the end of a
        row are left out, and empty rows have none.
        """
        if not self.is_workbook:
            raise self.refuse("is no workbook (.xlsx).")
        for number, cells in workbook.rows(self.name, self._open, sheet=sheet):
            if len(cells) > MAX_COLUMNS:
                raise self.refuse(f"has more than {MAX_COLUMNS} columns.", number)
            yield number, cells

    def table_rows(self, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
        """Yield the rows of a workbook or a CSV file, whichever this is."""
        return self.xlsx_rows() if self.is_workbook else self.csv_rows(delimiter)

    def refuse(self, message: str, line: int = 0) -> FileRefused:
        """Return the refusal of this file, to be raised."""
        return FileRefused(self.name, line, message)

    def _refuse_no_text(self) -> None:
        if message := self._binary():
            raise self.refuse(message)

    def _binary(self) -> str:
        start = self.first_bytes(4)
        marks = (message for mark, message in _NO_TEXT.items() if start.startswith(mark))
        return next(marks, "")

    def _after_start(self) -> Iterator[bytes]:
        """Yield the content without its byte order mark."""
        chunks = self.chunks()
        yield next(chunks, b"").removeprefix(b"\xef\xbb\xbf")
        yield from chunks

    def _measure(self, lines: Sequence[str] | Sequence[bytes], first: int, longest: int) -> None:
        if max(map(len, lines)) > longest:
            line = first + next(i for i, text in enumerate(lines) if len(text) > longest)
            raise self.refuse(f"holds a line longer than {longest >> 10:,} KB.", line)

    def _first_rows(self, count: int) -> Iterator[str]:
        try:
            for _, cells in islice(self.xlsx_rows(), count):
                yield "\t".join(cells)
        except FileRefused:
            return


class _Feed:
    """Lines for the CSV reader; ``size`` is what the record now being read has used."""

    def __init__(self, source: SourceFile) -> None:
        self.size = 0
        self._source = source
        self._texts = source.texts(longest=MAX_RECORD)

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        line = next(self._texts)
        self.size += len(line) + 1
        if self.size > MAX_RECORD:
            message = f"has a record longer than {MAX_RECORD >> 20} MB; is a quote not closed?"
            raise csv.Error(message)
        return f"{line}\n"


@dataclass(frozen=True, slots=True)
class Options:
    """What the person who imports has stated; it overrides what the files say."""

    label: str = ""
    effective_date: date | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """An official file format: how it is told apart, and how it is read.

    ``name`` is what is typed; ``notice`` is "ama" where the file is keyed by CPT codes and carries
    the AMA's notice, "cpt" for its own files, which need a licence. ``recognise`` judges one file
    by its content. ``read`` gets the files that were recognised; it raises ``FileRefused`` for a
    file that is not what it should be, and ``RowsRefused`` with every problem of an edition of
    codes. Problems of facts are in the streams of their tables.
    """

    name: str
    title: str
    notice: str
    recognise: Callable[[SourceFile], bool]
    read: Callable[[Sequence[SourceFile], Options], Sequence[Edition | FactEdition | IndexEdition]]


def sha256_of_sources(sources: Iterable[SourceFile]) -> str:
    """Return the SHA-256 of the contents one after the other: ``cat FILES | sha256sum``.

    A member of a zip counts as it is unpacked, so that the same file gives the same sum.
    """
    digest = hashlib.sha256()
    for source in sources:
        for chunk in source.chunks():
            digest.update(chunk)
    return digest.hexdigest()


def _decoded(block: bytes) -> list[str]:
    """Return the lines of a block that ends where a line ends."""
    block = block.replace(b"\r\n", b"\n").removesuffix(b"\r")
    try:
        return block.decode().split("\n")
    except UnicodeDecodeError:
        return [_decoded_line(line) for line in block.split(b"\n")]


def _decoded_line(line: bytes) -> str:
    for encoding in ("utf-8", "cp1252"):
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    return line.decode("latin-1")


def printable(name: str) -> str:
    """Return the name of a file with "?" for what would upset a terminal or a log."""
    return "".join(character if character.isprintable() else "?" for character in name)
