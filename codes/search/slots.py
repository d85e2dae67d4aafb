"""The words of a query, each with all that it may be read as by its letters. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

import numpy as np
from rapidfuzz.distance import OSA

from codes.search.acronyms import meanings
from codes.search.index import Index
from codes.search.readings import Alternative, Level
from codes.search.segment import NONE
from codes.search.spelling import Spelling, american, is_compound, nearest, parted
from codes.search.words import LONE_NUMERALS, NEGLIGIBLE

COMPLETIONS: Final = 12
"""Words that a beginning is read as."""
AS_BEGINNING: Final = 0.8
"""What a completion of an unknown word counts."""
RATHER_BEGINNING: Final = 0.6
"""What it counts where names have the word, but those with a completion are many more."""
MORE: Final = 5
"""How much more usual another word has to be, where a word is only a form of the stem."""
MANY_MORE: Final = 10
AS_NUMERAL: Final = 0.8
"""What a lone numeral counts in the other way of writing it."""
RARELY: Final = 20
"""Codes of which so few have what a word begins that it may as well be a misspelling."""
PARTED: Final = 0.9
JOINED: Final = 0.5
CLOSE: Final = 0.85
"""What other readings count; a close spelling less for each slip and each likelier one."""
SHORT: Final = 4
"""Letters of a word that may as well be initials as a misspelling."""
AS_INITIALS: Final = 0.8
"""What the likeliest phrase counts whose initials a word is."""
UNUSUAL: Final = 0.3
FORMS: Final = 4
"""Of a stem's codes one in so many has to have a word itself that may be an abbreviation."""
MIN_ROOT: Final = 4
KIN: Final = 0.5
"""What another word with the same beginning counts, such as sacral for sacrum."""
MISSPELLINGS: Final = 6
"""Words of one query that are compared with the vocabulary; the rest stay unknown."""
UNKNOWN: Final = -1.0
"""The mass of a word that no name has, until the others are known: that of the rarest of them, or
of the word that was meant.
"""


@dataclass(frozen=True, slots=True)
class Slot:
    """A typed word. ``mass`` is how much it says; a negligible one has none."""

    word: str
    stem: int
    mass: float
    alternatives: tuple[Alternative, ...]


