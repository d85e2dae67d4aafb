"""Words of notes and descriptors brought to their stems. Pure; imports no Django."""

import re
from functools import lru_cache
from threading import local
from typing import Final

import snowballstemmer

WORD: Final = re.compile(r"[^\W_]+")


class _Stemmer(local):
    """A stemmer for each thread: it keeps the word that it works on."""

    def __init__(self) -> None:
        self.english = snowballstemmer.stemmer("english")


_stemmer = _Stemmer()


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """Return the English stem of a word in small letters; ``forget`` empties what it keeps.

    An inflammation is itself: stemmed, "esophagitis" would be the same as "esophagus".
    """
    return word if word.endswith("itis") else str(_stemmer.english.stemWord(word))


def forget() -> None:
    """Keep no word of a note."""
    stem.cache_clear()


def stems(text: str) -> set[str]:
    """Return the stems of the words of a text."""
    return {stem(word) for word in WORD.findall(text.lower())}
