"""Reads the XML of the ICD-10-CM tabular list, piece by piece. Pure: imports no Django.

The list is ``ICD10CM.tabular`` → ``chapter`` → ``section`` → nested ``diag``; what each element
becomes is in ``codes/importers/icd10cm_tabular.py``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from codes.importers.visual_impairment import Table
from codes.importers.xml_pieces import XmlReader

MAX_DEPTH: Final = 24
MAX_TEXT: Final = 20_000
MAX_NODES: Final = 300_000
"""At least three times what the real edition needs: a file beyond is not the tabular list."""

_NOTES: Final = {
    "includes": "includes",
    "excludes1": "excludes1",
    "excludes2": "excludes2",
    "codeFirst": "code_first",
    "useAdditionalCode": "use_additional",
    "codeAlso": "code_also",
    "notes": "note",
    "sevenChrNote": "seventh_character",
}
_NODES: Final = {"chapter": "chapter", "section": "section", "diag": "code"}
_TEXTS: Final = frozenset({"name", "desc", "note", "extension", "heading", "value"})
_TABLE: Final = frozenset({"visCategory", "visRange", "visMax", "visMin"})
_PLACES: Final = frozenset(
    {"ICD10CM.tabular", "inclusionTerm", "sevenChrDef", "visualImpairment", *_NOTES, *_NODES}
)
_LEFT_OUT: Final = frozenset({"version", "introduction", "sectionIndex"})
"""What the tabular list says of itself: conventions, and an index that the sections repeat."""
_KNOWN: Final = _TEXTS | _TABLE | _PLACES
_MISPLACED_TERMS: Final = frozenset({("W08", "Fall from stool")})
"""Known fault of the file: an inclusion term that stands among the 7th characters."""


@dataclass(slots=True)
class Node:
    """A chapter, section or ``diag`` while it is read."""

    kind: str
    key: str
    line: int
    parent: "Node | None"
    display: str = ""
    title: str = ""
    terms: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    characters: list[tuple[str, str]] = field(default_factory=list)


class _Tabular(XmlReader):
    """Keeps the nodes. Depth, the length of a text and the number of nodes are limited."""

    def __init__(self, file: str) -> None:
        super().__init__(file, "the tabular list")
        self.nodes: list[Node] = []
        self._open: list[str] = []
        self._node: Node | None = None
        self._text: list[str] | None = None
        self._length = 0
        self._skipped = 0
        self._character = ""
        self._table = Table()

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._skipped or tag in _LEFT_OUT:
            self._skipped += 1
        elif not self._open and tag != "ICD10CM.tabular":
            raise self._refuse(f"begins with <{tag}>: this is not the ICD-10-CM tabular list.")
        elif tag not in _KNOWN:
            raise self._refuse(f"<{tag}> is not an element that this program knows.")
        else:
            self._enter(tag, attributes)
        if len(self._open) + self._skipped > MAX_DEPTH:
            raise self._refuse(f"elements are nested more than {MAX_DEPTH} deep.")

    def _enter(self, tag: str, attributes: dict[str, str]) -> None:
        self._open.append(tag)
        if tag in _NODES:
            self._begin(_NODES[tag], attributes.get("id", ""))
        elif tag in _TEXTS:
            self._text, self._length = [], 0
        elif tag in _TABLE:
            self._table.begin(tag)
        if tag == "extension":
            self._character = attributes.get("char", "")

    def _begin(self, kind: str, key: str) -> None:
        if kind == "code" and self._open[-2] == "section":
            kind = "category"
        node = Node(kind, key, self.line, self._node, display=key)
        self._node = node
        self.nodes.append(node)
        if len(self.nodes) > MAX_NODES:
            raise self._refuse(f"holds more than {MAX_NODES:,} entries.")

    def _characters(self, data: str) -> None:
        if self._text is None or self._skipped:
            return
        self._length += len(data)
        if self._length > MAX_TEXT:
            raise self._refuse(f"a text is longer than {MAX_TEXT:,} characters.")
        self._text.append(data)

    def _end(self, tag: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        self._open.pop()
        node = self._node
        if node is None:
            return
        if tag in _TEXTS:
            self._take(node, tag, " ".join("".join(self._text or []).split()))
            self._text = None
        elif tag == "visualImpairment":
            node.notes.extend(("note", text) for text in self._table.sentences())
        elif tag in _NODES:
            self._node = node.parent

    def _take(self, node: Node, tag: str, text: str) -> None:
        """Put a finished text where it belongs: by its own tag and the one around it."""
        around = self._open[-1]
        if tag == "name":
            self._name(node, text)
        elif tag == "desc":
            node.title = _title(node, text)
        elif tag == "extension":
            node.characters.append((self._character, text))
        elif around in _TABLE:
            self._table.take(tag, around, text)
        elif around == "inclusionTerm" and node.kind == "section":
            node.notes.append(("note", text))  # four sections; instructions, not other names
        elif around == "inclusionTerm" or (node.key, text) in _MISPLACED_TERMS:
            node.terms.append(text)
        elif around == "sevenChrDef":
            meaning = dict(node.characters).get(self._character, "")
            note = f"{self._character} ({meaning}) also means: {text}"
            node.notes.append(("seventh_character", note))
        elif around in _NOTES:
            node.notes.append((_NOTES[around], text))

    def _name(self, node: Node, text: str) -> None:
        node.key = text.replace(".", "")
        node.display = f"Chapter {text}" if node.kind == "chapter" else text


def _title(node: Node, text: str) -> str:
    """Return the descriptor; a section's range, its printed form, is not said twice."""
    return text.removesuffix(f"({node.key})").rstrip() if node.kind == "section" else text


def read_tabular(pieces: Iterable[bytes], *, file: str) -> list[Node]:
    """Return the nodes of the tabular list in printed order. Raises ``FileRefused``.

    The whole April 2026 edition takes about a second and 40 MB.
    """
    reader = _Tabular(file)
    reader.read(pieces)
    return reader.nodes