class Reader:
    """Reads the words of one query, each in its place."""

    def __init__(self, typed: Sequence[str], index: Index, *, is_unfinished: bool) -> None:
        self._typed, self._index = typed, index
        self._is_unfinished = is_unfinished
        self._comparisons = MISSPELLINGS

    def slot(self, i: int, known: Sequence[Alternative]) -> Slot:
        """Return a word with all that it may be read as; ``known`` is from field knowledge."""
        word = self._typed[i]
        number = self._index.vocabulary.stem(word)
        own: Iterator[Alternative]
        if number != NONE and not known and self._is_misspelt(word, number):
            own = chain(self._as_unknown(i, known), self._of_stem(i, number))
        else:
            own = self._as_known(i, number) if number != NONE else self._as_unknown(i, known)
        if known and number != NONE and not self._is_usual(word, number):
            # An abbreviation is hardly a form of another word: DOE is not "does".
            own = iter([Alternative((number,), UNUSUAL, span=(i, i + 1))])
        alternatives = (*own, *self._joined(i), *known, *self._as_numeral(i))
        meant = next((each.text for each in alternatives if each.level is Level.CLOSE), "")
        is_slip = number == NONE and meant in NEGLIGIBLE and OSA.distance(word, meant) == 1
        if word in NEGLIGIBLE or is_slip:
            return Slot(word, number, 0.0, alternatives)
        mass = UNKNOWN if number == NONE else float(self._index.rarity[number])
        return Slot(word, number, mass, alternatives)

    def _is_usual(self, word: str, number: int) -> bool:
        """Return whether a word is not merely what is left of more frequent ones."""
        own = self._index.vocabulary.number.get(word)
        often = 0 if own is None else int(self._index.word_frequency[own])
        return often * FORMS >= int(self._index.frequency[number])

    def _is_misspelt(self, word: str, number: int) -> bool:
        """Return whether a word that no name has is rather another one than a form of its stem.

        "migrane" has the stem of "migrans", and is "migraine" with a slip.
        """
        vocabulary = self._index.vocabulary
        if word in vocabulary.number or len(word) < SHORT or self._comparisons <= 0:
            return False
        best = next(iter(nearest(self._index, word)), None)
        if best is None or best.distance > 1:
            return False
        other = vocabulary.stem(best.word)
        often = self._index.frequency
        return other != number and int(often[other]) >= MORE * int(often[number])

    def _of_stem(self, i: int, number: int) -> Iterator[Alternative]:
        """Yield a word as a form of its stem, which counts as a close spelling."""
        reading = f"{self._typed[i]}: {self._index.vocabulary.stems[number]}"
        yield Alternative((number,), KIN, Level.CLOSE, reading, span=(i, i + 1))

    def _as_known(self, i: int, number: int) -> Iterator[Alternative]:
        """Yield a word itself, and what it begins if that is much more usual."""
        word = self._typed[i]
        yield Alternative((number,), 1.0, span=(i, i + 1))
        if self._is_unfinished and self._is_last(i):
            yield from self._completed(i, 1.0, {number})
            return
        if len(word) > 2 or (self._is_last(i) and len(word) > 1):
            least = MANY_MORE * int(self._index.frequency[number])
            yield from self._completed(i, RATHER_BEGINNING, {number}, least)
        yield from self._kin(i, number)
        if is_compound(self._index, word) and (pair := parted(self._index, word)):
            yield self._as(" ".join(pair), i, PARTED, Level.TYPED)

    def _kin(self, i: int, number: int) -> Iterator[Alternative]:
        """Yield words of the same root as a known one; they count as close spellings."""
        word, vocabulary = self._typed[i], self._index.vocabulary
        root = word[: max(MIN_ROOT, len(word) - 2)]
        if len(word) <= MIN_ROOT + 1 or not word.isalpha():
            return
        stems = np.unique(vocabulary.stem_of_word[vocabulary.beginning(root)])
        for other in stems[stems != number][:COMPLETIONS].tolist():
            reading = f"{word}: {vocabulary.stems[other]}"
            yield Alternative((other,), KIN, Level.CLOSE, reading, span=(i, i + 1))

    def _as_unknown(self, i: int, known: Sequence[Alternative]) -> Iterator[Alternative]:
        """Yield what a word that no name has can be: a beginning, two words, a misspelling."""
        word = self._typed[i]
        completed = [] if known else list(self._completed(i, AS_BEGINNING, set()))
        if completed and self._is_rather_misspelt(i, completed):
            completed = [self._as_slip(i, each) for each in completed]
            yield from self._close(i, nearest(self._index, word))
        if self._is_last(i) or len(word) > 2:
            yield from completed
        if other := american(self._index, word):
            yield self._as(other, i, 1.0, Level.TYPED)
            return
        pair = parted(self._index, word)
        is_compared = not known and not (completed and len(word) > 3) and self._comparisons > 0
        spellings = nearest(self._index, word) if is_compared else []
        self._comparisons -= is_compared
        if pair and not self._is_rather(spellings, pair):
            yield self._as(" ".join(pair), i, PARTED, Level.TYPED)
            spellings = [found for found in spellings if found.distance == 1]
            is_compared = False
        yield from self._close(i, spellings)
        if is_compared and (len(word) <= SHORT or not spellings):
            for place, phrase in enumerate(meanings(self._index, word)):
                yield self._as(phrase, i, AS_INITIALS / (1 + place), Level.CLOSE)

    def _close(self, i: int, spellings: Sequence[Spelling]) -> Iterator[Alternative]:
        for place, found in enumerate(spellings):
            yield self._as(found.word, i, CLOSE ** (found.distance + place), Level.CLOSE)

    def _is_rather_misspelt(self, i: int, completed: Sequence[Alternative]) -> bool:
        """Return whether a slip is far likelier than a beginning: "diabetis" is no Diabetisource.

        Of a word that is still being typed nobody knows.
        """
        often = self._index.frequency
        total = sum(int(often[each.stems[0]]) for each in completed)
        word = self._typed[i]
        if len(word) <= SHORT or total > RARELY or self._is_unfinished or self._comparisons <= 0:
            return False
        self._comparisons -= 1
        best = next(iter(nearest(self._index, word)), None)
        if best is None or best.distance > 1:
            return False
        return int(often[self._index.vocabulary.stem(best.word)]) >= MANY_MORE * total

    def _as_slip(self, i: int, each: Alternative) -> Alternative:
        reading = f"{self._typed[i]}: {self._index.vocabulary.stems[each.stems[0]]}"
        return replace(each, level=Level.CLOSE, reading=reading)

    def _is_rather(self, spellings: Sequence[Spelling], pair: tuple[str, str]) -> bool:
        """Return whether a slip is likelier than a missing space: "newbon" is no "new bon"."""
        if not spellings or spellings[0].distance > 1:
            return False
        often, vocabulary = self._index.frequency, self._index.vocabulary
        least = min(int(often[vocabulary.stem(part)]) for part in pair)
        return int(often[vocabulary.stem(spellings[0].word)]) >= MORE * least

    def _is_last(self, i: int) -> bool:
        return i == len(self._typed) - 1

    def _as(self, other: str, i: int, weight: float, level: Level) -> Alternative:
        stems = tuple(self._index.vocabulary.stem(each) for each in other.split())
        reading = f"{self._typed[i]}: {other}"
        return Alternative(stems, weight, level, reading, other, (i, i + 1))

    def _completed(
        self, i: int, weight: float, but: set[int], least: int = 0
    ) -> Iterator[Alternative]:
        """Yield the stems that a word begins, the most frequent, of at least so many codes."""
        index = self._index
        stems = np.unique(index.vocabulary.stem_of_word[index.vocabulary.beginning(self._typed[i])])
        often = index.frequency[stems]
        stems, often = stems[often >= least], often[often >= least]
        if len(stems) > COMPLETIONS:
            stems = stems[np.argpartition(-often, COMPLETIONS)[:COMPLETIONS]]
        for number in stems.tolist():
            if number not in but:
                yield Alternative((number,), weight, span=(i, i + 1))

    def _as_numeral(self, i: int) -> Iterator[Alternative]:
        """Yield a lone numeral as the number, and a number as the letters of a lone numeral."""
        other = LONE_NUMERALS.get(self._typed[i])
        if other in self._index.vocabulary.number:
            yield Alternative((self._index.vocabulary.stem(other),), AS_NUMERAL, span=(i, i + 1))

    def _joined(self, i: int) -> Iterator[Alternative]:
        """Yield the one word that a word and its neighbour are without the space."""
        typed, vocabulary = self._typed, self._index.vocabulary
        for first in (i - 1, i):
            if first >= 0 and first + 1 < len(typed):
                joined = typed[first] + typed[first + 1]
                if len(joined) > 4 and joined in vocabulary.number:
                    stems = (vocabulary.stem(joined),)
                    reading = f"{typed[first]} {typed[first + 1]}: {joined}"
                    span = (first, first + 2)
                    yield Alternative(stems, JOINED, Level.TYPED, reading, joined, span)
