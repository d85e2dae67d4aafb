"""Known words that a misspelled one may have meant. Pure; imports no Django.

A filter of letters leaves a few hundred words of the vocabulary; only to those is the distance
taken: some 0.1 ms a word, however long the vocabulary.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from codes.search.index import Index
from codes.search.segment import NONE
from codes.search.words import NUMBERS

NEIGHBOURS: Final = 4
LONG: Final = 7
"""Letters of a word that may be meant by its second nearest spelling, too."""
FREQUENT: Final = 100
OTHER_LETTER: Final = 0.2
"""What a word counts that begins with another letter: few slip at the first."""
MOST_SAID: Final = 2
"""Slips of a word that is compared with field knowledge."""
COMPOUND: Final = 9
RARE: Final = 50
"""A word of so many letters that fewer codes have is tried as two words, too."""
_MOST_COMPARED: Final = 3_000


@dataclass(frozen=True, slots=True)
class Spelling:
    """A known word and how far it is from what was typed: wrong, missing, extra, swapped."""

    word: str
    distance: int


def nearest(index: Index, word: str) -> list[Spelling]:
    """Return the known words that ``word`` is most like, the likeliest first; at most four.

    Words with digits and those of less than three letters mean nothing else. A short word that is
    like none by one slip may be a very frequent one by two.
    """
    allowed = slips(word)
    if not allowed:
        return []
    found = list(_within(index, word, allowed, 1))
    if not found and 3 < len(word) < LONG:
        found = list(_within(index, word, allowed + 1, FREQUENT))
    found.sort()
    closest = found[0][0] if found else 0
    kept = [each for each in found if each[0] <= closest + (len(word) >= LONG)]
    return [Spelling(other, distance) for distance, _, other in kept[:NEIGHBOURS]]


def nearest_said(spelled: Sequence[str], word: str) -> Spelling | None:
    """Return the word of field knowledge that ``word`` is most like, if there is one."""
    allowed = min(slips(word), MOST_SAID)
    if not allowed:
        return None
    near_by = process.extract(word, spelled, scorer=OSA.distance, score_cutoff=allowed, limit=None)
    near = [(distance, other[0] != word[0], other) for other, distance, _ in near_by]
    return Spelling(min(near)[2], int(min(near)[0])) if near else None


def near_words(index: Index, word: str, allowed: int) -> list[Spelling]:
    """Return all known words within so many slips of ``word``, the likeliest first."""
    found = sorted(_within(index, word, allowed, 1))
    return [Spelling(other, distance) for distance, _, other in found if distance]


def _within(index: Index, word: str, allowed: int, least: int) -> Iterator[tuple[int, float, str]]:
    """Yield known words of at least so many codes: distance, likelihood, less being likelier."""
    vocabulary = index.vocabulary
    letters = np.uint64(sum(1 << bit for bit in {vocabulary.bit(sign) for sign in word}))
    near = np.abs(vocabulary.lengths - len(word)) <= allowed
    near &= np.bitwise_count(vocabulary.letters ^ letters) <= 2 * allowed
    numbers = np.flatnonzero(near)[:_MOST_COMPARED].tolist()
    likely = [vocabulary.words[number] for number in numbers]
    near_by = process.extract(word, likely, scorer=OSA.distance, score_cutoff=allowed, limit=None)
    for other, distance, place in near_by:
        often = int(index.frequency[vocabulary.stem_of_word[numbers[place]]])
        if often >= least:
            yield distance, -often * (1.0 if other[0] == word[0] else OTHER_LETTER), other
    for other, numeral in NUMBERS.items():
        distance = OSA.distance(word, other, score_cutoff=allowed)
        if distance <= allowed and numeral in vocabulary.number:
            yield distance, -float(index.frequency[vocabulary.stem(numeral)]), numeral


def slips(word: str) -> int:
    """Return how many slips a word of that length may hold."""
    if not word.isalpha() or len(word) < 3:
        return 0
    return 1 if len(word) < 6 else 2 if len(word) < 11 else 3


def parted(index: Index, word: str) -> tuple[str, str] | None:
    """Return the two known words that ``word`` is when a space is put in; the best known pair."""
    known, best = index.vocabulary, None
    for place, (head, tail) in enumerate(_cuts(word)):
        if head in known.number and tail in known.number:
            often = [int(index.frequency[known.stem(part)]) for part in (head, tail)]
            best = max(best or (0, place, head, tail), (min(often), place, head, tail))
    return best and best[2:]


def is_compound(index: Index, word: str) -> bool:
    """Return whether a word may be better known as two."""
    number = index.vocabulary.stem(word)
    return len(word) >= COMPOUND and (number == NONE or int(index.frequency[number]) < RARE)


def _cuts(word: str) -> Iterator[tuple[str, str]]:
    for place in range(1, len(word)):
        head, tail = word[:place], word[place:]
        if head.isdigit() != tail.isdigit() or min(len(head), len(tail)) >= 3:
            yield head, tail


_BRITISH: Final = (
    ("aemia", "emia"), ("aem", "em"), ("haem", "hem"), ("oed", "ed"), ("oes", "es"),
    ("paed", "ped"), ("orrhoea", "orrhea"), ("rrhoea", "rrhea"), ("caec", "cec"),
    ("anaesth", "anesth"), ("gynaec", "gynec"), ("faec", "fec"), ("foet", "fet"),
    ("our", "or"), ("isation", "ization"), ("ise", "ize"), ("ising", "izing"), ("ised", "ized"),
    ("yse", "yze"), ("tre", "ter"), ("ogue", "og"), ("sulph", "sulf"), ("leuk", "leuc"),
    ("leuc", "leuk"), ("lling", "ling"), ("lled", "led"), ("aes", "es"), ("ae", "e"), ("oe", "e"),
)  # fmt: skip


def american(index: Index, word: str) -> str | None:
    """Return the known word that ``word`` is the British spelling of."""
    for british, ours in _BRITISH:
        if british in word:
            other = word.replace(british, ours)
            if index.vocabulary.stem(other) >= 0:
                return other
    return None
