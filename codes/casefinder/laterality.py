"""Sides of the body: which a text names, and which codes are one another's by side. Pure."""

import re
from collections.abc import Mapping
from typing import Final

from codes.casefinder.stems import WORD, stem, stems
from codes.casefinder.words import EMPTY

SIDES: Final = {
    "left": "left",
    "lt": "left",
    "right": "right",
    "rt": "right",
    "bilateral": "bilateral",
    "bilaterally": "bilateral",
    "both": "bilateral",
}
_OPEN = re.compile(r"\bunspecified\b", re.IGNORECASE)
_PLACE = re.compile(r"\bunspecified (\w+)", re.IGNORECASE)
_VISIT = re.compile(r", (?:initial encounter|subsequent encounter|sequela)\b.*", re.IGNORECASE)
"""What a 7th character adds, which the codes one level above lack."""
_APART = {stem(word) for word in (*SIDES, "unspecified", "unilateral", "side")} | EMPTY


def sides_in(text: str) -> set[str]:
    """Return the sides that a text names."""
    return {SIDES[word] for word in WORD.findall(text.lower()) if word in SIDES}


def side_of(text: str) -> str:
    """Return the one side that a text names, or "" for none or several."""
    sides = sides_in(text)
    return sides.pop() if len(sides) == 1 else ("bilateral" if sides == {"left", "right"} else "")


def leaves_side_open(descriptor: str) -> bool:
    """Return whether a descriptor may be one of those that have siblings by side."""
    return bool(_OPEN.search(descriptor)) and not sides_in(descriptor)


def by_side(descriptor: str, others: Mapping[int, str]) -> dict[str, int]:
    """Return which of the other descriptors say the same of which side; right before left.

    "Cataract, unspecified eye" has "Cataract, right eye" and "Cataract, bilateral".
    """
    if not leaves_side_open(descriptor):
        return {}
    said = _apart_from_side(descriptor)
    places = {stem(word) for word in _PLACE.findall(descriptor.lower())}
    found: dict[str, int] = {}
    for key, other in others.items():
        side, has = side_of(other), _apart_from_side(other)
        if side and (has == said or (has < said and said - has <= places)):
            found.setdefault(side, key)
    return {side: found[side] for side in ("right", "left", "bilateral") if side in found}


def _apart_from_side(descriptor: str) -> set[str]:
    return stems(_VISIT.sub("", descriptor)) - _APART
