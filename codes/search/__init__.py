"""Query text to codes: ``search`` for the page and machines, ``suggest`` as someone types."""

from codes.search.answers import (
    NO_FILTERS,
    Facet,
    Filters,
    Group,
    Hit,
    Results,
    Suggestion,
    TermKind,
)
from codes.search.engine import matching_ids, search
from codes.search.lookups import by_key, headings_named, in_order, nearest
from codes.search.suggesting import suggest

__all__ = [
    "NO_FILTERS",
    "Facet",
    "Filters",
    "Group",
    "Hit",
    "Results",
    "Suggestion",
    "TermKind",
    "by_key",
    "headings_named",
    "in_order",
    "matching_ids",
    "nearest",
    "search",
    "suggest",
]
