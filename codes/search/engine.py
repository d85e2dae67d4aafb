"""The search: a text and filters in, ranked codes with their reasons and counts out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from codes.lookup import code_key, read
from codes.search import store
from codes.search.answers import NO_FILTERS, Filters, Group, Hit, Results, TermKind
from codes.search.build import KINDS, fingerprint
from codes.search.index import Flags, Index
from codes.search.leaves import leaf_of
from codes.search.matching import Matched, group_at, is_all_fuzzy, match
from codes.search.narrowing import Narrowing
from codes.search.query import MAX_CHARACTERS, MAX_WORDS, Query, analyse, readings_of
from codes.search.ranking import rank, rest
from codes.search.readings import Level
from codes.search.segment import NONE, Ints
from codes.search.words import stem

_SCORES: Final = {Group.EXACT_CODE: 4.0, Group.CODE_PREFIX: 3.0, Group.EXACT_DESCRIPTOR: 2.5}

MAX_KEY: Final = 10
"""Characters of the longest text that may be the beginning of a code."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A code with its group and the name that matched; ``NONE`` is its number or descriptor."""

    code: int
    group: Group
    name: int = NONE
    score: float = 0.0
    synonym: str = ""


def search(
    text: str, *, filters: Filters = NO_FILTERS, limit: int = 20, offset: int = 0
) -> Results:
    """Return the codes that answer ``text``, best first, by group. Raises on no text.

    One query, and two more whenever the index has changed. Words are searched in systems whose
    wording is shown, numbers in all that are shown. Facets count all matches.
    """
    loaded, shown = store.current()
    index = loaded.index
    query = analyse(text, index, loaded.knowledge)
    first = list(_first(index, text, query, shown))
    if any(found.group is Group.EXACT_CODE for found in first) and read(text):
        query = query.without_words()
    matched = match(index, query, shown.words)
    if is_all_fuzzy(matched):
        known = {found.code for found in first}
        close = _by_close_name(index, query, shown.words)
        first += [found for found in close if found.code not in known]
    codes = np.array([found.code for found in first], dtype=np.int32)
    if first:
        matched = matched.only(~np.isin(matched.codes, codes))
    everything = Narrowing(index, loaded.covered, np.concatenate((codes, matched.codes)), filters)
    if (kept := everything.kept()) is not None:
        first = [found for found, is_kept in zip(first, kept.tolist(), strict=False) if is_kept]
        matched = matched.only(kept[len(codes) :])
    page = first[offset : offset + limit]
    if len(page) < limit:
        places = slice(max(0, offset - len(first)), offset + limit - len(first))
        page += _ranked(index, query, matched, places)
    hits = [_hit(index, query, found, shown, billable=filters.billable or False) for found in page]
    return Results(
        hits=tuple(hits),
        total=len(first) + len(matched.codes),
        facets=tuple(everything.facets(shown.system_names, shown.words)),
        readings=tuple(dict.fromkeys(reading for hit in hits for reading in hit.readings)),
    )


def matching_ids(text: str, *, limit: int) -> list[int]:
    """Return the ids of the codes that answer ``text``, of hidden systems too: for the admin."""
    loaded, _ = store.current()
    query = analyse(text, loaded.index, loaded.knowledge)
    matched = match(loaded.index, query, None)
    ranked = rank(loaded.index, query, matched)
    codes = np.concatenate((ranked.codes, rest(matched, ranked).codes))[:limit]
    return [int(code_id) for code_id in loaded.index.code_id[codes]]


def _first(index: Index, text: str, query: Query, shown: store.Shown) -> Iterator[_Found]:
    """Yield what stands above all matches by words, each code once, in order."""
    seen: set[int] = set()
    for found in (*_by_number(index, text, shown.numbers), *_by_name(index, query, shown.words)):
        if found.code not in seen:
            seen.add(found.code)
            yield found


