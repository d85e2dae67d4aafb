"""Which words of a text were searched for. Pure; imports no Django.

A word is marked if it begins with a typed word, is another form of one (``fractures`` for
``fracture``), or is what a typed word was read as (``myocardial`` for ``MI``).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import snowballstemmer

MAX_WORDS: Final = 40
_WORD: Final = re.compile(r"[^\W_]+")
_QUIET: Final = frozenset(
    "a an and as at by for from in is it no not of on or the to with without".split()  # noqa: SIM905 - words read best as words
)
"""Words that say nothing when they are marked."""

_stemmer: Final = snowballstemmer.stemmer("english")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, marked or not; the parts one after the other are the text."""

    text: str
    is_marked: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is marked: beginnings of words, and stems of words."""

    beginnings: tuple[str, ...]
    stems: frozenset[str]

    @classmethod
    def of(cls, query: str, readings: Iterable[str] = ()) -> "Wanted":
        """Return what a query and the readings of its words ("MI: myocardial infarction") want."""
        typed = [each for each in _words(query) if each not in _QUIET][:MAX_WORDS]
        read = [word for each in readings for word in _words(each.partition(": ")[2])]
        stems = frozenset(map(_stem, [*typed, *(word for word in read if word not in _QUIET)]))
        return cls(tuple(word for word in typed if len(word) > 1), stems)

    def has(self, word: str) -> bool:
        """Return whether a word of a text is wanted."""
        folded = _folded(word)
        return folded.startswith(self.beginnings) or _stem(folded) in self.stems


def marked(text: str, wanted: Wanted) -> list[Piece]:
    """Return the pieces of a text; neighbours are never both unmarked."""
    pieces: list[Piece] = []
    plain = 0
    for match in _WORD.finditer(text):
        if wanted.has(match[0]):
            if match.start() > plain:
                pieces.append(Piece(text[plain : match.start()], is_marked=False))
            pieces.append(Piece(match[0], is_marked=True))
            plain = match.end()
    if plain < len(text):
        pieces.append(Piece(text[plain:], is_marked=False))
    return pieces


def _words(text: str) -> Iterator[str]:
    return (_folded(match[0]) for match in _WORD.finditer(text))


@lru_cache(maxsize=16_384)
def _folded(word: str) -> str:
    """Return a word in small letters without accents."""
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word)
    return "".join(c for c in plain if not unicodedata.combining(c)).lower()


@lru_cache(maxsize=16_384)
def _stem(word: str) -> str:
    return str(_stemmer.stemWord(word))
