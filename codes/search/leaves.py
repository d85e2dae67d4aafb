"""Picks the 7th-character extension that a query asks for, below the code that it found. Pure."""

from collections.abc import Sequence
from typing import Final

from codes.search.index import Index
from codes.search.query import Query
from codes.search.segment import NONE
from codes.search.words import stem, words

DECIDING: Final = frozenset(
    stem(word) for word in ("initial", "subsequent", "sequela", "sequelae", "fetus")
)
"""Words that settle which extension is meant, even where several have them: the first then."""


def leaf_of(index: Index, code: int, query: Query, *, billable: bool = False) -> int:
    """Return the extension of ``code`` that the query's words ask for, or ``code`` itself.

    With ``billable`` the first extension where the words ask for none.
    """
    leaves = list(index.leaves(code)) if index.has_leaves[code] else []
    if not leaves:
        return code
    asked = _asked(index, code, query)
    typed = asked & set(map(stem, query.typed))
    # What was typed counts before what was read: "delayed healing fracture" is no routine healing.
    scored = [
        ((len(typed & has), len(asked & has)), leaf) for leaf, has in _suffixes(index, leaves)
    ]
    most = max(score for score, _ in scored)
    best = [leaf for score, leaf in scored if score == most]
    if any(most) and (len(best) == 1 or asked & DECIDING & _stems(index, best[0])):
        return best[0]
    return leaves[0] if billable else code


def _asked(index: Index, code: int, query: Query) -> frozenset[str]:
    """Return the stems of the query, as typed and as read, that the code's descriptor lacks."""
    stems = index.vocabulary.stems
    typed = {stem(word) for word in query.typed}
    read = {stems[n] for slot in query.slots for each in slot.alternatives for n in each.stems}
    return frozenset((typed | read) - set(map(stem, words(index.title(code)))))


def _suffixes(index: Index, leaves: Sequence[int]) -> list[tuple[int, frozenset[str]]]:
    return [(leaf, _stems(index, leaf)) for leaf in leaves]


def _stems(index: Index, leaf: int) -> frozenset[str]:
    return index.suffix_stems[index.suffix[leaf]] if index.suffix[leaf] != NONE else frozenset()