def _by_number(index: Index, text: str, allowed: Flags | None) -> Iterator[_Found]:
    printed = read(text)
    keys = [printed.key] if printed else _keys_within(text)
    for key in keys:
        for code in _in_order(index, index.with_key(key), allowed):
            if index.key[code] == key.encode():
                yield _Found(code, Group.EXACT_CODE, score=_SCORES[Group.EXACT_CODE])
    beginning = printed.key if printed else _beginning(text)
    if beginning:
        for code in _in_order(index, index.with_key(beginning), allowed):
            yield _Found(code, Group.CODE_PREFIX, score=_SCORES[Group.CODE_PREFIX])


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


def _in_order(index: Index, codes: Ints, allowed: Flags | None) -> list[int]:
    """Return codes in printed order, without those that are not shown."""
    kept = codes if allowed is None else codes[allowed[codes]]
    return [int(code) for code in np.sort(kept)]


def _by_name(index: Index, query: Query, allowed: Flags | None) -> Iterator[_Found]:
    """Yield the codes that have the query as a name: their own first, then by field knowledge."""
    stems = [stem(word) for word in query.typed]
    exact = [code for code in index.exact(fingerprint(stems)) if _is_in(allowed, code)]
    names = [(code, _name_of(index, code, stems)) for code in exact] if stems else []
    score = _SCORES[Group.EXACT_DESCRIPTOR]
    for code, name in sorted(names, key=lambda each: _kind_place(index, each[1])):
        yield _Found(code, Group.EXACT_DESCRIPTOR, name, score)
    for named in query.named:
        is_typed = named.wording.words == query.typed
        group = Group.EXACT_DESCRIPTOR if is_typed else Group.ALL_WORDS
        if named.wording.level is Level.TYPED and named.wording.rank == 1:
            for code in _in_order(index, index.with_id(named.code_id), allowed):
                yield _Found(code, group, NONE, score, synonym=named.name)
    for wording in query.wordings[1:]:
        if wording.level is Level.TYPED and wording.rank == 1:
            stems = [stem(word) for word in wording.words]
            for code in index.exact(fingerprint(stems)):
                if _is_in(allowed, code):
                    yield _Found(code, Group.ALL_WORDS, _name_of(index, code, stems), score)


def _by_close_name(index: Index, query: Query, allowed: Flags | None) -> Iterator[_Found]:
    """Yield the codes that field knowledge calls by the query as it was probably meant."""
    score = _SCORES[Group.EXACT_DESCRIPTOR] / 2
    seen: set[int] = set()
    for named in query.named:
        if named.wording.level is Level.CLOSE and named.wording.rank == 1:
            for code in _in_order(index, index.with_id(named.code_id), allowed):
                if code not in seen:
                    seen.add(code)
                    yield _Found(code, Group.CLOSE_SPELLINGS, NONE, score, synonym=named.name)


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


def _ranked(index: Index, query: Query, matched: Matched, places: slice) -> list[_Found]:
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
    return [_Found(code, group_at(group), name, score) for code, group, name, score in rows]


def _hit(index: Index, query: Query, found: _Found, shown: store.Shown, *, billable: bool) -> Hit:
    if found.group in (Group.EXACT_CODE, Group.CODE_PREFIX):
        return _as_hit(index, found, found.code, index.printed(found.code), TermKind.CODE, ())
    code = leaf_of(index, found.code, query, billable=billable)
    readings = tuple(readings_of(index, query, found.code))
    if found.synonym:
        return _as_hit(index, found, code, found.synonym, TermKind.SYNONYM, readings)
    if code != found.code or found.name == NONE:
        return _as_hit(index, found, code, index.title(code), TermKind.DESCRIPTOR, readings)
    kind = KINDS[index.kind_of(found.name)]
    return _as_hit(index, found, code, index.text(found.name), kind, readings)


def _as_hit(
    index: Index, found: _Found, code: int, term: str, kind: TermKind, readings: tuple[str, ...]
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
