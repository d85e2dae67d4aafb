"""Query text to codes: ``search`` for the page and machines, ``suggest`` as someone types."""

from codes.search.answers import (
    Facet,
    Filters,
    Group,
    Hit,
    Results,
    Suggestion,
    TermKind,
)
from codes.search.engine import search, suggest
from codes.search.lookups import by_key, by_words, in_order, nearest, words_of

__all__ = [
    "Facet",
    "Filters",
    "Group",
    "Hit",
    "Results",
    "Suggestion",
    "TermKind",
    "by_key",
    "by_words",
    "in_order",
    "nearest",
    "search",
    "suggest",
    "words_of",
]
