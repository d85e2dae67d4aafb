"""How much each stem says of each code: BM25 with fields, as arrays. Pure; imports no Django."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from codes.search.segment import Ints

MEAN_LENGTH: Final = 6.0
"""Words of a usual name; a constant, so that segments weigh alike."""
K1: Final = 1.2
B: Final = 0.75
TITLE: Final = 1.0
OTHER_NAME: Final = 0.7
AROUND: Final = 0.25
"""What a word counts in the descriptor, in another name, in what stands above or hangs below."""
MAX_WEIGHT: Final = K1 + 1
STEPS: Final = 127
OWN: Final = 128
"""The bit of a posting's weight that says that the word is in a name of the code itself."""


@dataclass(frozen=True, slots=True)
class Lists:
    """Many lists of numbers as one array and where each begins."""

    start: NDArray[np.int64]
    flat: Ints

    @classmethod
    def of(cls, lists: Sequence[Sequence[int]]) -> "Lists":
        sizes = np.fromiter(map(len, lists), dtype=np.int64, count=len(lists))
        start = np.concatenate(([0], np.cumsum(sizes)))
        flat = np.fromiter((n for each in lists for n in each), dtype=np.int32, count=start[-1])
        return cls(start, flat)

    def at(self, places: Ints) -> tuple[NDArray[np.int64], Ints]:
        """Return the numbers of the lists at ``places``, each with which place it came from."""
        sizes = self.start[places + 1] - self.start[places]
        which = np.repeat(np.arange(len(places)), sizes)
        begins = np.cumsum(sizes) - sizes
        return which, self.flat[np.arange(len(which)) - begins[which] + self.start[places][which]]


@dataclass(frozen=True, slots=True)
class Words:
    """Of each word its stem, and what it counts in the length of a name."""

    stem: Ints
    length: NDArray[np.float64]

    @property
    def stems(self) -> int:
        """How many stems there are."""
        return int(self.stem.max(initial=-1)) + 1


@dataclass(frozen=True, slots=True)
class Tree:
    """Where codes stand: for each level up the node above each code, headings beyond the codes."""

    up: list[Ints]
    first_name: Ints
    suffix: Ints
    inherited: Ints
    """How many of a code's names, from the first, hold for what stands below it too."""

    @property
    def named(self) -> Ints:
        """The places of codes that have names of their own."""
        return np.flatnonzero(np.diff(self.first_name)).astype(np.int32)


def weigh(
    words: Words, tree: Tree, names: Lists, headings: Lists, suffixes: Lists
) -> dict[str, NDArray[np.generic]]:
    """Return which codes have each stem and with what weight, by code within a stem."""
    titles = _Pairs(words)
    which, found = names.at(tree.first_name[tree.named])
    titles.add(tree.named[which], found)
    lengths = np.zeros(len(tree.suffix))
    np.add.at(lengths, tree.named[which], words.length[found])
    others = _Pairs(words)
    code_of_name = np.repeat(np.arange(len(tree.suffix)), np.diff(tree.first_name))
    which, found = names.at(np.arange(len(code_of_name), dtype=np.int32))
    others.add(code_of_name[which], found)
    title, times = titles.unique()
    fields = (
        (title, TITLE * np.minimum(times, 2), OWN),
        (np.setdiff1d(others.unique()[0], title, assume_unique=True), OTHER_NAME, OWN),
        (_below(words, tree, suffixes), AROUND, OWN),
        (_above(words, tree, names, headings), AROUND, 0),
    )
    return _weighed(fields, lengths, words.stems)


class _Pairs:
    """Pairs of a code and a stem, each as one number."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._parts: list[NDArray[np.int64]] = [np.empty(0, dtype=np.int64)]

    def add(self, codes: NDArray[np.integer], words: Ints) -> None:
        """Add words of codes."""
        self._parts.append(codes.astype(np.int64) * self._words.stems + self._words.stem[words])

    def unique(self) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
        """Return each pair once, sorted, and how often it came."""
        return np.unique(np.concatenate(self._parts), return_counts=True)


def _below(words: Words, tree: Tree, suffixes: Lists) -> NDArray[np.int64]:
    """Return the pairs of codes with the words of what hangs below them."""
    pairs = _Pairs(words)
    leaves = np.flatnonzero((tree.suffix >= 0) & (tree.up[0] >= 0))
    leaves = leaves[tree.up[0][leaves] < len(tree.suffix)]
    # Each suffix of each code once: the same few stand below thousands.
    both = tree.up[0][leaves].astype(np.int64) * (int(tree.suffix.max(initial=0)) + 1)
    once = leaves[np.unique(both + tree.suffix[leaves], return_index=True)[1]]
    which, found = suffixes.at(tree.suffix[once])
    pairs.add(tree.up[0][once][which], found)
    return pairs.unique()[0]


def _above(words: Words, tree: Tree, names: Lists, headings: Lists) -> NDArray[np.int64]:
    """Return the pairs of codes with the words of the titles above them."""
    pairs, count = _Pairs(words), len(tree.suffix)
    for level in tree.up:
        node = level[tree.named]
        codes, heads = (node >= 0) & (node < count), node >= count
        for of, name in _inherited(tree, node[codes]):
            which, found = names.at(name)
            pairs.add(tree.named[codes][of][which], found)
        which, found = headings.at(node[heads] - count)
        pairs.add(tree.named[heads][which], found)
    return pairs.unique()[0]


def _inherited(tree: Tree, codes: Ints) -> Iterator[tuple[NDArray[np.integer], Ints]]:
    """Yield the names of codes that hold for what stands below: all that the tree says do.

    Each time some of ``codes``, by their places, with one name of each.
    """
    count = tree.inherited[codes]
    for nth in range(int(count.max(initial=0))):
        of = np.flatnonzero(count > nth)
        yield of, (tree.first_name[codes[of]] + nth).astype(np.int32)


def _weighed(
    fields: Sequence[tuple[NDArray[np.int64], float | NDArray[np.float64], int]],
    lengths: NDArray[np.float64],
    stems: int,
) -> dict[str, NDArray[np.generic]]:
    keys = np.concatenate([pairs for pairs, _, _ in fields])
    often = np.concatenate([np.broadcast_to(weight, pairs.shape) for pairs, weight, _ in fields])
    own = np.concatenate([np.full(len(pairs), bit, dtype=np.uint8) for pairs, _, bit in fields])
    pairs, place = np.unique(keys, return_inverse=True)
    times = np.bincount(place, weights=often)
    is_own = np.zeros(len(pairs), dtype=np.uint8)
    is_own[place[own > 0]] = OWN
    code, stem = pairs // max(stems, 1), pairs % max(stems, 1)
    norm = K1 * (1 - B + B * lengths[code] / MEAN_LENGTH)
    weight = times * MAX_WEIGHT / (times + norm)
    steps = np.clip(np.rint(weight / MAX_WEIGHT * STEPS), 1, STEPS).astype(np.uint8)
    order = np.argsort(stem, kind="stable")
    counts = np.bincount(stem, minlength=stems)
    return {
        "posting_start": np.concatenate(([0], np.cumsum(counts))).astype(np.int32),
        "posting_codes": code[order].astype(np.int32),
        "posting_weights": (steps | is_own)[order],
    }
