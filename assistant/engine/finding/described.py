"""Modifiers and places of service that a question describes instead of naming their number."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from assistant.engine.answer import Fact
from assistant.engine.ask import Ask
from assistant.engine.editions import Editions
from assistant.engine.finding import modifiers, others
from assistant.engine.likeness import covered
from assistant.engine.lookalikes import Lookalike, Other
from assistant.engine.making import Maker
from codes import modifiers as known
from codes.facts import PlaceOfService
from codes.sections.editions import held

SHOWN: Final = 4
ENOUGH: Final = 0.6
HALF: Final = 0.5
"""Which share of the words of the question a description must have; of the short names of places
of service."""
_MODIFIER: Final = re.compile(r"\bmodif\w{2,5}\b|\bmods?\b", re.IGNORECASE)
_PLACE: Final = re.compile(r"\bpos\b|\bplaces? of service\b", re.IGNORECASE)
_NO_WORDS: Final = re.compile(
    r"\b(?:modif\w{2,5}|mods?|pos|places? of service|anatomic(?:al)?|codes?|hcpcs|cpt)\b",
    re.IGNORECASE,
)


def find(ask: Ask, editions: Editions, make: Maker) -> Iterator[Fact]:
    """Yield those whose description has most of the words, the best first; at most six queries."""
    if ask.has_subject or ask.reading.modifiers or ask.reading.others:
        return
    words = _NO_WORDS.sub(" ", ask.subject_words).strip()
    if not words:
        return
    if _MODIFIER.search(ask.text):
        entries = known.shown()
        described = [
            (name, one.fact.long_descriptor if one.fact else one.words)
            for name, one in entries.items()
            if not one.is_ended
        ]
        yield from modifiers.each(_best(words, described, ENOUGH), make)
    elif _PLACE.search(ask.text) and "place-of-service" in editions.current:
        rows = held(PlaceOfService, None)
        named = [(row.number, row.name) for row in rows.order_by("number")]
        numbers = _best(words, named, HALF)
        for number in numbers:
            yield from others.place(Other(Lookalike.PLACE, number, number), editions, make)


def _best(words: str, described: Iterable[tuple[str, str]], enough: float) -> Sequence[str]:
    shares = [(covered(words, text), -len(text), name) for name, text in described]
    best = sorted((one for one in shares if one[0] >= enough), reverse=True)
    return [name for share, _, name in best if share == best[0][0]][:SHOWN]
