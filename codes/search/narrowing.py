"""Filters and counts over all matched codes, on arrays. Pure; imports no Django.

Codes that every filter treats alike are of one *class*: some thousand for all systems. A search
counts its codes by class once; filters and counts then work on the classes.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from codes.search.answers import Facet, Filters
from codes.search.index import Flags, Index
from codes.search.segment import NONE, Ints

MOST_VALUES: Final = 50
"""Values of one facet that are counted out; the most frequent ones."""

Counts = NDArray[np.int64]


class Classes:
    """The classes of an index, one row each, and which one every code is of.

    A code whose 7th-character extensions alone are billable is shown as one of those where it is
    found by its words, and as itself where it is found by its number; so it has two classes.
    """

    def __init__(self, index: Index, covered: Flags) -> None:
        self.index = index
        signs = (index.billable, index.is_billable)
        keys = np.concatenate([self._keys(billable, covered) for billable in signs])
        distinct, places = np.unique(keys, return_inverse=True)
        self.of_number, self.of_words = places.astype(np.int32).reshape(2, index.size)
        self.size = len(distinct)
        self.values = _heading_values(index)
        """What a filter calls each heading."""
        rest, flags = np.divmod(distinct, 4)
        self.billable, self.covered = flags >= 2, flags % 2 == 1
        rest, self.section = self._parted(rest)
        self.system, self.chapter = self._parted(rest)

    def _keys(self, billable: Flags, covered: Flags) -> Counts:
        index, base = self.index, len(self.index.headings) + 1
        key = index.system.astype(np.int64) * base + index.chapter + 1
        keys: Counts = ((key * base + index.section + 1) * 2 + billable) * 2 + covered
        return keys

    def _parted(self, key: Counts) -> tuple[Counts, Counts]:
        """Return a key without its last heading, and the place of that heading."""
        rest, heading = np.divmod(key, len(self.index.headings) + 1)
        return rest, heading - 1


class Narrowing:
    """What each filter keeps of some codes, and how they spread over the values of each."""

    def __init__(self, classes: Classes, numbers: Ints, others: Ints, filters: Filters) -> None:
        """Take codes found by their number and, after them, codes found by their words."""
        self._classes, self._filters = classes, filters
        self._of_code = np.concatenate((classes.of_number[numbers], classes.of_words[others]))
        self._on: Flags | None = None
        if filters.on is not None:
            codes, day = np.concatenate((numbers, others)), filters.on.toordinal()
            index = classes.index
            self._on = (index.valid_from[codes] <= day) & (day <= index.valid_to[codes])
        self._kept = dict(self._read())
        """One flag a class for each filter that is set."""

    def kept(self) -> Flags | None:
        """Return which codes every filter keeps; ``None`` for all."""
        if not self._kept:
            return self._on
        kept = self._classes_kept(but="")[self._of_code]
        return kept if self._on is None else kept & self._on

    def facets(self, system_names: Mapping[str, str], words: Flags | None) -> Iterator[Facet]:
        """Yield the counts of each filter's values among the codes that the others keep.

        Headings of systems outside of ``words`` are not named.
        """
        classes, index = self._classes, self._classes.index
        of_code = self._of_code if self._on is None else self._of_code[self._on]
        counts = np.bincount(of_code, minlength=classes.size)
        for place, count in _spread(self._among("systems", counts), classes.system):
            slug = index.systems[place]
            yield Facet("systems", slug, system_names.get(slug, slug), count)
        for name, column in (("chapter", classes.chapter), ("section", classes.section)):
            for place, count in _spread(self._among(name, counts), column):
                heading = index.headings[place]
                is_named = words is None or words[index.base[heading.system]]
                label = heading.label if is_named else heading.key
                yield Facet(name, classes.values[place], label, count)
        for name, flags, yes, no in (
            ("billable", classes.billable, "Billable", "Not billable"),
            ("has_coverage", classes.covered, "With Medicare coverage", "Without"),
        ):
            for place, count in sorted(_spread(self._among(name, counts), ~flags)):
                yield Facet(name, *(("no", no) if place else ("yes", yes)), count)

    def _among(self, name: str, counts: Counts) -> Counts:
        """Return how many codes of each class all filters but one keep."""
        return np.where(self._classes_kept(but=name), counts, 0)

    def _classes_kept(self, but: str) -> Flags:
        kept = np.ones(self._classes.size, dtype=np.bool_)
        for name, flags in self._kept.items():
            if name != but:
                kept &= flags
        return kept

    def _read(self) -> Iterator[tuple[str, Flags]]:
        classes, index, filters = self._classes, self._classes.index, self._filters
        if filters.systems:
            wanted = np.array([slug in filters.systems for slug in index.systems], dtype=np.bool_)
            yield "systems", wanted[classes.system]
        for name, column in (("chapter", classes.chapter), ("section", classes.section)):
            if key := getattr(filters, name):
                fits = [
                    heading.kind == name and key in (heading.key, value)
                    for heading, value in zip(index.headings, classes.values, strict=True)
                ]
                yield name, np.array([*fits, False], dtype=np.bool_)[column]
        if filters.billable is not None:
            yield "billable", classes.billable == filters.billable
        if filters.has_coverage is not None:
            yield "has_coverage", classes.covered == filters.has_coverage


def _heading_values(index: Index) -> list[str]:
    """Return the key of each heading, after its system where others have the same key."""
    often = Counter((heading.kind, heading.key) for heading in index.headings)
    return [
        heading.key
        if often[heading.kind, heading.key] == 1
        else f"{index.systems[heading.system]}:{heading.key}"
        for heading in index.headings
    ]


def _spread(counts: Counts, column: Counts | Flags) -> list[tuple[int, int]]:
    """Return the values of a column with their counts, the most frequent first."""
    is_set = column != NONE
    sums = np.bincount(column[is_set].astype(np.int64), weights=counts[is_set])
    order = np.argsort(-sums, kind="stable")[:MOST_VALUES]
    return [(int(place), int(sums[place])) for place in order if sums[place]]
