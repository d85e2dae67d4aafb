"""What changed between two wordings, word by word. Pure; imports no Django."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Change = Literal["same", "del", "ins"]

# Comparing words costs their product; longer passages are shown as replaced in one piece.
MAX_WORDS = 3_000

_WORDS = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that both wordings share, or that only the old or the new one has."""

    change: Change
    text: str

    @property
    def shown(self) -> str:
        """The text to print; changed line ends are marked, since they are invisible otherwise."""
        return self.text if self.change == "same" else self.text.replace("\n", "¶\n")


def compare(old: str, new: str) -> list[Piece]:
    """Return the pieces that make up both wordings, in reading order; a deletion comes first.

    The ``same`` and ``del`` pieces together are ``old``, the ``same`` and ``ins`` pieces ``new``.
    Neighbours never have the same change.
    """
    return _joined(_by_line(old, new))


def _by_line(old: str, new: str) -> Iterator[Piece]:
    a, b = old.splitlines(keepends=True), new.splitlines(keepends=True)
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        before, after = "".join(a[a1:a2]), "".join(b[b1:b2])
        if tag == "equal":
            yield Piece("same", before)
        else:
            yield from _by_word(before, after)


def _by_word(old: str, new: str) -> Iterator[Piece]:
    a, b = _WORDS.findall(old), _WORDS.findall(new)
    if len(a) > MAX_WORDS or len(b) > MAX_WORDS:
        yield Piece("del", old)
        yield Piece("ins", new)
        return
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(a[a1:a2]))
        else:
            yield Piece("del", "".join(a[a1:a2]))
            yield Piece("ins", "".join(b[b1:b2]))


def _joined(pieces: Iterator[Piece]) -> list[Piece]:
    """Return the pieces without empty ones, neighbours of the same change made one."""
    result: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if result and result[-1].change == piece.change:
            piece = Piece(piece.change, result.pop().text + piece.text)
        result.append(piece)
    return result
