"""The tables of ICD-10-PCS (``icd10pcs_tables_YYYY.xml``): what each operation means.

Pure: imports no Django. ``ICD10PCS.tabular`` → ``pcsTable`` → ``axis`` (pos 1 to 3: section, body
system, operation), each with a ``label`` that bears its character in ``code``; the operation also
has a ``definition``. What may follow in the characters 4 to 7 (``pcsRow``) is in the order file as
whole codes, and is passed over here.
"""

from dataclasses import dataclass, field
from typing import Final

from codes.importers.source import SourceFile
from codes.importers.xml_pieces import XmlReader

MAX_DEPTH: Final = 24
MAX_TABLES: Final = 20_000
MAX_TEXT: Final = 4_000
_ROOT: Final = "ICD10PCS.tabular"


@dataclass(slots=True)
class Table:
    """A table: the titles of its first three characters, and what the operation means."""

    line: int
    key: str = ""
    titles: list[str] = field(default_factory=list)
    definition: str = ""

    @property
    def operation(self) -> str:
        """The title of the third character."""
        return self.titles[2] if len(self.titles) > 2 else ""


def is_tables(source: SourceFile) -> bool:
    """Return whether this is the XML of the tables."""
    return source.is_xml and f"<{_ROOT}" in source.head()


def read_tables(source: SourceFile) -> list[Table]:
    """Return the tables in printed order. Raises ``FileRefused``."""
    reader = _Tables(source.name)
    reader.read(source.chunks())
    return reader.tables


class _Tables(XmlReader):
    """Keeps the tables."""

    def __init__(self, file: str) -> None:
        super().__init__(file, "the XML of the tables")
        self.tables: list[Table] = []
        self._open: list[str] = []
        self._text: list[str] = []
        self._length = 0

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._open and tag != _ROOT:
            raise self._refuse(f"begins with <{tag}>: these are not the tables of ICD-10-PCS.")
        self._open.append(tag)
        if len(self._open) > MAX_DEPTH:
            raise self._refuse(f"elements are nested more than {MAX_DEPTH} deep.")
        self._text, self._length = [], 0
        if tag == "pcsTable":
            if len(self.tables) == MAX_TABLES:
                raise self._refuse(f"holds more than {MAX_TABLES:,} tables.")
            self.tables.append(Table(self.line))
        elif tag == "label" and self._is_in_table():
            self.tables[-1].key += attributes.get("code", "")

    def _characters(self, data: str) -> None:
        self._length += len(data)
        if self._length > MAX_TEXT:
            raise self._refuse(f"a text is longer than {MAX_TEXT:,} characters.")
        self._text.append(data)

    def _end(self, tag: str) -> None:
        text = " ".join("".join(self._text).split())
        if self._is_in_table():
            table = self.tables[-1]
            if tag == "label":
                table.titles.append(text)
            elif tag == "definition":
                table.definition = text
        elif tag == "pcsTable" and len(self.tables[-1].key) != 3:
            raise self._refuse(f"table “{self.tables[-1].key}” has not three characters.")
        self._open.pop()

    def _is_in_table(self) -> bool:
        """Return whether the element stands in an axis of a table, and not in one of its rows."""
        return self._open[1:3] == ["pcsTable", "axis"] and len(self._open) == 4
