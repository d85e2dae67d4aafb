"""What stands above all matches by words: codes by their number or by a whole name. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Final

import numpy as np

from codes.lookup import code_key, read
from codes.search.answers import Group
from codes.search.build import fingerprint
from codes.search.index import Flags, Index
from codes.search.query import MAX_CHARACTERS, MAX_WORDS, Query
from codes.search.readings import Level
from codes.search.segment import NONE, Ints
from codes.search.words import stem

_SCORES: Final = {Group.EXACT_CODE: 4.0, Group.CODE_PREFIX: 3.0, Group.EXACT_DESCRIPTOR: 2.5}

_NOTHING: Final = np.empty(0, dtype=np.int32)
MAX_KEY: Final = 10
"""Characters of the longest text that may be the beginning of a code."""


@dataclass(frozen=True, slots=True)
class Found:
    """A code with its group and the name that matched; ``NONE`` is its number or descriptor."""

    code: int
    group: Group
    name: int = NONE
    score: float = 0.0
    synonym: str = ""


@dataclass(frozen=True, slots=True)
class Leading:
    """What stands above all matches by words: whole numbers, numbers begun, then names.

    The beginning of a number may have tens of thousands of codes, so they stay an array.
    """

    whole: list[Found]
    begun: Ints
    named: tuple[Found, ...] = ()

    @property
    def numbers(self) -> Ints:
        """The codes that were found by their number, in order."""
        return np.concatenate(([found.code for found in self.whole], self.begun)).astype(np.int32)

    @property
    def names(self) -> Ints:
        """The codes that were found by a name, in order."""
        return np.array([found.code for found in self.named], dtype=np.int32)

    @property
    def codes(self) -> Ints:
        """Every code, in order."""
        return np.concatenate((self.numbers, self.names))

    @property
    def has_exact_code(self) -> bool:
        """Whether the text is, or holds, the number of a code."""
        return bool(self.whole)

    def and_then(self, others: Iterable[Found]) -> "Leading":
        """Return these, and after them the others that are not among them."""
        new: dict[int, Found] = {}
        for found in others:
            new.setdefault(found.code, found)
        known = self.codes
        later = [found for code, found in new.items() if code not in known]
        return replace(self, named=(*self.named, *later))

    def only(self, kept: Flags) -> "Leading":
        """Return some of them."""
        first, last = len(self.whole), len(self.whole) + len(self.begun)
        return Leading(
            list(compress(self.whole, kept[:first])),
            self.begun[kept[first:last]],
            tuple(compress(self.named, kept[last:])),
        )

    def at(self, start: int, stop: int) -> list[Found]:
        """Return those from one place to another."""
        first, last = len(self.whole), len(self.whole) + len(self.begun)
        begun = self.begun[max(0, start - first) : max(0, stop - first)].tolist()
        score = _SCORES[Group.CODE_PREFIX]
        return [
            *self.whole[start:stop],
            *(Found(code, Group.CODE_PREFIX, score=score) for code in begun),
            *self.named[max(0, start - last) : max(0, stop - last)],
        ]


def leading(
    index: Index, text: str, query: Query, numbers: Flags | None, words: Flags | None
) -> Leading:
    """Return what stands above all matches by words, each code once, in order."""
    printed = read(text)
    keys = [printed.key] if printed else _keys_within(text)
    exact = [code for key in keys for code in _with_exactly(index, key, numbers)]
    beginning = printed.key if printed else _beginning(text)
    below = _in_order(index, index.with_key(beginning), numbers) if beginning else _NOTHING
    score = _SCORES[Group.EXACT_CODE]
    whole = [Found(code, Group.EXACT_CODE, score=score) for code in dict.fromkeys(exact)]
    leading = Leading(whole, below[~np.isin(below, exact)])
    return leading.and_then(_by_name(index, query, words))


def _with_exactly(index: Index, key: str, allowed: Flags | None) -> list[int]:
    codes = _in_order(index, index.with_key(key), allowed)
    return [int(code) for code in codes[index.key[codes] == key.encode()]]


def _keys_within(text: str) -> list[str]:
    """Return the codes that stand among other words, such as ``J96.01 respiratory failure``."""
    chunks = text[:MAX_CHARACTERS].split()[:MAX_WORDS]
    found = [read(chunk) for chunk in chunks] if len(chunks) > 1 else []
    keys = [printed.key for printed in found if printed]
    return [key for key in keys if len(key) > 3 and not key.isdigit()]


def _beginning(text: str) -> str:
    """Return the key that a single word is the beginning of, if it can be one: it has a digit."""
    text = text.strip()
    if not 1 < len(text) <= MAX_KEY or " " in text or not any(c.isdigit() for c in text):
        return ""
    return code_key(text)


def _in_order(index: Index, codes: Ints, allowed: Flags | None) -> Ints:
    """Return codes in printed order, without those that are not shown."""
    return np.sort(codes if allowed is None else codes[allowed[codes]])


def _by_name(index: Index, query: Query, allowed: Flags | None) -> Iterator[Found]:
    """Yield the codes that have the query as a name: their own first, then by field knowledge."""
    stems = [stem(word) for word in query.whole]
    exact = [code for code in index.exact(fingerprint(stems)) if _is_in(allowed, code)]
    names = [(code, _name_of(index, code, stems)) for code in exact] if stems else []
    score = _SCORES[Group.EXACT_DESCRIPTOR]
    for code, name in sorted(names, key=lambda each: _kind_place(index, each[1])):
        yield Found(code, Group.EXACT_DESCRIPTOR, name, score)
    for named in query.named:
        is_typed = named.wording.words == query.typed
        group = Group.EXACT_DESCRIPTOR if is_typed else Group.ALL_WORDS
        if named.wording.level is Level.TYPED and named.wording.rank == 1:
            for code in _in_order(index, index.with_id(named.code_id), allowed).tolist():
                yield Found(code, group, NONE, score, synonym=named.name)
    for wording in query.wordings[1:]:
        if wording.level is Level.TYPED and wording.rank == 1:
            stems = [stem(word) for word in wording.words]
            for code in index.exact(fingerprint(stems)):
                if _is_in(allowed, code):
                    yield Found(code, Group.ALL_WORDS, _name_of(index, code, stems), score)


def by_close_name(
    index: Index, query: Query, allowed: Flags | None, group: Group
) -> Iterator[Found]:
    """Yield the codes that field knowledge calls by the query as it was probably meant.

    They stand in the group that is the best of the matches by words.
    """
    score = _SCORES[Group.EXACT_DESCRIPTOR] / 2
    for named in query.named:
        if named.wording.level is Level.CLOSE and named.wording.rank == 1:
            for code in _in_order(index, index.with_id(named.code_id), allowed).tolist():
                yield Found(code, group, NONE, score, synonym=named.name)


def by_parts(index: Index, query: Query, allowed: Flags | None, group: Group) -> Iterator[Found]:
    """Yield the codes that a query names one after the other, where none has all of its words.

    Misspelled ones stand in the group that is the best of the matches by words.
    """
    score = _SCORES[Group.EXACT_DESCRIPTOR] / 2
    for named in query.parts:
        of_group = group if named.wording.level is Level.CLOSE else Group.MOST_WORDS
        for code in _in_order(index, index.with_id(named.code_id), allowed).tolist():
            yield Found(code, of_group, NONE, score, synonym=named.name)


def _name_of(index: Index, code: int, stems: Sequence[str]) -> int:
    """Return the name that has exactly these stems; ``NONE`` for the descriptor of a leaf."""
    for name in index.names_of(code):
        if [index.vocabulary.stems[s] for s in index.stems_of(name)] == stems:
            return name
    return NONE


def _kind_place(index: Index, name: int) -> int:
    return 0 if name == NONE else index.kind_of(name)


def _is_in(allowed: Flags | None, code: int) -> bool:
    return allowed is None or bool(allowed[code])
