"""Trigrams of words, as PostgreSQL's pg_trgm makes them. Pure; imports no Django.

``cat`` has four: two of its beginning, ``cat`` itself, one of its end. They find names in spite
of any slip, in any order of words.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

_SIGNS: Final = " .0123456789abcdefghijklmnopqrstuvwxyz"
_SIZE: Final = len(_SIGNS)
KINDS: Final = _SIZE**3


def bit_of(sign: str) -> int:
    """Return the place of a sign; 0 for one that words do not have."""
    return max(_SIGNS.find(sign), 0)


class Trigrams:
    """The trigrams of a list of words."""

    def __init__(self, words: Sequence[str]) -> None:
        signs = np.zeros(256, dtype=np.uint16)
        for place, sign in enumerate(_SIGNS):
            signs[ord(sign)] = place
        padded = "".join(f"  {word} " for word in words) + "  "
        text = signs[np.frombuffer(padded.encode("ascii", "replace"), dtype=np.uint8)]
        real = (text[1:-1] != 0) | (text[2:] != 0)
        lengths = np.fromiter((len(word) + 3 for word in words), dtype=np.int64, count=len(words))
        start = np.concatenate(([0], np.cumsum(lengths)))
        numbers = (text[:-2] * _SIZE + text[1:-1]) * _SIZE + text[2:]
        self._numbers = numbers[real]
        self._start = np.concatenate(([0], np.cumsum(real)))[start]
        self._text, self._lengths = text, lengths
        self.count = np.diff(self._start)
        """How many each word has."""

    def shared(self, words: NDArray[np.integer], wanted: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Return how many trigrams of each of some words are wanted."""
        if not len(words):
            return np.empty(0, dtype=np.intp)
        sizes = self.count[words]
        begins = np.cumsum(sizes) - sizes
        at = np.arange(int(sizes.sum())) + np.repeat(self._start[words] - begins, sizes)
        return np.add.reduceat(wanted[self._numbers[at]].astype(np.intp), begins)

    def all(self) -> NDArray[np.bool_]:
        """Return which trigrams the words have among them."""
        wanted = np.zeros(KINDS, dtype=np.bool_)
        wanted[self._numbers] = True
        return wanted

    def letters(self) -> NDArray[np.uint64]:
        """Return for each word which signs it has, one bit each."""
        bits = np.where(self._text[:-2] == 0, 0, np.uint64(1) << self._text[:-2].astype(np.uint64))
        if not len(self._lengths):
            return np.empty(0, dtype=np.uint64)
        starts = np.cumsum(self._lengths) - self._lengths
        return np.bitwise_or.reduceat(bits.astype(np.uint64), starts)
