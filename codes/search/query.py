"""A typed text as slots, one a word, each with all that the word may be read as. Pure."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

import numpy as np
from rapidfuzz.distance import OSA

from codes.search import naming
from codes.search.acronyms import meanings
from codes.search.index import Index
from codes.search.knowledge import MOST_READINGS, Knowledge, Known
from codes.search.naming import NamedCode
from codes.search.readings import Alternative, Level, Wording, wordings
from codes.search.segment import NONE
from codes.search.spelling import Spelling, american, nearest, nearest_said, parted
from codes.search.words import LONE_NUMERALS, NEGLIGIBLE, words

MAX_CHARACTERS: Final = 400
MAX_WORDS: Final = 40
MAX_NAME: Final = 5_000
"""Characters of a text that are compared with whole names: the longest has 4,501."""
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
PARTED: Final = 0.9
JOINED: Final = 0.5
CLOSE: Final = 0.85
"""What other readings count; a close spelling less for each slip and each likelier one."""
CHAINED: Final = 2
AS_MEANT: Final = 0.8
"""What the reading of a reading counts, and how many there are of each."""
COMPOUND: Final = 9
RARE: Final = 50
"""A word of so many letters that fewer codes have is tried as two words, too."""
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


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed, read."""

    typed: tuple[str, ...]
    slots: tuple[Slot, ...]
    whole: tuple[str, ...] = ()
    """Every word that was typed, where names are longer than what is read."""
    named: tuple[NamedCode, ...] = ()
    """Codes that are called by the whole of it."""
    parts: tuple[NamedCode, ...] = ()
    """Codes that are called by its parts, where it is nothing but names of codes."""
    wordings: tuple[Wording, ...] = ()
    """As typed, then as read."""

    def without_words(self) -> "Query":
        """Return a query that matches nothing by words: of a text that is a code."""
        return Query((), ())

    @property
    def mass(self) -> float:
        """How much all words say."""
        return sum(slot.mass for slot in self.slots)


def analyse(text: str, index: Index, knowledge: Knowledge, *, is_unfinished: bool = False) -> Query:
    """Read a text, at most 40 words of 400 characters; bounded in time for any text.

    Of an unfinished one the last word is read as a beginning first of all.
    """
    text = unicodedata.normalize("NFKC", text[:MAX_NAME])[:MAX_NAME]
    typed = words(text[:MAX_CHARACTERS])[:MAX_WORDS]
    whole = words(text) if len(text) > MAX_CHARACTERS or len(typed) == MAX_WORDS else typed
    text = text[:MAX_CHARACTERS]
    knowing = _Knowing(text, typed, index, knowledge)
    knowing.read()
    reader = _Reader(typed, index, is_unfinished=is_unfinished)
    slots = [reader.slot(i, knowing.readings[i]) for i in range(len(typed))]
    slots = _with_meant(slots, text, typed, index, knowledge)
    for i in knowing.says_nothing:
        slots[i] = replace(slots[i], mass=0.0)
    usual = max((slot.mass for slot in slots), default=0.0)
    usual = usual if usual > 0 else 1.0
    slots = [
        replace(slot, mass=max(usual, _rarity_meant(slot, index))) if slot.mass == UNKNOWN else slot
        for slot in slots
    ]
    if slots and not any(slot.mass for slot in slots):
        slots = [replace(slot, mass=1.0) for slot in slots]
    readings = [each for slot in slots for each in slot.alternatives]
    worded = tuple(wordings(typed, readings))
    return Query(
        typed=tuple(typed),
        slots=tuple(slots),
        whole=tuple(whole),
        named=tuple(naming.named(text, worded, knowledge)),
        parts=naming.parts(text, worded, knowledge),
        wordings=worded,
    )


def _rarity_meant(slot: Slot, index: Index) -> float:
    """Return the rarity of the word that an unknown one was meant to be, 0 if it may be none."""
    if any(each.level is Level.TYPED for each in slot.alternatives):
        return 0
    single = (each.stems[0] for each in slot.alternatives if len(each.stems) == 1)
    return next((float(index.rarity[number]) for number in single), 0.0)


def _with_meant(
    slots: list[Slot], text: str, typed: Sequence[str], index: Index, knowledge: Knowledge
) -> list[Slot]:
    """Return the words with what field knowledge says of them as they were probably meant.

    ``high blood presure`` is a misspelled name of hypertension.
    """
    meant = [_meant(slot, knowledge) for slot in slots]
    if meant == list(typed):
        return slots
    knowing = _Knowing(text, meant, index, knowledge)
    knowing.read()
    places = {i for i, word in enumerate(meant) if word != typed[i]}
    said = [
        [each for each in readings if not places.isdisjoint(range(*each.span))]
        for readings in knowing.readings
    ]
    return [
        replace(slot, alternatives=(*slot.alternatives, *(_as_slip(each) for each in readings)))
        for slot, readings in zip(slots, said, strict=True)
    ]


def _meant(slot: Slot, knowledge: Knowledge) -> str:
    """Return the word that an unknown one is a misspelling of, if that can be told."""
    others = [each for each in slot.alternatives if each.level is Level.CLOSE]
    is_known = any(each.level is Level.TYPED for each in slot.alternatives)
    if is_known or (slot.word,) in knowledge.by_words:
        return slot.word
    said = nearest_said(knowledge.spelled, slot.word)
    best = next((each.text for each in others if " " not in each.text), "")
    if said and (not best or _unlike(slot.word, said.word) < _unlike(slot.word, best)):
        return said.word
    return best or slot.word


