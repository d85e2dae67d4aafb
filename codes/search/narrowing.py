"""Filters and counts over all matched codes, on arrays. Pure; imports no Django."""

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from codes.search.answers import Facet, Filters
from codes.search.index import Flags, Index
from codes.search.segment import NONE, Ints

NAMES: Final = ("systems", "chapter", "section", "billable", "on", "has_coverage")
MOST_VALUES: Final = 50
"""Values of one facet that are counted out; the most frequent ones."""


class Narrowing:
    """What each filter keeps of some codes; one mask a filter that is set."""

    def __init__(self, index: Index, covered: Flags, codes: Ints, filters: Filters) -> None:
        self._index, self._covered, self._codes = index, covered, codes
        self._masks = dict(self._read(filters))

    def kept(self, but: str = "") -> Flags | None:
        """Return which codes every filter keeps, or every filter but one; ``None`` for all."""
        if not self._masks.keys() - {but}:
            return None
        kept = np.ones(len(self._codes), dtype=np.bool_)
        for name, mask in self._masks.items():
            if name != but:
                kept &= mask
        return kept

    def facets(self, system_names: Mapping[str, str], words: Flags | None) -> Iterator[Facet]:
        """Yield the counts of each filter's values among the codes that the others keep.

        Headings of systems outside of ``words`` are not named.
        """
        index = self._index
        systems = self._counted("systems", index.system, len(index.systems))
        for place, count in systems:
            slug = index.systems[place]
            yield Facet("systems", slug, system_names.get(slug, slug), count)
        for name, column in (("chapter", index.chapter), ("section", index.section)):
            for place, count in self._counted(name, column, len(index.headings)):
                heading = index.headings[place]
                is_named = words is None or words[index.base[heading.system]]
                yield Facet(name, heading.key, heading.label if is_named else heading.key, count)
        yield from self._either("billable", index.is_billable, index.billable)
        yield from self._either("has_coverage", self._covered, self._covered)

    def _read(self, filters: Filters) -> Iterator[tuple[str, Flags]]:
        index, codes = self._index, self._codes
        if filters.systems:
            wanted = np.array([slug in filters.systems for slug in index.systems], dtype=np.bool_)
            yield "systems", wanted[index.system[codes]]
        for name, column in (("chapter", index.chapter), ("section", index.section)):
            if key := getattr(filters, name):
                fits = [heading.kind == name and heading.key == key for heading in index.headings]
                yield name, np.array([*fits, False], dtype=np.bool_)[column[codes]]
        if filters.billable is not None:
            flags = index.is_billable if filters.billable else index.billable
            yield "billable", flags[codes] == filters.billable
        if filters.on is not None:
            day = filters.on.toordinal()
            yield "on", (index.valid_from[codes] <= day) & (day <= index.valid_to[codes])
        if filters.has_coverage is not None:
            yield "has_coverage", self._covered[codes] == filters.has_coverage

    def _among(self, name: str) -> Ints:
        """Return the codes that all filters but one keep."""
        kept = self.kept(but=name)
        return self._codes if kept is None else self._codes[kept]

    def _counted(self, name: str, column: NDArray[np.integer], size: int) -> list[tuple[int, int]]:
        """Return the values of a column with their counts, the most frequent first."""
        values = column[self._among(name)]
        counts = np.bincount(values[values != NONE], minlength=size)
        order = np.argsort(-counts, kind="stable")[:MOST_VALUES]
        return [(int(place), int(counts[place])) for place in order if counts[place]]

    def _either(self, name: str, yes: Flags, not_no: Flags) -> Iterator[Facet]:
        codes = self._among(name)
        labels = {"billable": ("Billable", "Not billable")}
        yes_label, no_label = labels.get(name, ("With Medicare coverage", "Without"))
        if count := int(np.count_nonzero(yes[codes])):
            yield Facet(name, "yes", yes_label, count)
        if count := len(codes) - int(np.count_nonzero(not_no[codes])):
            yield Facet(name, "no", no_label, count)
