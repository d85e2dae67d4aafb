"""The codes that field knowledge calls by a query, or by the parts that it consists of. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from codes.search.knowledge import Knowledge, Known
from codes.search.readings import Wording
from codes.search.words import NEGLIGIBLE

NAMES: Final = 2
PARTED: Final = 2
"""Wordings that are parted: as typed, and as they are read."""


@dataclass(frozen=True, slots=True)
class NamedCode:
    """A code that field knowledge calls by a wording of the query, or by a part of it."""

    code_id: int
    name: str
    wording: Wording


def named(text: str, worded: Sequence[Wording], knowledge: Knowledge) -> Iterator[NamedCode]:
    """Yield the codes that are called by the whole query, as typed or as read."""
    for wording in worded:
        for known in knowledge.by_words.get(wording.words, ()):
            if known.code_id is not None and _fits(known, text):
                yield NamedCode(known.code_id, known.text, wording)


def parts(text: str, worded: Sequence[Wording], knowledge: Knowledge) -> tuple[NamedCode, ...]:
    """Return the codes of a query that names two, one after the other; else nothing.

    Every word that says something belongs to one of the names: "asthma and anxiety". Of three
    names, codes for two of them together would be the better answer.
    """
    for wording in worded[:PARTED]:
        found = _parted(text, wording, knowledge)
        if len(found) == NAMES:
            return tuple(found)
    return ()


def _parted(text: str, wording: Wording, knowledge: Knowledge) -> list[NamedCode]:
    found: list[NamedCode] = []
    first = 0
    while first < len(wording.words):
        if wording.words[first] in NEGLIGIBLE:
            first += 1
            continue
        end, known = _longest(text, wording.words, first, knowledge)
        if known is None or known.code_id is None:
            return []
        found.append(NamedCode(known.code_id, known.text, wording))
        first = end
    return found


def _longest(
    text: str, words: Sequence[str], first: int, knowledge: Knowledge
) -> tuple[int, Known | None]:
    """Return where the longest name of a code that begins there ends, and what it names."""
    for end in range(min(len(words), first + knowledge.longest), first, -1):
        for known in knowledge.by_words.get(tuple(words[first:end]), ()):
            if known.code_id is not None and known.rank == 1 and _fits(known, text):
                return end, known
    return first, None


def _fits(known: Known, text: str) -> bool:
    return not known.exact_case or known.text in text