def _unlike(word: str, other: str) -> tuple[int, bool]:
    """Return how many slips lead from one word to another, and whether the first letter is one."""
    return OSA.distance(word, other), word[0] != other[0]


def _as_slip(each: Alternative) -> Alternative:
    return replace(each, level=Level.CLOSE, weight=each.weight * CLOSE)


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
        if _is_compound(self._index, word) and (pair := parted(self._index, word)):
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
        for place, found in enumerate(spellings):
            yield self._as(found.word, i, CLOSE ** (found.distance + place), Level.CLOSE)
        if is_compared and (len(word) <= SHORT or not spellings):
            for place, phrase in enumerate(meanings(self._index, word)):
                yield self._as(phrase, i, AS_INITIALS / (1 + place), Level.CLOSE)

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


def _apart(index: Index, said: Sequence[str]) -> Iterator[str]:
    """Yield words, the long rare ones as the two known ones that they are made of."""
    for word in said:
        pair = parted(index, word) if _is_compound(index, word) else None
        yield from pair or (word,)


def _is_compound(index: Index, word: str) -> bool:
    """Return whether a word may be better known as two."""
    number = index.vocabulary.stem(word)
    return len(word) >= COMPOUND and (number == NONE or int(index.frequency[number]) < RARE)


class _Knowing:
    """Reads the words of one query by field knowledge, and what it says of them once more."""

    def __init__(self, text: str, typed: Sequence[str], index: Index, knowledge: Knowledge) -> None:
        self._text, self._typed = text, typed
        self._index, self._knowledge = index, knowledge
        self.readings: list[list[Alternative]] = [[] for _ in typed]
        self.says_nothing: set[int] = set()
        """Which words stand for negligible ones, as 2/2 does for "due to"."""

    def read(self) -> None:
        """Fill the readings of each word.

        The letters of ``r/o`` and ``b/l`` stand for nothing by themselves.
        """
        spelt: set[int] = set()
        for first, end, found in self._knowledge.within(self._typed):
            fitting = [k for k in found if k.means and (not k.exact_case or k.text in self._text)]
            if end - first == 1 and first in spelt:
                continue
            if fitting and max(map(len, self._typed[first:end])) == 1:
                spelt.update(range(first, end))
            self._take(first, end, fitting[:MOST_READINGS])

    def _take(self, first: int, end: int, meanings: Sequence[Known]) -> None:
        usual = sum(known.rank == 1 for known in meanings) or 1
        for known in meanings:
            weight = 1.0 / (max(usual, known.rank) ** 0.5)
            for means, factor in self._said(known.means):
                self._add(first, end, known, means, weight * factor)

    def _add(self, first: int, end: int, known: Known, means: str, weight: float) -> None:
        stems = self._stems(means)
        if not stems:
            if all(word in NEGLIGIBLE for word in words(means)):
                self.says_nothing.update(range(first, end))
            return
        reading = f"{' '.join(self._typed[first:end])}: {means}"
        each = Alternative(
            stems, weight / (end - first), Level.TYPED, reading, means, (first, end), known.rank
        )
        for i in range(first, end):
            self.readings[i].append(each)

    def _said(self, means: str) -> Iterator[tuple[str, float]]:
        """Yield what a text means, and what its words mean in turn."""
        yield means, 1.0
        said = words(means)
        if (apart := " ".join(_apart(self._index, said))) != " ".join(said):
            yield apart, 1.0
        for first, end, found in self._knowledge.within(said):
            others = [k.means for k in found if k.means and k.rank == 1 and not k.exact_case]
            for other in others[:CHAINED]:
                yield " ".join((*said[:first], other, *said[end:])), AS_MEANT

    def _stems(self, text: str) -> tuple[int, ...]:
        """Return the stems of what a text says; those that no name has are left out."""
        vocabulary = self._index.vocabulary
        numbers: list[int] = []
        for word in words(text):
            if word in NEGLIGIBLE:
                continue
            number = vocabulary.stem(word)
            if number != NONE:
                numbers.append(number)
            elif other := american(self._index, word):
                numbers.append(vocabulary.stem(other))
            elif pair := parted(self._index, word):
                numbers += map(vocabulary.stem, pair)
        return tuple(dict.fromkeys(numbers))


def readings_of(index: Index, query: Query, code: int) -> Iterator[str]:
    """Yield in words how those words of the query were read that a code has only in that way."""
    has = {stem_ for name in index.names_of(code) for stem_ in index.stems_of(name)}
    for slot in query.slots:
        if slot.stem in has or not slot.mass:
            continue
        fitting = [each for each in slot.alternatives if has.issuperset(each.stems)]
        if fitting and fitting[0].reading and _may_be_said(index, code, fitting[0]):
            yield fitting[0].reading


def _may_be_said(index: Index, code: int, read: Alternative) -> bool:
    """Return whether a reading shows no word that stands in gated names alone.

    What field knowledge says, and what is made of the typed letters, is open to all.
    """
    if read.level is not Level.CLOSE:
        return True
    number = index.vocabulary.number.get(read.text)
    if number is not None:
        return any(bool(flags[number]) for flags in index.open_words)
    names = (name for name in index.names_of(code) if index.is_open(code, name))
    return {stem_ for name in names for stem_ in index.stems_of(name)}.issuperset(read.stems)
