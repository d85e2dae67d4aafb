"""Picks the 7th-character extension that a query asks for, below the code that it found. Pure."""

from collections import Counter
from typing import Final

from codes.search.build import WHOLE
from codes.search.index import Index
from codes.search.query import Query
from codes.search.segment import NONE
from codes.search.words import NEGLIGIBLE, stem, words

DECIDING: Final = frozenset(
    stem(word) for word in ("initial", "subsequent", "sequela", "sequelae", "fetus")
)
"""Words that settle which extension is meant, even where several have them: the first then."""
LIGHT: Final = frozenset(map(stem, NEGLIGIBLE))


class Asked:
    """What the words of a query ask of extensions."""

    def __init__(self, index: Index, query: Query) -> None:
        self._index = index
        self._typed = Counter(map(stem, query.whole))
        stems = index.vocabulary.stems
        readings = (each for slot in query.slots for each in slot.alternatives)
        self._read = frozenset(stems[number] for each in readings for number in each.stems)

    def leaf_of(self, code: int, *, billable: bool = False) -> int:
        """Return the extension of ``code`` that the words ask for, or ``code`` itself.

        With ``billable`` the first extension where the words ask for none.
        """
        leaves = list(self._index.leaves(code)) if self._index.has_leaves[code] else []
        if not leaves:
            return code
        typed, asked = self._beyond(code)
        title = frozenset(map(stem, words(self._index.title(code))))
        said = {leaf: self._said_by(leaf, title) for leaf in leaves}
        scored = {
            leaf: (_score(adds, typed, asked), self._misses(adds, whole))
            for leaf, (adds, whole) in said.items()
        }
        fits, misses = max(scored.values())
        best = [leaf for leaf, score in scored.items() if score == (fits, misses)]
        adds, _ = said[best[0]]
        if any(fits) and (len(best) == 1 or asked & DECIDING & adds):
            return best[0]
        return leaves[0] if billable else code

    def _said_by(self, leaf: int, title: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
        """Return the stems that an extension adds to the code's descriptor, and all that it has.

        One with a descriptor of its own adds what the code's does not have.
        """
        if (number := int(self._index.suffix[leaf])) == NONE:
            return frozenset(), title
        stems = self._index.suffix_stems[number]
        if self._index.suffixes[number].startswith(WHOLE):
            return stems - title, stems
        return stems, stems | title

    def _misses(self, adds: frozenset[str], whole: frozenset[str]) -> tuple[int, int]:
        """Return, below zero, how much an extension adds that was not typed, or lacks that was.

        Another category adds its number; below "category 1-2" that of category 2 lacks the 1. Where
        the encounter settles it, what it adds does not count: a nonunion has a shorter name than
        routine healing, which is meant where nothing is said.
        """
        typed = self._typed.keys()
        adds = frozenset() if typed & adds & DECIDING else adds
        return -len(adds - typed), -len(typed - whole)

    def _beyond(self, code: int) -> tuple[frozenset[str], frozenset[str]]:
        """Return the stems beyond those of the code's descriptor: as typed, and as read too.

        A word that the descriptor has is beyond it when typed once more than it stands there.
        """
        title = Counter(map(stem, words(self._index.title(code))))
        typed = frozenset(self._typed - title)
        return typed, typed | (self._read - title.keys())


def _score(
    has: frozenset[str], typed: frozenset[str], asked: frozenset[str]
) -> tuple[int, int, int, bool, int]:
    """Return how well an extension with these stems fits, the weightiest sign first.

    What was typed counts before what was read: "delayed healing fracture" is no routine healing.
    So does a stage before an "unspecified", which may be said of the eye.
    """
    both = typed & has
    says = len(both - LIGHT)
    return (len(both & DECIDING), says, len(both), has <= typed, len(asked & has))
