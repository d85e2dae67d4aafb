"""What stands above all matches by words: codes by their number or by a whole name. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Final

import numpy as np

from codes.search.answers import Group
from codes.search.build import fingerprint
from codes.search.index import Flags, Index
from codes.search.query import Query
from codes.search.readings import Level
from codes.search.segment import NONE, Ints
from codes.search.typed_codes import TypedCodes
from codes.search.words import stem

_SCORES: Final = {
    Group.EXACT_CODE: 4.0,
    Group.CODE_PREFIX: 3.0,
    Group.CODE_RANGE: 3.0,
    Group.EXACT_DESCRIPTOR: 2.5,
}


@dataclass(frozen=True, slots=True)
class Found:
    """A code with its group and the name that matched; ``NONE`` is its number or descriptor."""

    code: int
    group: Group
    name: int = NONE
    score: float = 0.0
    synonym: str = ""
    is_number: bool = False
    """Whether it was found by a number that is close to its own."""


@dataclass(frozen=True, slots=True)
class Leading:
    """What stands above all matches by words: whole numbers, numbers begun, then names.

    The beginning of a number may have tens of thousands of codes, so they stay an array.
    """

    whole: list[Found]
    begun: Ints
    named: tuple[Found, ...] = ()
    group: Group = Group.CODE_PREFIX
    """That of the numbers begun: they may lie between two numbers instead."""

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
            self.group,
        )

    def at(self, start: int, stop: int) -> list[Found]:
        """Return those from one place to another."""
        first, last = len(self.whole), len(self.whole) + len(self.begun)
        begun = self.begun[max(0, start - first) : max(0, stop - first)].tolist()
        score = _SCORES[self.group]
        return [
            *self.whole[start:stop],
            *(Found(code, self.group, score=score) for code in begun),
            *self.named[max(0, start - last) : max(0, stop - last)],
        ]


def leading(index: Index, typed: TypedCodes, query: Query, words: Flags | None) -> Leading:
    """Return what stands above all matches by words, each code once, in order."""
    score = _SCORES[Group.EXACT_CODE]
    whole = [Found(code, Group.EXACT_CODE, score=score) for code in typed.exact]
    leading = Leading(whole, typed.below, group=typed.group)
    return leading.and_then(by_name(index, query, words))


def by_name(index: Index, query: Query, allowed: Flags | None) -> Iterator[Found]:
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


def by_slip(codes: Iterable[int]) -> Iterator[Found]:
    """Yield codes whose numbers are close to one that no code has."""
    for code in codes:
        yield Found(code, Group.CLOSE_SPELLINGS, is_number=True)


def _name_of(index: Index, code: int, stems: Sequence[str]) -> int:
    """Return the name that has exactly these stems; ``NONE`` for the descriptor of a leaf."""
    for name in index.names_of(code):
        if [index.vocabulary.stems[s] for s in index.stems_of(name)] == stems:
            return name
    return NONE


def _in_order(index: Index, codes: Ints, allowed: Flags | None) -> Ints:
    """Return codes in printed order, without those that are not shown."""
    return np.sort(codes if allowed is None else codes[allowed[codes]])


def _kind_place(index: Index, name: int) -> int:
    return 0 if name == NONE else index.kind_of(name)


def _is_in(allowed: Flags | None, code: int) -> bool:
    return allowed is None or bool(allowed[code])
