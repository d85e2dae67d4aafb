"""A typed text, read: its words, what they may mean, and the codes that it names. Pure."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rapidfuzz.distance import OSA

from codes.search import naming
from codes.search.index import Index
from codes.search.knowing import Knowing
from codes.search.knowledge import Knowledge
from codes.search.naming import NamedCode
from codes.search.readings import Alternative, Level, Wording, wordings
from codes.search.slots import CLOSE, UNKNOWN, Reader, Slot
from codes.search.spelling import nearest_said
from codes.search.words import words

MAX_CHARACTERS: Final = 400
MAX_WORDS: Final = 40
MAX_NAME: Final = 5_000
"""Characters of a text that are compared with whole names: the longest has 4,501."""


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed, read."""

    typed: tuple[str, ...]
    slots: tuple[Slot, ...]
    whole: tuple[str, ...] = ()
    """Every word that was typed, where names are longer than what is read."""
    named: tuple[NamedCode, ...] = ()
    """Codes that are called by the whole of it."""
    parts: tuple[NamedCode, ...] = ()
    """Codes that are called by its parts, where it is nothing but names of codes."""
    wordings: tuple[Wording, ...] = ()
    """As typed, then as read."""

    def without_words(self) -> "Query":
        """Return a query that matches nothing by words: of a text that is a code."""
        return Query((), ())

    @property
    def mass(self) -> float:
        """How much all words say."""
        return sum(slot.mass for slot in self.slots)


def analyse(text: str, index: Index, knowledge: Knowledge, *, is_unfinished: bool = False) -> Query:
    """Read a text, at most 40 words of 400 characters; bounded in time for any text.

    Of an unfinished one the last word is read as a beginning first of all.
    """
    text = unicodedata.normalize("NFKC", text[:MAX_NAME])[:MAX_NAME]
    typed = words(text[:MAX_CHARACTERS])[:MAX_WORDS]
    whole = words(text) if len(text) > MAX_CHARACTERS or len(typed) == MAX_WORDS else typed
    text = text[:MAX_CHARACTERS]
    knowing = Knowing(text, typed, index, knowledge)
    knowing.read()
    reader = Reader(typed, index, is_unfinished=is_unfinished)
    slots = [reader.slot(i, knowing.readings[i]) for i in range(len(typed))]
    slots = _with_meant(slots, text, typed, index, knowledge)
    for i in knowing.says_nothing:
        slots[i] = replace(slots[i], mass=0.0)
    usual = max((slot.mass for slot in slots), default=0.0)
    usual = usual if usual > 0 else 1.0
    slots = [
        replace(slot, mass=max(usual, _rarity_meant(slot, index))) if slot.mass == UNKNOWN else slot
        for slot in slots
    ]
    if slots and not any(slot.mass for slot in slots):
        slots = [replace(slot, mass=1.0) for slot in slots]
    readings = [each for slot in slots for each in slot.alternatives]
    worded = tuple(wordings(typed, readings))
    return Query(
        typed=tuple(typed),
        slots=tuple(slots),
        whole=tuple(whole),
        named=tuple(naming.named(text, worded, knowledge)),
        parts=naming.parts(text, worded, knowledge),
        wordings=worded,
    )


def _rarity_meant(slot: Slot, index: Index) -> float:
    """Return the rarity of the word that an unknown one was meant to be, 0 if it may be none."""
    if any(each.level is Level.TYPED for each in slot.alternatives):
        return 0
    single = (each.stems[0] for each in slot.alternatives if len(each.stems) == 1)
    return next((float(index.rarity[number]) for number in single), 0.0)


def _with_meant(
    slots: list[Slot], text: str, typed: Sequence[str], index: Index, knowledge: Knowledge
) -> list[Slot]:
    """Return the words with what field knowledge says of them as they were probably meant.

    ``high blood presure`` is a misspelled name of hypertension.
    """
    meant = [_meant(slot, knowledge) for slot in slots]
    if meant == list(typed):
        return slots
    knowing = Knowing(text, meant, index, knowledge)
    knowing.read()
    places = {i for i, word in enumerate(meant) if word != typed[i]}
    said = [
        [each for each in readings if not places.isdisjoint(range(*each.span))]
        for readings in knowing.readings
    ]
    return [
        replace(slot, alternatives=(*slot.alternatives, *(_as_slip(each) for each in readings)))
        for slot, readings in zip(slots, said, strict=True)
    ]


def _meant(slot: Slot, knowledge: Knowledge) -> str:
    """Return the word that an unknown one is a misspelling of, if that can be told."""
    others = [each for each in slot.alternatives if each.level is Level.CLOSE]
    is_known = any(each.level is Level.TYPED for each in slot.alternatives)
    if is_known or (slot.word,) in knowledge.by_words:
        return slot.word
    said = nearest_said(knowledge.spelled, slot.word)
    best = next((each.text for each in others if " " not in each.text), "")
    if said and (not best or _unlike(slot.word, said.word) < _unlike(slot.word, best)):
        return said.word
    return best or slot.word


def _unlike(word: str, other: str) -> tuple[int, bool]:
    """Return how many slips lead from one word to another, and whether the first letter is one."""
    return OSA.distance(word, other), word[0] != other[0]


def _as_slip(each: Alternative) -> Alternative:
    return replace(each, level=Level.CLOSE, weight=each.weight * CLOSE)


def readings_of(index: Index, query: Query, code: int) -> Iterator[str]:
    """Yield in words how those words of the query were read that a code has only in that way."""
    has = {stem_ for name in index.names_of(code) for stem_ in index.stems_of(name)}
    for slot in query.slots:
        if slot.stem in has or not slot.mass:
            continue
        fitting = [each for each in slot.alternatives if has.issuperset(each.stems)]
        if fitting and fitting[0].reading and _may_be_said(index, code, fitting[0]):
            yield fitting[0].reading


def _may_be_said(index: Index, code: int, read: Alternative) -> bool:
    """Return whether a reading shows no word that stands in gated names alone.

    What field knowledge says, and what is made of the typed letters, is open to all.
    """
    if read.level is not Level.CLOSE:
        return True
    number = index.vocabulary.number.get(read.text)
    if number is not None:
        return any(bool(flags[number]) for flags in index.open_words)
    names = (name for name in index.names_of(code) if index.is_open(code, name))
    return {stem_ for name in names for stem_ in index.stems_of(name)}.issuperset(read.stems)
