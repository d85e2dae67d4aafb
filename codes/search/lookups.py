"""Codes by their number, and codes by their ids."""

from collections.abc import Sequence

from django.db.models import QuerySet

from codes.lookup import headings_above, one_slip_away
from codes.models import Code, CodeSystem
from codes.search.query import MAX_WORDS
from codes.search.words import stem, words


def by_key(key: str) -> QuerySet[Code]:
    """Return the codes of every system that have this key; a few rows."""
    codes = Code.objects.visible().with_page().filter(key=key)
    return codes.select_related("system").order_by("system__position")


def in_order(ids: Sequence[int]) -> list[Code]:
    """Return the codes with these ids in this order, headings included; one query."""
    rows = Code.objects.select_related("system", "parent").in_bulk(ids)
    return [rows[pk] for pk in ids if pk in rows]


def headings_named(text: str) -> QuerySet[Code]:
    """Return the chapters and sections whose names have all words of a text; none without words.

    There are some hundred headings, so their names are read whole.
    """
    stems = [stem(word) for word in words(text)][:MAX_WORDS]
    headings = Code.objects.visible().without_former_headings()
    headings = headings.filter(kind__in=[Code.Kind.CHAPTER, Code.Kind.SECTION])
    headings = headings.filter(system__display_mode=CodeSystem.DisplayMode.FULL)
    for each in stems:
        headings = headings.filter(long_descriptor__icontains=each)
    return headings.order_by("system__position", "position") if stems else headings.none()


def nearest(system: str, text: str, *, limit: int = 8) -> list[Code]:
    """Return existing codes that ``text`` may have meant, the closest first; one query.

    Those are the headings that it would stand under, and codes that are one slip away.
    """
    headings = headings_above(text)
    codes = Code.objects.visible().with_page().filter(system__slug=system)
    found = codes.filter(key__in=[*headings, *one_slip_away(text)]).select_related("system")
    return sorted(found, key=lambda code: (code.key not in headings, code.position))[:limit]
