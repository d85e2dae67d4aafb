"""Which codes have the words of a query, and how well, over the postings. Pure.

Work is bounded by the postings of the rarer words: codes that have only words said of tens of
thousands cannot have most of what the query says, so those words are looked up in what the rarer
ones found. Negligible words count only where there are no others.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from codes.search.answers import Group
from codes.search.index import Flags, Floats, Index
from codes.search.postings import MAX_WEIGHT, OWN, STEPS
from codes.search.query import Query
from codes.search.readings import Alternative, Level
from codes.search.segment import NONE, Bytes, Ints
from codes.search.slots import Slot
from codes.search.words import NEGLIGIBLE, stem

MOST: Final = 0.55
"""The share of what the words say that a code has to have to be among "most words"."""
FEW: Final = 5
"""Where fewer codes match, those with some of the words follow."""
SOME: Final = 0.4
"""The share of the words that they have to have."""
REST: Final = 0.6
"""Of the best share, where no code has most words."""
ENOUGH: Final = 0.6
"""The share of the words of a reading that a code has to have."""
PART: Final = 0.5
"""What such a reading counts where a code has less."""

_LIGHT: Final = frozenset(map(stem, NEGLIGIBLE))
_WEIGHT: Final = ((np.arange(256) % OWN) * (MAX_WEIGHT / STEPS)).astype(np.float32)
_GROUPS: Final = (Group.ALL_WORDS, Group.MOST_WORDS, Group.CLOSE_SPELLINGS)
_NO_GROUP: Final = len(_GROUPS)
MANY: Final = 10_000
"""Of more codes than that, those that can no longer have most of the words are dropped."""
SLACK: Final = 0.001
"""A share of all words that sums of them may be wrong by."""
_LOOKED_UP: Final = 4
"""A list of postings that many times longer than the codes found is looked up, not walked."""


@dataclass(frozen=True, slots=True)
class Matched:
    """Codes that match words, with the place of each one's group in ``_GROUPS`` and its score."""

    codes: Ints
    group: Bytes
    score: Floats
    is_whole: bool = True
    """Whether some code has every word, as typed or as it was probably meant."""

    def only(self, kept: Flags) -> "Matched":
        """Return some of them."""
        return Matched(self.codes[kept], self.group[kept], self.score[kept], self.is_whole)


def group_at(place: int) -> Group:
    """Return the group with that place."""
    return _GROUPS[place]


def best_group(matched: Matched) -> Group:
    """Return the group of the best matches; close spellings where nothing matches."""
    return group_at(int(matched.group.min())) if len(matched.codes) else Group.CLOSE_SPELLINGS


def match(index: Index, query: Query, allowed: Flags | None) -> Matched:
    """Return every code that has enough of the words; ``allowed`` says which may be found."""
    slots = [slot for slot in query.slots if slot.mass and slot.alternatives]
    slots.sort(key=lambda slot: _postings(index, slot))
    if len(slots) == 1 and (matched := _of_one_word(index, slots[0], allowed)):
        return matched
    essential = _essential(slots, query.mass)
    matched = _Found(index, essential, allowed).matched(query, slots)
    if len(matched.codes) >= FEW:
        return matched
    every = {number for slot in slots for each in slot.alternatives for number in each.stems}
    return _Found(index, list(every), allowed).matched(query, slots, is_last_try=True)


def _of_one_word(index: Index, slot: Slot, allowed: Flags | None) -> Matched | None:
    """Return the codes with the only word, as its postings have them, if it has one reading."""
    each = slot.alternatives[0]
    if len(slot.alternatives) > 1 or len(each.stems) > 1 or each.level is not Level.TYPED:
        return None
    codes, weights = index.postings(each.stems[0])
    if allowed is not None:
        kept = allowed[codes]
        codes, weights = codes[kept], weights[kept]
    score = _WEIGHT[weights] * np.float32(index.rarity[each.stems[0]] * each.weight)
    return Matched(codes, np.zeros(len(codes), dtype=np.uint8), score)


def _postings(index: Index, slot: Slot) -> int:
    return sum(int(index.frequency[s]) for each in slot.alternatives for s in each.stems)


