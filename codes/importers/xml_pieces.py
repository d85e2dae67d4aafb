"""Reads official XML piece by piece and never as a tree. Pure: imports no Django.

A document type declaration is refused before an entity could be defined, so that no file can grow
in memory by naming itself.
"""

from collections.abc import Iterable
from xml.parsers import expat

from codes.importers.rows import FileRefused


class XmlReader:
    """What the readers of the official XML files share; each says what an element means.

    A subclass overrides ``_start``, ``_end`` and ``_characters``. ``what`` names the publication
    in refusals: "the tabular list".
    """

    def __init__(self, file: str, what: str) -> None:
        self._file, self._what = file, what
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def read(self, pieces: Iterable[bytes]) -> None:
        """Read a whole file. Raises ``FileRefused``."""
        for piece in pieces:
            self.feed(piece)
        self.feed(b"", last=True)

    def feed(self, piece: bytes, *, last: bool = False) -> None:
        """Read on. Raises ``FileRefused``."""
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            message = f"is not well-formed XML ({reason}); is it complete?"
            raise FileRefused(self._file, error.lineno, message) from error

    @property
    def line(self) -> int:
        """The line that is being read."""
        return self._parser.CurrentLineNumber

    def _refuse(self, message: str) -> FileRefused:
        return FileRefused(self._file, self.line, message)

    def _doctype(self, *_: object) -> None:
        raise self._refuse(f"has a document type declaration, which {self._what} has not.")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def _end(self, tag: str) -> None:
        raise NotImplementedError

    def _characters(self, data: str) -> None:
        raise NotImplementedError
