"""What field knowledge says of the words of a query, and what it says of them once more. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final

from codes.search.index import Index
from codes.search.knowledge import MOST_READINGS, Knowledge, Known
from codes.search.readings import Alternative, Level
from codes.search.segment import NONE
from codes.search.spelling import american, is_compound, parted
from codes.search.words import NEGLIGIBLE, words

CHAINED: Final = 2
AS_MEANT: Final = 0.8
"""What the reading of a reading counts, and how many there are of each."""


class Knowing:
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


def _apart(index: Index, said: Sequence[str]) -> Iterator[str]:
    """Yield words, the long rare ones as the two known ones that they are made of."""
    for word in said:
        pair = parted(index, word) if is_compound(index, word) else None
        yield from pair or (word,)
