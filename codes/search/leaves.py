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
        stems = {leaf: self._said_by(leaf, title) for leaf in leaves}
        # An extension that says what was not typed at all, such as another category, fits less.
        scored = [
            ((*_score(has, typed, asked), -len(has - self._typed.keys())), leaf)
            for leaf, has in stems.items()
        ]
        most = max(score for score, _ in scored)
        best = [leaf for score, leaf in scored if score == most]
        decides = asked & DECIDING & stems[best[0]]
        if any(most[:-1]) and (len(best) == 1 or decides):
            return best[0]
        return leaves[0] if billable else code

    def _said_by(self, leaf: int, title: frozenset[str]) -> frozenset[str]:
        """Return the stems that an extension adds; one with a descriptor of its own, all others."""
        if (number := int(self._index.suffix[leaf])) == NONE:
            return frozenset()
        stems = self._index.suffix_stems[number]
        return stems - title if self._index.suffixes[number].startswith(WHOLE) else stems

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
