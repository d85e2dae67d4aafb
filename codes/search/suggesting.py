"""Completions as somebody types: codes by number, words, and codes by their names."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from codes.lookup import code_key
from codes.search import store
from codes.search.answers import Suggestion, TermKind
from codes.search.build import KINDS
from codes.search.index import Flags, Index
from codes.search.matching import match
from codes.search.query import analyse
from codes.search.ranking import rank
from codes.search.segment import Ints
from codes.search.words import words

WORDS: Final = 3
"""Completions of the last word that stand above the codes."""
MAX_CHARACTERS: Final = 100


def suggest(text: str, *, system: str = "", limit: int = 8) -> list[Suggestion]:
    """Return completions of ``text``, best first: nothing that is not open to all.

    One query, and two more whenever the index has changed. Raises on no text.
    """
    text = text[:MAX_CHARACTERS].strip()
    if not text:
        return []
    loaded, shown = store.current()
    index = loaded.index
    within = _within(index, system)
    numbers, named = _both(shown.numbers, within), _both(shown.words, within)
    if found := list(_codes(index, text, numbers, shown, limit)):
        return found
    completed = list(_words(index, text, named))[: max(1, min(WORDS, limit - 1))]
    return [*completed, *_named(loaded, text, named, limit - len(completed))]


def _within(index: Index, system: str) -> Flags | None:
    return index.system == index.systems.index(system) if system in index.systems else None


def _both(one: Flags | None, other: Flags | None) -> Flags | None:
    return other if one is None else one if other is None else one & other


def _codes(
    index: Index, text: str, allowed: Flags | None, shown: store.Shown, limit: int
) -> Iterator[Suggestion]:
    """Yield the codes that begin with ``text``, the shortest first, if it can be a code's."""
    key = code_key(text)
    is_number = any(sign.isdigit() for sign in key) or len(key) == 1
    if not is_number or len(text.split()) > 1 or len(key) != len(text.replace(".", "")):
        return
    codes = index.with_key(key)
    if allowed is not None:
        codes = codes[allowed[codes]]
    for code in _shortest(index, codes, limit).tolist():
        has_words = shown.words is None or bool(shown.words[code])
        yield _code(index, code, TermKind.CODE, has_words=has_words)


def _shortest(index: Index, codes: Ints, limit: int) -> Ints:
    """Return the first codes by length, then in printed order."""
    lengths = index.key_length[codes]
    if len(codes) > limit:
        least = np.partition(lengths, limit - 1)[limit - 1]
        codes = codes[lengths <= least]
        lengths = lengths[lengths <= least]
    order: Ints = codes[np.lexsort((codes, lengths))][:limit]
    return order


def _code(index: Index, code: int, kind: TermKind, *, has_words: bool = True) -> Suggestion:
    return Suggestion(
        text=index.printed(code),
        code_id=int(index.code_id[code]),
        display=index.printed(code),
        system=index.systems[index.system[code]],
        kind=kind,
        label=index.open_title(code) if has_words else "",
    )


def _words(index: Index, text: str, allowed: Flags | None) -> Iterator[Suggestion]:
    """Yield the typed words with the last one completed, the most frequent word first."""
    typed = words(text)
    if not typed or len(typed[-1]) < 2 or not text[-1].isalnum():
        return
    where = index.vocabulary.beginning(typed[-1])
    is_open = np.zeros(where.stop - where.start, dtype=np.bool_)
    for place, base in enumerate(index.base[:-1]):
        if allowed is None or (base < index.size and allowed[base]):
            is_open |= index.open_words[place][where]
    numbers = np.flatnonzero(is_open) + where.start
    order = np.argsort(-index.word_frequency[numbers], kind="stable")
    head = text[: len(text) - len(text.split()[-1])]
    seen = {index.vocabulary.stem(typed[-1])}
    for number in numbers[order[: 4 * WORDS]].tolist():
        word, stem = index.vocabulary.words[number], int(index.vocabulary.stem_of_word[number])
        if stem not in seen:
            seen.add(stem)
            yield Suggestion(f"{head}{word}", None, "", "", TermKind.DESCRIPTOR)


def _named(
    loaded: store.Loaded, text: str, allowed: Flags | None, limit: int
) -> Iterator[Suggestion]:
    """Yield the codes whose names have the words; the last one may be a beginning."""
    index = loaded.index
    query = analyse(text, index, loaded.knowledge, is_unfinished=text[-1:].isalnum())
    matched = match(index, query, allowed)
    ranked = rank(index, query, matched)
    for code, name in zip(ranked.codes[:limit].tolist(), ranked.name.tolist(), strict=False):
        suggestion = _code(index, code, KINDS[index.kind_of(name)])
        if suggestion.kind is TermKind.SYNONYM:
            # A title without the typed letters would leave one wondering.
            suggestion = replace(
                suggestion, label=f"{suggestion.label} ({index.text(name)})".strip()
            )
        yield suggestion
