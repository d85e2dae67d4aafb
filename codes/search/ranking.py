"""Ranks the best candidates by their names: words, trigrams, and small preferences. Pure.

Only some hundred candidates are ranked, whatever the query matches.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from codes.search.answers import TermKind
from codes.search.build import KINDS
from codes.search.index import Floats, Index
from codes.search.matching import ENOUGH, PART, Matched
from codes.search.postings import K1, MAX_WEIGHT, MEAN_LENGTH, B
from codes.search.query import Query
from codes.search.readings import Alternative, Level
from codes.search.segment import GATED, NONE, OPEN_END, Ints
from codes.search.trigrams import Trigrams
from codes.search.words import NEGLIGIBLE

CANDIDATES: Final = 300
SAMPLED: Final = 16
"""The best of more than that many times as many codes are looked for by a sample."""
CALLED: Final = KINDS.index(TermKind.SYNONYM)
READ: Final = np.float32(0.9)
"""What a likeness counts that is not with the words as they were typed."""
LIGHT: Final = 0.5
"""What a negligible word counts in the length of a name."""
LEFT_OPEN: Final = ("unspecified", 0.25)
"""A word that says less than nothing, and what it counts: what a query leaves open, so does the
code that has it, and a shorter name that says more is no better answer.
"""

DENIALS: Final = frozenset({"no", "non", "not", "without"})
"""Words that say that something is not so."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign of a good answer counts; chosen on sets of our own making."""

    name: float = 0.5
    similar: float = 1.0
    order: float = 0.15
    """Words side by side as they were typed."""
    long: float = -0.0005
    """For each trigram of a name: of two that answer alike the plainer one comes first."""
    code: float = 0.5
    ended: float = -0.2
    short: float = 0.02
    other: float = -0.05
    """A residual code, where another answers as well."""
    called: float = -0.1
    """A name of field knowledge, where an official one answers as well."""
    denied: float = -0.4
    """A name that says "without" what was typed."""


WEIGHTS: Final = Weights()


@dataclass(frozen=True, slots=True)
class Ranked:
    """Codes in order, each with its group's place, the name that matched best, and a score."""

    codes: Ints
    group: NDArray[np.uint8]
    name: Ints
    score: Floats

    def at(self, places: NDArray[np.integer]) -> "Ranked":
        """Return those at these places, in their order."""
        return Ranked(self.codes[places], self.group[places], self.name[places], self.score[places])

    def and_then(self, others: "Ranked") -> "Ranked":
        """Return these, and after them the others."""
        return Ranked(
            np.concatenate((self.codes, others.codes)),
            np.concatenate((self.group, others.group)),
            np.concatenate((self.name, others.name)),
            np.concatenate((self.score, others.score)),
        )


def rest(matched: Matched, ranked: Ranked) -> Ranked:
    """Return the matches beyond the ranked candidates, by their words alone, with no name."""
    others = matched.only(~np.isin(matched.codes, ranked.codes))
    order = np.lexsort((others.codes, -others.score, others.group))
    names = np.full(len(order), NONE, dtype=np.int32)
    score = np.zeros(len(order), dtype=np.float32)
    return Ranked(others.codes[order], others.group[order], names, score)


def rank(index: Index, query: Query, matched: Matched, weights: Weights = WEIGHTS) -> Ranked:
    """Return the best candidates, ranked, and after them the rest by their words alone."""
    if not len(matched.codes):
        return Ranked(matched.codes, matched.group, matched.codes, matched.score)
    best = _best(matched.score - np.float32(1e4) * matched.group, CANDIDATES)
    codes = matched.codes[best]
    name_of, score = _scores(index, query, codes, matched.score[best], weights)
    order = np.lexsort((codes, -score, matched.group[best]))
    ranked = Ranked(codes, matched.group[best], name_of, score).at(order)
    return ranked.at(_each_reading_first(index, query, ranked))


def _each_reading_first(index: Index, query: Query, ranked: Ranked) -> NDArray[np.integer]:
    """Return the places in the order in which the best code of each reading comes first.

    ``CIN`` alone is a neoplasia and a nephropathy: nobody should have to turn pages for the second.
    """
    places = np.arange(len(ranked.codes))
    slots = [slot for slot in query.slots if slot.mass]
    readings = [
        each.stems
        for slot in slots
        for each in slot.alternatives
        if each.text and each.level is Level.TYPED
    ]
    if len(slots) != 1 or len(readings) < 2:
        return places
    is_best = np.zeros(len(places), dtype=np.bool_)
    is_best[0] = True
    for stems in readings:
        fits = ranked.group == ranked.group[0]
        for number in stems:
            fits &= _are_among(ranked.codes, index.postings(number)[0])
        is_best[places[fits][:1]] = True
    return np.argsort(~is_best, kind="stable")


