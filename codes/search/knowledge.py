"""What words stand for beside themselves: abbreviations, lay words, names of codes. Pure."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from codes.search.words import words

MOST_READINGS: Final = 6
"""Readings of a text that are searched; the usual ones come first."""
SPELLED: Final = 5
"""Letters of the shortest word of a text that a misspelled one may have meant."""


@dataclass(frozen=True, slots=True)
class Known:
    """One thing that a typed text may stand for."""

    text: str
    means: str
    code_id: int | None = None
    rank: int = 1
    exact_case: bool = False


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Known readings by the words of the text, the usual ones first."""

    by_words: Mapping[tuple[str, ...], Sequence[Known]] = field(default_factory=dict, repr=False)
    longest: int = 0
    spelled: Sequence[str] = field(default=(), repr=False)
    """The words of texts that are long enough to be misspelled and that no name has, in order."""

    @classmethod
    def of(cls, rows: Iterable[Known], known: Container[str] = ()) -> "Knowledge":
        """Return rows by their words; rows come with the usual readings first.

        ``known`` are the words of names, which are misspelled by themselves.
        """
        by_words: dict[tuple[str, ...], list[Known]] = {}
        for row in rows:
            if key := tuple(words(row.text)):
                by_words.setdefault(key, []).append(row)
        for found in by_words.values():
            found.sort(key=lambda known: known.rank)
        every = {word for key in by_words for word in key if len(word) >= SPELLED}
        spelled = [word for word in every if word not in known]
        return cls(by_words, max(map(len, by_words), default=0), sorted(spelled))

    def within(self, typed: Sequence[str]) -> Iterator[tuple[int, int, Sequence[Known]]]:
        """Yield where the typed words have known readings: first, end, readings."""
        for first in range(len(typed)):
            for end in range(min(len(typed), first + self.longest), first, -1):
                if found := self.by_words.get(tuple(typed[first:end])):
                    yield first, end, found
