"""The words of all names, their stems, and the same of several segments as one. Pure."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

import numpy as np

from codes.search.segment import NONE, Ints, Segment, lines
from codes.search.trigrams import Trigrams, bit_of
from codes.search.words import NEGLIGIBLE, stem

_LAST: Final = "\U0010ffff"


class Vocabulary:
    """Words, sorted, with their stems."""

    def __init__(self, words: list[str], stem_of_word: Ints, stems: list[str]) -> None:
        self.words = words
        self.number: dict[str, int] = {word: i for i, word in enumerate(words)}
        self.stem_of_word = stem_of_word
        self.stems = stems
        self.stem_number: dict[str, int] = {text: i for i, text in enumerate(stems)}
        self.trigrams = Trigrams(words)
        self.is_light = np.zeros(len(words), dtype=np.bool_)
        for word in NEGLIGIBLE:
            if word in self.number:
                self.is_light[self.number[word]] = True
        self.lengths = np.fromiter(map(len, words), dtype=np.int16, count=len(words))
        self.letters = self.trigrams.letters()

    def stem(self, word: str) -> int:
        """Return the number of a word's stem, or ``NONE`` if no name has it."""
        number = self.number.get(word)
        if number is not None:
            return int(self.stem_of_word[number])
        return self.stem_number.get(stem(word), NONE)

    def bit(self, sign: str) -> int:
        """Return the place of a sign in ``letters``; signs that no word has share one."""
        return bit_of(sign)

    def beginning(self, prefix: str) -> slice:
        """Return where the words with a prefix stand."""
        return slice(bisect_left(self.words, prefix), bisect_left(self.words, prefix + _LAST))


def joined(parts: Sequence[Segment]) -> tuple[Vocabulary, list[Ints], list[Ints]]:
    """Return the words of all segments, and of each segment the new numbers of words and stems."""
    word_lists, stem_lists = [lines(p.words) for p in parts], [lines(p.stems) for p in parts]
    words = sorted(set().union(*word_lists))
    stems = sorted(set().union(*stem_lists))
    word_number = {word: i for i, word in enumerate(words)}
    stem_number = {text: i for i, text in enumerate(stems)}
    of_words = [np.array([word_number[w] for w in each], dtype=np.int32) for each in word_lists]
    of_stems = [np.array([stem_number[s] for s in each], dtype=np.int32) for each in stem_lists]
    stem_of_word = np.zeros(len(words), dtype=np.int32)
    for part, word, stem_ in zip(parts, of_words, of_stems, strict=True):
        stem_of_word[word] = stem_[part.stem_of_word]
    return Vocabulary(words, stem_of_word, stems), of_words, of_stems