def _are_among(codes: Ints, listed: Ints) -> NDArray[np.bool_]:
    """Return which of some codes stand in a list that is in order, which may be far longer."""
    if not len(listed):
        return np.zeros(len(codes), dtype=np.bool_)
    places = np.minimum(np.searchsorted(listed, codes), len(listed) - 1)
    found: NDArray[np.bool_] = listed[places] == codes
    return found


def _best(keys: Floats, count: int) -> NDArray[np.integer]:
    """Return the places of the greatest keys, in order; of equal ones those that come first.

    Every so-many-th key says roughly where they begin, so that few are parted exactly.
    """
    if len(keys) <= count:
        return np.arange(len(keys))
    pool: NDArray[np.integer] = np.arange(len(keys))
    if len(keys) > SAMPLED * count:
        sample = keys[:: len(keys) // (SAMPLED * count) + 1]
        rank = min(2 * count * len(sample) // len(keys) + 1, len(sample) - 1)
        likely = np.flatnonzero(keys >= -np.partition(-sample, rank)[rank])
        pool = likely if len(likely) >= count else pool
    least = -np.partition(-keys[pool], count - 1)[count - 1]
    above, level = pool[keys[pool] > least], pool[keys[pool] == least]
    return np.sort(np.concatenate((above, level[: count - len(above)])))


def _scores(
    index: Index, query: Query, codes: Ints, total: Floats, weights: Weights
) -> tuple[Ints, Floats]:
    """Return for each code its best name and its score."""
    sizes = index.first_name[codes + 1] - index.first_name[codes]
    which = np.repeat(np.arange(len(codes)), sizes)
    begins = np.cumsum(sizes) - sizes
    names = index.first_name[codes][which] + np.arange(len(which)) - begins[which]
    flat = _Flat(index, names)
    by_words = _by_words(index, query, flat)
    similar = weights.similar * _similar(index, query, flat)
    similar += weights.order * _in_order(index, query, flat)
    similar += weights.long * flat.sum(index.vocabulary.trigrams.count[flat.words])
    top = by_words.max(initial=0) or 1.0
    score = weights.name * by_words / top + similar
    other = index.vocabulary.number.get("other")
    if other is not None and "other" not in query.typed:
        score = score + weights.other * flat.max((flat.words == other).astype(np.float32))
    score = score + weights.called * (index.kind[names] % GATED == CALLED)
    score = score + weights.denied * _denies(index, query, flat)
    best = np.maximum.reduceat(score, begins)
    place = np.flatnonzero(score == best[which])
    chosen = np.full(len(codes), -1, dtype=np.int64)
    chosen[which[place][::-1]] = place[::-1]
    code_score = best + weights.code * total / (total.max(initial=0) or 1.0)
    code_score += weights.ended * (index.valid_to[codes] < OPEN_END)
    code_score -= weights.short * index.key_length[codes]
    return names[chosen].astype(np.int32), code_score.astype(np.float32)


def _denies(index: Index, query: Query, flat: "_Flat") -> Floats:
    """Return 1 for each name that says a word of the query is not so: "without aura".

    All are 0 where the query says "without" or the like itself.
    """
    said = {word for wording in query.wordings for word in wording.words}
    if said & DENIALS:
        return np.zeros(len(flat.begins), dtype=np.float32)
    number = index.vocabulary.number
    without, ends, negated = (number.get(word, NONE) for word in ("without", "with", "not"))
    is_without, is_not = flat.words == without, flat.words == negated
    if not (is_without.any() or is_not.any()):
        return np.zeros(len(flat.begins), dtype=np.float32)
    place = np.arange(len(flat.words))
    is_first = np.zeros(len(place), dtype=np.bool_)
    is_first[flat.begins] = True
    since = np.maximum.accumulate(np.where(is_without, place, -1))
    until = np.maximum.accumulate(np.where(is_first | (flat.words == ends), place, -1))
    is_denied = since > until
    is_denied[1:] |= is_not[:-1] & ~is_first[1:]
    stems = [index.vocabulary.stem(word) for word in said - NEGLIGIBLE]
    return flat.max((is_denied & np.isin(flat.stems, stems)).astype(np.float32))


class _Flat:
    """The words of some names, one after the other."""

    def __init__(self, index: Index, names: NDArray[np.integer]) -> None:
        sizes = index.name_start[names + 1] - index.name_start[names]
        self.begins = np.cumsum(sizes) - sizes
        self.sizes = sizes
        which = np.repeat(np.arange(len(names)), sizes)
        at = index.name_start[names][which] + np.arange(len(which)) - self.begins[which]
        self.words = index.name_words[at]
        self.is_repeated = index.is_repeated[at]
        self.stems = index.vocabulary.stem_of_word[self.words]
        light = np.where(index.vocabulary.is_light[self.words], LIGHT, 1.0)
        word, counts = LEFT_OPEN
        number = index.vocabulary.number.get(word, NONE)
        self.light = np.where(self.words == number, counts, light).astype(np.float32)
        self.length = self.sum(self.light)

    def sum(self, values: NDArray[np.generic]) -> Floats:
        """Return the sum over the words of each name; every name has a word."""
        return np.add.reduceat(values, self.begins, dtype=np.float32)

    def max(self, values: NDArray[np.generic]) -> Floats:
        """Return the greatest of each name's words."""
        return np.maximum.reduceat(values, self.begins)


def _by_words(index: Index, query: Query, flat: _Flat) -> Floats:
    """Return the BM25 of each name: of each slot its best reading."""
    norm = MAX_WEIGHT / (1 + K1 * (1 - B + B * flat.length / MEAN_LENGTH))
    total = np.zeros(len(flat.begins), dtype=np.float32)
    weight_of_stem = np.zeros(len(index.rarity), dtype=np.float32)
    for slot in query.slots:
        stems = [each.stems[0] for each in slot.alternatives if len(each.stems) == 1]
        for each in slot.alternatives:
            if len(each.stems) == 1:
                weight = each.weight * index.rarity[each.stems[0]]
                weight_of_stem[each.stems[0]] = max(weight_of_stem[each.stems[0]], weight)
        best = flat.max(weight_of_stem[flat.stems])
        weight_of_stem[stems] = 0
        for each in slot.alternatives:
            if len(each.stems) > 1:
                best = np.maximum(best, _all_of(index, each, flat))
        total += best
    return (total * norm).astype(np.float32)


def _all_of(index: Index, each: Alternative, flat: _Flat) -> Floats:
    found = np.zeros(len(flat.begins), dtype=np.float32)
    parts = np.zeros(len(flat.begins), dtype=np.float32)
    for number in each.stems:
        here = flat.max((flat.stems == number).astype(np.float32))
        found += here * index.rarity[number]
        parts += here
    whole = np.where(parts >= ENOUGH * len(each.stems), 1.0, PART)
    return (found * each.weight * whole).astype(np.float32)


def _similar(index: Index, query: Query, flat: _Flat) -> Floats:
    """Return how alike each name and the query are by their trigrams, 0 to 1."""
    best = np.zeros(len(flat.begins), dtype=np.float32)
    distinct, place = np.unique(flat.words, return_inverse=True)
    trigrams = index.vocabulary.trigrams
    light = np.where(flat.is_repeated, np.float32(0), flat.light)
    counts = flat.sum(trigrams.count[flat.words] * light)
    for wording in query.wordings:
        text = tuple(dict.fromkeys(wording.words))
        typed = Trigrams(text)
        weight = np.array([LIGHT if word in NEGLIGIBLE else 1.0 for word in text])
        mass = float((typed.count * weight).sum())
        shared = trigrams.shared(distinct, typed.all())[place] * light
        both = np.minimum(flat.sum(shared), mass)
        alike = both / (counts + mass - both)
        best = np.maximum(best, alike if wording.words == query.typed else alike * READ)
    return best


def _in_order(index: Index, query: Query, flat: _Flat) -> Floats:
    """Return which share of the words that stand side by side in the query do so in each name.

    "With aura, without status" and "without aura, with status" differ in nothing else.
    """
    best = np.zeros(len(flat.begins), dtype=np.float32)
    is_first = np.zeros(len(flat.stems), dtype=np.bool_)
    is_first[flat.begins] = True
    local = np.zeros(len(index.rarity), dtype=np.intp)
    for wording in query.wordings:
        stems = [index.vocabulary.stem(word) for word in wording.words]
        known = [number for number in dict.fromkeys(stems) if number != NONE]
        local[known] = np.arange(1, len(known) + 1)
        here = local[flat.stems]
        pairs = np.zeros((len(known) + 1, len(known) + 1), dtype=np.float32)
        for one, other in pairwise(stems):
            if NONE not in (one, other):
                pairs[local[one], local[other]] = 1.0
        local[known] = 0
        hits = np.concatenate(([np.float32(0)], pairs[here[:-1], here[1:]]))
        hits[is_first] = 0
        best = np.maximum(best, flat.sum(hits) / max(1, len(stems) - 1))
    return np.minimum(best, 1)