def _essential(slots: Sequence[Slot], mass: float) -> list[int]:
    """Return the stems of which a code must have one to have most of what the words say.

    ``slots`` come with the rarest first.
    """
    stems: dict[int, None] = {}
    left = sum(slot.mass for slot in slots)
    for slot in slots:
        if stems and left < MOST * mass:
            break
        stems |= {number: None for each in slot.alternatives for number in each.stems}
        left -= slot.mass
    return list(stems)


class _Scratch(threading.local):
    """For each thread a row a code, which is cleaned after each search where it was touched."""

    def __init__(self) -> None:
        self.is_found: Flags = np.zeros(0, dtype=np.bool_)
        self.place: Ints = np.zeros(0, dtype=np.int32)

    def fit(self, size: int) -> None:
        """Make the rows anew for an index of another size."""
        if len(self.place) != size:
            self.is_found = np.zeros(size, dtype=np.bool_)
            self.place = np.full(size, NONE, dtype=np.int32)


_scratch: Final = _Scratch()
_TYPED: Final = np.uint8(1)
_CLOSE: Final = np.uint8(2)
_KIN: Final = np.uint8(4)
_ALL: Final = slice(None)


def _having(index: Index, stems: Sequence[int]) -> Ints:
    """Return the codes that have one of some stems, in order."""
    if len(stems) == 1:
        return index.postings(stems[0])[0]
    _scratch.fit(index.size)
    for number in stems:
        _scratch.is_found[index.postings(number)[0]] = True
    codes = np.flatnonzero(_scratch.is_found).astype(np.int32)
    _scratch.is_found[codes] = False
    return codes


