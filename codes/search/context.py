"""Words that were meant instead of others, as the rest of the query tells. Pure; imports no Django.

``Abscess of lever``: levers are known, of wheelchairs, but no name has both words, and ``Abscess
of liver`` is one slip away. So a word is read otherwise where that gives a code all of the words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from codes.search.index import Flags, Index
from codes.search.query import Query
from codes.search.readings import Alternative, Level, wordings
from codes.search.segment import NONE
from codes.search.slots import CLOSE, Slot
from codes.search.spelling import Spelling, near_words, slips

MOST_SLOTS: Final = 8
"""Words of a longer query that says more are not read otherwise: it is a sentence."""
READINGS: Final = 4
"""Other words that a word is read as."""
RARE: Final = 50
RARELY: Final = 2
"""Slips that a known word of so few codes may hold; the others may hold one."""
MOST_SLIPS: Final = 3
"""Slips that an unknown word may hold."""
SHORTEST: Final = 4
"""Letters of the shortest word that is read otherwise; those of three are rather initials."""
TRIED: Final = 200
"""Similar words that are looked for beside the rest of the query, the most similar first."""


def in_context(index: Index, query: Query, allowed: Flags | None) -> Query:
    """Return the query with words read so that some code has all of them; itself if none would.

    ``allowed`` says which codes may be found. One word is read otherwise at a time.
    """
    places = [i for i, slot in enumerate(query.slots) if slot.mass]
    if not 1 < len(places) <= MOST_SLOTS:
        return query
    having = [_having(index, query.slots[i]) for i in places]
    count = np.sum(having, axis=0, dtype=np.uint8)
    read: dict[int, list[Alternative]] = {}
    for i, own in zip(places, having, strict=True):
        others = count - own == len(places) - 1
        if allowed is not None:
            others &= allowed
        if others.any() and (found := list(_meant(index, query.slots[i], i, others))):
            read[i] = found
    return _read_so(query, read) if read else query


def _having(index: Index, slot: Slot) -> NDArray[np.uint8]:
    """Return 1 for each code that has the word in one of its readings."""
    flags = np.zeros(index.size, dtype=np.uint8)
    for each in slot.alternatives:
        codes = index.postings(each.stems[0])[0]
        for number in each.stems[1:]:
            codes = np.intersect1d(codes, index.postings(number)[0], assume_unique=True)
        flags[codes] = 1
    return flags


def _meant(index: Index, slot: Slot, i: int, others: Flags) -> Iterator[Alternative]:
    """Yield the words like the typed one that stand beside all the others, the likeliest first."""
    known = {number for each in slot.alternatives for number in each.stems}
    found: list[tuple[int, int, str, int]] = []
    for near in _similar(index, slot):
        number = index.vocabulary.stem(near.word)
        if number in known or number == NONE:
            continue
        often = int(np.count_nonzero(others[index.postings(number)[0]]))
        if often:
            found.append((near.distance, -often, near.word, number))
            known.add(number)
    for place, (distance, _, word, number) in enumerate(sorted(found)[:READINGS]):
        weight = CLOSE ** (distance + place)
        reading = f"{slot.word}: {word}"
        yield Alternative((number,), weight, Level.CLOSE, reading, word, (i, i + 1))


def _similar(index: Index, slot: Slot) -> Sequence[Spelling]:
    """Return the words that a typed one may be by a slip or more, if nothing else explains it."""
    allowed = slips(slot.word)
    is_explained = any(each.text and each.level is Level.TYPED for each in slot.alternatives)
    if not allowed or is_explained or len(slot.word) < SHORTEST:
        return []
    often = int(index.frequency[slot.stem]) if slot.stem != NONE else 0
    most = allowed + 1 if not often else RARELY if often <= RARE else 1
    return near_words(index, slot.word, min(most, MOST_SLIPS))[:TRIED]


def _read_so(query: Query, read: dict[int, list[Alternative]]) -> Query:
    """Return the query with these readings too; names are compared with them first."""
    slots = tuple(
        replace(slot, alternatives=(*slot.alternatives, *read.get(i, ())))
        for i, slot in enumerate(query.slots)
    )
    meant = [each for found in read.values() for each in found]
    usual = [each for slot in query.slots for each in slot.alternatives]
    worded = tuple(dict.fromkeys((*wordings(query.typed, [*meant, *usual]), *query.wordings)))
    return replace(query, slots=slots, wordings=worded)
