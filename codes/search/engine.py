"""The search: a text and filters in, ranked codes with their reasons and counts out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from codes.search import store
from codes.search.answers import NO_FILTERS, Filters, Group, Hit, Results, TermKind
from codes.search.build import KINDS
from codes.search.context import in_context
from codes.search.index import Flags, Index
from codes.search.leading import (
    Found,
    Leading,
    by_close_name,
    by_name,
    by_parts,
    by_slip,
    leading,
)
from codes.search.leaves import Asked
from codes.search.matching import Matched, best_group, group_at, match
from codes.search.narrowing import Narrowing
from codes.search.query import Query, analyse, readings_of
from codes.search.ranking import rank, rest
from codes.search.segment import NONE
from codes.search.typed_codes import close_to, typed_codes
from codes.search.words import words

BY_NUMBER: Final = (Group.EXACT_CODE, Group.CODE_PREFIX, Group.CODE_RANGE)
"""The groups of codes that are found by their number, not by words."""


def search(
    text: str, *, filters: Filters = NO_FILTERS, limit: int = 20, offset: int = 0
) -> Results:
    """Return the codes that answer ``text``, best first, by group. Raises on no text.

    One query, and two more whenever the index has changed. Words are searched in systems whose
    wording is shown, numbers in all that are shown. Facets count all matches.
    """
    loaded, shown = store.current()
    index = loaded.index
    query, first = _read(loaded, text, shown)
    answer = _answer(loaded, query, first, filters, shown.words)
    if filters.systems and not answer.total:
        # What other systems answer better is no reason to leave this one without an answer.
        within = _within(index, filters.systems, shown.words)
        answer = _answer(loaded, query, first, filters, within)
    if (
        not len(first.codes)
        and not answer.total
        and (codes := close_to(index, text, shown.numbers))
    ):
        answer = _answer(loaded, query, first.and_then(by_slip(codes)), filters, shown.words)
    asked = Asked(index, answer.query)
    page = answer.page(index, offset, limit)
    hits = [
        _hit(index, answer.query, found, asked, billable=filters.billable or False)
        for found in page
    ]
    return Results(
        hits=tuple(hits),
        total=answer.total,
        facets=tuple(answer.everything.facets(shown.system_names, shown.words)),
        readings=tuple(dict.fromkeys(reading for hit in hits for reading in hit.readings)),
    )


def _read(loaded: store.Loaded, text: str, shown: store.Shown) -> tuple[Query, Leading]:
    """Return what of a text is to be found by its words, and what leads before that.

    A text may be a name of a code as a whole, number and all; else words stand beside a number.
    """
    index = loaded.index
    query = analyse(text, index, loaded.knowledge)
    typed = typed_codes(index, text, shown.numbers)
    first = leading(index, typed, query, shown.words)
    if typed.rest is None:
        return query, first
    if not words(typed.rest):
        return query.without_words(), first
    query = analyse(typed.rest, index, loaded.knowledge)
    return query, first.and_then(by_name(index, query, shown.words))


@dataclass(frozen=True, slots=True)
class _Answer:
    """The codes that answer a query and that the filters keep, before any is ranked."""

    query: Query
    first: Leading
    matched: Matched
    everything: Narrowing
    """All codes, whatever the filters keep."""

    @property
    def total(self) -> int:
        return len(self.first.codes) + len(self.matched.codes)

    def page(self, index: Index, offset: int, limit: int) -> list[Found]:
        """Return the codes from one place to another, the best first."""
        size = len(self.first.codes)
        page = self.first.at(offset, offset + limit)
        if len(page) < limit:
            places = slice(max(0, offset - size), offset + limit - size)
            page += _ranked(index, self.query, self.matched, places)
        return page


def _answer(
    loaded: store.Loaded, query: Query, first: Leading, filters: Filters, allowed: Flags | None
) -> _Answer:
    """Return what the words find among the codes that may be found, after what leads."""
    index = loaded.index
    query, matched = _matched(index, query, allowed)
    if (group := best_group(matched)) is not Group.ALL_WORDS:
        first = first.and_then(by_close_name(index, query, allowed, group))
        if not matched.is_whole:
            first = first.and_then(by_parts(index, query, allowed, group))
    matched = _without(index, matched, first)
    by_words = np.concatenate((first.names, matched.codes))
    everything = Narrowing(loaded.classes, first.numbers, by_words, filters)
    if (kept := everything.kept()) is not None:
        size = len(first.codes)
        first, matched = first.only(kept[:size]), matched.only(kept[size:])
    return _Answer(query, first, matched, everything)


def _within(index: Index, systems: Sequence[str], allowed: Flags | None) -> Flags:
    """Return which codes of some systems may be found."""
    wanted = np.array([slug in systems for slug in index.systems], dtype=np.bool_)
    flags: Flags = wanted[index.system]
    return flags if allowed is None else flags & allowed


def matching_ids(text: str, *, limit: int) -> list[int]:
    """Return the ids of the codes that answer ``text``, of hidden systems too: for the admin."""
    loaded, _ = store.current()
    query = analyse(text, loaded.index, loaded.knowledge)
    matched = match(loaded.index, query, None)
    ranked = rank(loaded.index, query, matched)
    codes = np.concatenate((ranked.codes, rest(matched, ranked).codes))[:limit]
    return [int(code_id) for code_id in loaded.index.code_id[codes]]


def _matched(index: Index, query: Query, allowed: Flags | None) -> tuple[Query, Matched]:
    """Return the codes that have the words, and the query as it was read for that."""
    matched = match(index, query, allowed)
    if matched.is_whole:
        return query, matched
    closer = in_context(index, query, allowed)
    return (query, matched) if closer is query else (closer, match(index, closer, allowed))


def _without(index: Index, matched: Matched, first: Leading) -> Matched:
    """Return the matches that do not stand above already, as themselves or as an extension."""
    known, names = first.codes, first.names
    if not len(known):
        return matched
    flags = np.zeros(index.size, dtype=np.bool_)
    flags[known] = True
    flags[index.parent[names[index.is_leaf[names]]]] = True
    return matched.only(~flags[matched.codes])


def _ranked(index: Index, query: Query, matched: Matched, places: slice) -> list[Found]:
    """Return the matches at these places of their order."""
    if places.start >= len(matched.codes):
        return []
    ranked = rank(index, query, matched)
    if places.stop > len(ranked.codes):
        ranked = ranked.and_then(rest(matched, ranked))
    rows = zip(
        ranked.codes[places].tolist(),
        ranked.group[places].tolist(),
        ranked.name[places].tolist(),
        ranked.score[places].tolist(),
        strict=True,
    )
    return [Found(code, group_at(group), name, score) for code, group, name, score in rows]


def _hit(index: Index, query: Query, found: Found, asked: Asked, *, billable: bool) -> Hit:
    if found.group in BY_NUMBER or found.is_number:
        return _as_hit(index, found, found.code, index.printed(found.code), TermKind.CODE, ())
    code = asked.leaf_of(found.code, billable=billable)
    readings = tuple(dict.fromkeys(readings_of(index, query, found.code)))
    if found.synonym:
        return _as_hit(index, found, code, found.synonym, TermKind.SYNONYM, readings)
    if code != found.code or found.name == NONE:
        return _as_hit(index, found, code, index.title(code), TermKind.DESCRIPTOR, readings)
    kind = KINDS[index.kind_of(found.name)]
    return _as_hit(index, found, code, index.text(found.name), kind, readings)


def _as_hit(
    index: Index, found: Found, code: int, term: str, kind: TermKind, readings: tuple[str, ...]
) -> Hit:
    is_open = kind in (TermKind.CODE, TermKind.SYNONYM) or index.is_open(
        code, NONE if code != found.code else found.name
    )
    return Hit(
        code_id=int(index.code_id[code]),
        group=found.group,
        term=term,
        term_kind=kind,
        readings=readings,
        score=found.score,
        is_open=is_open,
    )