class _Found:
    """The codes that have an essential stem, and what the words say of each."""

    def __init__(self, index: Index, stems: Sequence[int], allowed: Flags | None) -> None:
        codes = _having(index, stems)
        self._index = index
        self.codes = codes if allowed is None else codes[allowed[codes]]
        self.count = len(self.codes)
        self.total, self.typed, self.close, self.meant = np.zeros((4, self.count), dtype=np.float32)
        self.slots = np.zeros(self.count, dtype=np.uint8)
        self._is_marked = False

    def take(self, slot: Slot) -> None:
        """Add what a word says of the codes."""
        if len(slot.alternatives) == 1 and self._take_one(slot, slot.alternatives[0]):
            return
        best = np.zeros(self.count, dtype=np.float32)
        has = np.zeros(self.count, dtype=np.uint8)
        part = np.zeros(self.count, dtype=np.float32)
        for each in slot.alternatives:
            bit = _TYPED if each.level is Level.TYPED else _CLOSE if each.text else _KIN
            if len(each.stems) == 1:
                places, score = self._said(each.stems[0], each.weight)
                best[places] = np.maximum(best[places], score)
                has[places] |= bit * (score > 0)
            else:
                score, share = self._all_of(each)
                np.maximum(best, score, out=best)
                has[share == 1] |= bit
                if bit == _TYPED:
                    np.maximum(part, share, out=part)
        self.total += best
        typed = (has & _TYPED) > 0
        # Of a reading that a code has in part, the code has that part of what the word says.
        self.typed += np.maximum(typed, part * (has == 0)) * np.float32(slot.mass)
        self.slots += typed
        if any(each.level is not Level.TYPED for each in slot.alternatives):
            self.close += ((has & _TYPED == 0) & (has > 0)) * np.float32(slot.mass)
            self.meant += (has & (_TYPED | _CLOSE) == _CLOSE) * np.float32(slot.mass)

    def _take_one(self, slot: Slot, each: Alternative) -> bool:
        """Add what a word says that can be read in one way only; return whether that is so."""
        if len(each.stems) != 1 or each.level is not Level.TYPED:
            return False
        places, score = self._said(each.stems[0], each.weight)
        has = score > 0
        self.total[places] += score
        self.typed[places] += has * np.float32(slot.mass)
        self.slots[places] += has
        return True

    def matched(self, query: Query, slots: Sequence[Slot], *, is_last_try: bool = False) -> Matched:
        """Return the codes that have most of the words; in a last try those that have the most."""
        left = sum(slot.mass for slot in slots)
        try:
            for slot in slots:
                self.take(slot)
                left -= slot.mass
                if not is_last_try and self.count > MANY:
                    self._drop(np.float32((MOST - SLACK) * query.mass - left))
        finally:
            self._unmark()
        said = self.typed + self.close
        group = np.full(self.count, _NO_GROUP, dtype=np.uint8)
        most = self.typed >= MOST * query.mass
        all_typed = self.slots == sum(slot.mass > 0 for slot in query.slots)
        every = self.typed + self.meant >= (1 - SLACK) * query.mass
        if most.any() and not all_typed.any():
            # A code that has every word, some of them with a slip, is no worse an answer.
            most |= every
        group -= said >= MOST * query.mass
        group -= most
        group -= all_typed
        kept = group < _NO_GROUP
        if self.count and is_last_try and not kept.any():
            best = said.max()
            group[said >= REST * best] = 2
            group[self.typed >= REST * best] = 1
            group[self.total < (0 if best else REST * self.total.max())] = _NO_GROUP
            kept = group < _NO_GROUP
        if is_last_try and 0 < kept.sum() < FEW:
            # Codes with some of the words stand behind the few that have most of them.
            some = ~kept & (said >= SOME * query.mass)
            group[some] = max(1, int(group[kept].max()))
            kept |= some
        matched = Matched(self.codes, group, self.total, bool(every.any()))
        return matched if kept.all() else matched.only(kept)

    def _drop(self, least: np.float32) -> None:
        """Drop the codes of which less was said than that, if they are many."""
        if least <= 0:
            return
        kept = self.typed + self.close >= least
        if np.count_nonzero(kept) * 2 > self.count:
            return
        self._unmark()
        self.codes, self.total, self.slots = self.codes[kept], self.total[kept], self.slots[kept]
        self.typed, self.close = self.typed[kept], self.close[kept]
        self.meant = self.meant[kept]
        self.count = len(self.codes)

    def _all_of(self, each: Alternative) -> tuple[Floats, Floats]:
        """Return what a reading of several words says of the codes, and its share that they have.

        Negligible words have no share, and a share that is too small is none.
        """
        score = np.zeros(self.count, dtype=np.float32)
        parts = np.zeros(self.count, dtype=np.uint8)
        share = np.zeros(self.count, dtype=np.float32)
        counted = self._counted(each)
        for number in each.stems:
            places, said = self._said(number, each.weight)
            score[places] += said
            parts[places] += said > 0
            share[places] += (said > 0) * np.float32(counted.count(number) / len(counted))
        enough = parts >= ENOUGH * len(each.stems)
        score[~enough] *= np.float32(PART)
        share[~enough] = 0
        return score, np.where(share > 1 - SLACK, np.float32(1), share)

    def _counted(self, each: Alternative) -> list[int]:
        """Return the stems of a reading that say something; all of them where none does."""
        stems = self._index.vocabulary.stems
        return [number for number in each.stems if stems[number] not in _LIGHT] or [*each.stems]

    def _said(self, number: int, weight: float) -> tuple[NDArray[np.integer] | slice, Floats]:
        """Return places of codes with what a stem says of each; 0 where they do not have it."""
        table = _WEIGHT * np.float32(self._index.rarity[number] * weight)
        row = self._index.weights_of(number)
        if row is not None:
            return _ALL, table[row[self.codes]]
        codes, weights = self._index.postings(number)
        if len(codes) > _LOOKED_UP * self.count:
            at = np.searchsorted(codes, self.codes)
            at[at == len(codes)] = 0
            places = np.flatnonzero(codes[at] == self.codes)
            return places, table[weights[at[places]]]
        place = self._marks()[codes]
        hit = place != NONE
        return place[hit], table[weights[hit]]

    def _marks(self) -> Ints:
        """Return for each code of the index its place among those found."""
        if not self._is_marked:
            _scratch.fit(self._index.size)
            _scratch.place[self.codes] = np.arange(self.count, dtype=np.int32)
            self._is_marked = True
        return _scratch.place

    def _unmark(self) -> None:
        if self._is_marked:
            _scratch.place[self.codes] = NONE
            self._is_marked = False
