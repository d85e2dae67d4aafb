"""A typed text as slots, one a word, each with all that the word may be read as. Pure."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

import numpy as np

from codes.search.index import Index
from codes.search.knowledge import MOST_READINGS, Knowledge, Known
from codes.search.segment import NONE
from codes.search.spelling import american, nearest, parted
from codes.search.words import NEGLIGIBLE, words

MAX_CHARACTERS: Final = 300
MAX_WORDS: Final = 24
COMPLETIONS: Final = 12
"""Words that a beginning is read as."""
AS_BEGINNING: Final = 0.8
"""What a completion of an unknown word counts."""
RATHER_BEGINNING: Final = 0.6
"""What it counts where names have the word, but those with a completion are many more."""
MANY_MORE: Final = 10
PARTED: Final = 0.9
JOINED: Final = 0.5
CLOSE: Final = 0.85
"""What other readings count; a close spelling less for each slip and each likelier one."""
MISSPELLINGS: Final = 6
"""Words of one query that are compared with the vocabulary; the rest stay unknown."""


UNKNOWN: Final = -1.0
"""The mass of a word that no name has, until the others are known: that of the rarest of them."""


class Level(IntEnum):
    """How a word is read: as typed or known to mean the same, or as a close spelling."""

    TYPED = 0
    CLOSE = 1


@dataclass(frozen=True, slots=True)
class Alternative:
    """Something that a word may be read as: stems that a name has all of."""

    stems: tuple[int, ...]
    weight: float
    level: Level = Level.TYPED
    reading: str = ""
    """In words, where it is read otherwise than typed."""
    text: str = ""
    """What stands in place of the typed words then."""
    span: tuple[int, int] = (0, 0)
    """Which words it takes the place of."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A typed word. ``mass`` is how much it says; a negligible one has none."""

    word: str
    stem: int
    mass: float
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class NamedCode:
    """A code that field knowledge calls by the words ``first:end`` of the query."""

    code_id: int
    known: Known
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed, read."""

    typed: tuple[str, ...]
    slots: tuple[Slot, ...]
    named: tuple[NamedCode, ...] = ()

    def without_words(self) -> "Query":
        """Return a query that matches nothing by words: of a text that is a code."""
        return Query((), ())

    @property
    def mass(self) -> float:
        """How much all words say."""
        return sum(slot.mass for slot in self.slots)


def analyse(text: str, index: Index, knowledge: Knowledge, *, is_unfinished: bool = False) -> Query:
    """Read a text, at most 24 words of 300 characters; bounded in time for any text.

    Of an unfinished one the last word is read as a beginning first of all.
    """
    text = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS])[:MAX_CHARACTERS]
    typed = words(text)[:MAX_WORDS]
    readings, named = _known_readings(text, typed, index, knowledge)
    reader = _Reader(typed, index, is_unfinished=is_unfinished)
    slots = [reader.slot(i, readings[i]) for i in range(len(typed))]
    usual = max((slot.mass for slot in slots), default=0.0)
    usual = usual if usual > 0 else 1.0
    slots = [replace(slot, mass=usual) if slot.mass == UNKNOWN else slot for slot in slots]
    if slots and not any(slot.mass for slot in slots):
        slots = [replace(slot, mass=1.0) for slot in slots]
    return Query(tuple(typed), tuple(slots), tuple(named))


class _Reader:
    """Reads the words of one query, each in its place."""

    def __init__(self, typed: Sequence[str], index: Index, *, is_unfinished: bool) -> None:
        self._typed, self._index = typed, index
        self._is_unfinished = is_unfinished
        self._comparisons = MISSPELLINGS

    def slot(self, i: int, known: Sequence[Alternative]) -> Slot:
        """Return a word with all that it may be read as; ``known`` is from field knowledge."""
        word = self._typed[i]
        number = self._index.vocabulary.stem(word)
        own = self._as_known(i, number) if number != NONE else self._as_unknown(i, known)
        alternatives = (*own, *self._joined(i), *known)
        if word in NEGLIGIBLE:
            return Slot(word, number, 0.0, alternatives)
        mass = UNKNOWN if number == NONE else float(self._index.rarity[number])
        return Slot(word, number, mass, alternatives)

    def _as_known(self, i: int, number: int) -> Iterator[Alternative]:
        """Yield a word itself, and what it begins if that is much more usual."""
        word = self._typed[i]
        yield Alternative((number,), 1.0, span=(i, i + 1))
        if self._is_unfinished and self._is_last(i):
            yield from self._completed(i, 1.0, {number})
        elif len(word) > 2 or (self._is_last(i) and len(word) > 1):
            least = MANY_MORE * int(self._index.frequency[number])
            yield from self._completed(i, RATHER_BEGINNING, {number}, least)

    def _as_unknown(self, i: int, known: Sequence[Alternative]) -> Iterator[Alternative]:
        """Yield what a word that no name has can be: a beginning, two words, a misspelling."""
        word = self._typed[i]
        completed = list(self._completed(i, AS_BEGINNING, set()))
        if self._is_last(i) or len(word) > 2:
            yield from completed
        if other := american(self._index, word):
            yield self._as(other, i, 1.0, Level.TYPED)
        elif pair := parted(self._index, word):
            yield self._as(" ".join(pair), i, PARTED, Level.TYPED)
        elif not known and not (completed and len(word) > 3) and self._comparisons:
            self._comparisons -= 1
            for place, found in enumerate(nearest(self._index, word)):
                yield self._as(found.word, i, CLOSE ** (found.distance + place), Level.CLOSE)

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


def _known_readings(
    text: str, typed: Sequence[str], index: Index, knowledge: Knowledge
) -> tuple[list[list[Alternative]], list[NamedCode]]:
    """Return for each word the known readings of the phrases that it is in."""
    readings: list[list[Alternative]] = [[] for _ in typed]
    named: list[NamedCode] = []
    for first, end, found in knowledge.within(typed):
        fitting = [each for each in found if not each.exact_case or each.text in text]
        named += [NamedCode(k.code_id, k, first, end) for k in fitting if k.code_id is not None]
        meanings = [each for each in fitting if each.means][:MOST_READINGS]
        for place, known in enumerate(meanings):
            stems = _known_stems(known.means, index)
            if not stems:
                continue
            weight = 1.0 / (len(meanings) ** 0.5 if known.rank == meanings[0].rank else 1 + place)
            each = Alternative(
                stems,
                weight / (end - first),
                Level.TYPED,
                f"{' '.join(typed[first:end])}: {known.means}",
                known.means,
                (first, end),
            )
            for i in range(first, end):
                readings[i].append(each)
    return readings, named


def _known_stems(text: str, index: Index) -> tuple[int, ...]:
    """Return the stems of what a text says; those that no name has are left out."""
    said = [word for word in words(text) if word not in NEGLIGIBLE]
    numbers = dict.fromkeys(index.vocabulary.stem(word) for word in said)
    return tuple(number for number in numbers if number != NONE)


def readings_of(index: Index, query: Query, code: int) -> Iterator[str]:
    """Yield in words how those words of the query were read that a code has only in that way."""
    has = {stem_ for name in index.names_of(code) for stem_ in index.stems_of(name)}
    for slot in query.slots:
        if slot.stem in has or not slot.mass:
            continue
        fitting = [each for each in slot.alternatives if has.issuperset(each.stems)]
        if fitting and fitting[0].reading:
            yield fitting[0].reading
