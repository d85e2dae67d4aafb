"""Query text to results: codes first, then words.

Words are matched as prefixes of the stemmed words of descriptors and inclusion terms. Ranking
never touches an unbounded set: at most ``CANDIDATES`` matches, in printed order, are ranked.
"""

import re
import unicodedata
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Length

from codes.lookup import headings_above, one_slip_away
from codes.models import Code, CodeSystem

MAX_CHARACTERS = 100
MAX_WORDS = 12
CANDIDATES = 2_000

_LENGTH_MATTERS = Value(1)  # of ts_rank: divide by 1 + log of the length


@dataclass(frozen=True, slots=True)
class WordMatches:
    """The ids of codes that match, best first; ``all_words`` is false if only some words did."""

    ids: list[int]
    all_words: bool

    @property
    def is_capped(self) -> bool:
        """Whether there are more matches than were ranked."""
        return len(self.ids) >= CANDIDATES


def words_of(text: str) -> list[str]:
    """Return the words of a query, capped and without anything that a tsquery could mean."""
    text = unicodedata.normalize("NFKC", text)[:MAX_CHARACTERS]
    return re.findall(r"[^\W_]+", text)[:MAX_WORDS]


def by_key(key: str) -> QuerySet[Code]:
    """Return the codes of every system that have this key; a few rows."""
    codes = Code.objects.visible().with_page().filter(key=key)
    return codes.select_related("system").order_by("system__position")


def by_words(text: str) -> WordMatches:
    """Return the codes whose words begin with all typed words, or else with any; 1 or 2 queries."""
    words = words_of(text)
    if not words:
        return WordMatches([], all_words=True)
    matches = WordMatches(_ranked(words, " & "), all_words=True)
    if matches.ids or len(words) == 1:
        return matches
    return WordMatches(_ranked(words, " | "), all_words=False)


def in_order(ids: list[int]) -> list[Code]:
    """Return the codes with these ids in this order, headings included; one query."""
    rows = Code.objects.select_related("system", "parent").in_bulk(ids)
    return [rows[pk] for pk in ids]


def nearest(system: str, text: str, *, limit: int = 8) -> list[Code]:
    """Return existing codes that ``text`` may have meant, the closest first; one query.

    Those are the headings that it would stand under, and codes that are one slip away.
    """
    headings = headings_above(text)
    codes = Code.objects.visible().with_page().filter(system__slug=system)
    found = codes.filter(key__in=[*headings, *one_slip_away(text)]).select_related("system")
    return sorted(found, key=lambda code: (code.key not in headings, code.position))[:limit]


def _ranked(words: list[str], operator: str) -> list[int]:
    query = SearchQuery(
        operator.join(f"{word}:*" for word in words), search_type="raw", config="english"
    )
    candidates = (
        Code.objects.with_page()
        .filter(system__display_mode=CodeSystem.DisplayMode.FULL, search_vector=query)
        .order_by("system__position", "position")
        .values("pk")[:CANDIDATES]
    )
    rank = SearchRank(F("search_vector"), query, normalization=_LENGTH_MATTERS)
    ranked = Code.objects.filter(pk__in=candidates).annotate(rank=rank, size=Length("key"))
    return list(ranked.order_by("-rank", "size", "position").values_list("pk", flat=True))
