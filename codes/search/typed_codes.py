"""The codes that a text holds by number: one, several, a range, or one among other words. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from codes.lookup import PrintedCode, code_key, misread_as, one_slip_away, read, read_range
from codes.search.answers import Group
from codes.search.index import Flags, Index
from codes.search.query import MAX_CHARACTERS, MAX_WORDS
from codes.search.segment import Ints
from codes.search.words import NEGLIGIBLE, stem, words

MAX_KEY: Final = 10
"""Characters of the longest text that may be the beginning of a code."""
CLOSE: Final = 8
"""Codes that are offered for a number that no code has."""
SHORT: Final = 3
"""Characters of a code that may as well be a word: an N95 mask is no menopause."""

_NOTHING: Final = np.empty(0, dtype=np.int32)
_CHUNK: Final = re.compile(r"[^\s,;:|/+()\[\]{}<>\"“”]+")
_LIGHT: Final = frozenset(map(stem, NEGLIGIBLE))


@dataclass(frozen=True, slots=True)
class TypedCodes:
    """The codes that a text names by number, and what it says beside them."""

    exact: tuple[int, ...]
    """As typed, in the order of the text."""
    below: Ints
    """Those that begin so, or lie between two: in printed order."""
    group: Group = Group.CODE_PREFIX
    """How ``below`` answers."""
    rest: str | None = None
    """What was typed beside the codes, or ``None`` where none of it was a code."""


def typed_codes(index: Index, text: str, allowed: Flags | None) -> TypedCodes:
    """Return the codes of a text; ``allowed`` says which may be found by number."""
    if printed := read(text):
        return _of_one(index, text, printed, allowed)
    if ends := read_range(text):
        between = _between(index, *ends, allowed)
        if len(between):
            return TypedCodes((), between, Group.CODE_RANGE, rest="")
    if (among := _among(index, text[:MAX_CHARACTERS], allowed)).exact:
        return among
    beginning = _beginning(text)
    below = _in_order(index, index.with_key(beginning), allowed) if beginning else _NOTHING
    exact = [int(code) for code in below if index.key[code] == beginning.encode()]
    return TypedCodes(tuple(exact), below[~np.isin(below, exact)])


def close_to(index: Index, text: str, allowed: Flags | None) -> list[int]:
    """Return codes that a printed number that no code has may have meant, the likeliest first.

    A letter for the digit that looks like it, then the heading above it, then any one slip.
    """
    printed = read(text)
    if printed is None:
        return []
    above = (printed.key[:length] for length in range(len(printed.key) - 1, SHORT - 1, -1))
    misread = list(_existing(index, misread_as(printed.key), allowed))
    headings = list(_existing(index, above, allowed))[:1]
    slips = _existing(index, one_slip_away(printed.key), allowed)
    close = dict.fromkeys([*misread, *headings, *slips])
    has_dot = "." in text.strip(" .")
    return [code for code in close if not has_dot or _may_have_dot(index.printed(code))][:CLOSE]


def _may_have_dot(printed: str) -> bool:
    """Return whether a code is printed with a dot, or would be if it were longer."""
    return "." in printed or len(printed) == SHORT


def _of_one(index: Index, text: str, printed: PrintedCode, allowed: Flags | None) -> TypedCodes:
    """Return the code that a text is; what no code begins with is words, unless it has a dot."""
    below = _in_order(index, index.with_key(printed.key), allowed)
    exact = below[index.key[below] == printed.key.encode()]
    is_number = len(exact) or ("." in text.strip(" .") and not len(below))
    rest = "" if is_number else None
    return TypedCodes(tuple(exact.tolist()), below[~np.isin(below, exact)], rest=rest)


def _among(index: Index, text: str, allowed: Flags | None) -> TypedCodes:
    """Return the codes that stand among other words, such as ``J96.01 respiratory failure``.

    Numbers without a letter and codes of three characters are words as well, so they count where
    all of the text is codes; the short ones also beside a longer one and beside their own words.
    """
    chunks = list(_CHUNK.finditer(text))[:MAX_WORDS]
    printed = [(chunk, found) for chunk in chunks if (found := read(chunk[0]))]
    others = [chunk[0] for chunk in chunks if read(chunk[0]) is None]
    is_list = len(printed) > 1 and not words(" ".join(others))
    said = frozenset(map(stem, words(" ".join(others)))) - _LIGHT
    has_long = any(_is_long(each) and _with_key(index, each.key, allowed) for _, each in printed)
    exact: list[int] = []
    rest = text
    for chunk, found in printed:
        codes = _with_key(index, found.key, allowed)
        is_short = len(found.key) == SHORT
        if is_list or _is_long(found) or (is_short and has_long):
            kept = codes
        else:
            kept = [code for code in codes if is_short and said & _stems(index, code)]
        exact += kept
        if kept or is_list:
            rest = rest[: chunk.start()] + " " * len(chunk[0]) + rest[chunk.end() :]
    return TypedCodes(tuple(dict.fromkeys(exact)), _NOTHING, rest=rest.strip() if exact else None)


def _is_long(printed: PrintedCode) -> bool:
    return len(printed.key) > SHORT and not printed.key.isdigit()


def _stems(index: Index, code: int) -> frozenset[str]:
    stems = index.vocabulary.stems
    return frozenset(stems[each] for name in index.names_of(code) for each in index.stems_of(name))


def _between(index: Index, first: str, last: str, allowed: Flags | None) -> Ints:
    """Return the codes of a range, of the systems in which both of its ends begin a code."""
    codes = _in_order(index, index.between(first, last), allowed)
    kept = [
        number
        for number in np.unique(index.system[codes]).tolist()
        if all(np.any(index.system[index.with_key(end)] == number) for end in (first, last))
    ]
    found: Ints = codes[np.isin(index.system[codes], kept)]
    return found


def _existing(index: Index, keys: Iterable[str], allowed: Flags | None) -> Iterator[int]:
    for key in keys:
        yield from _with_key(index, key, allowed)


def _with_key(index: Index, key: str, allowed: Flags | None) -> list[int]:
    codes = _in_order(index, index.with_key(key), allowed)
    return [int(code) for code in codes[index.key[codes] == key.encode()]]


def _beginning(text: str) -> str:
    """Return the key that a single word is the beginning of, if it can be one: it has a digit."""
    text = text.strip()
    if not 1 < len(text) <= MAX_KEY or " " in text or not any(c.isdigit() for c in text):
        return ""
    return code_key(text)


def _in_order(index: Index, codes: Ints, allowed: Flags | None) -> Ints:
    """Return codes in printed order, without those that are not shown."""
    return np.sort(codes if allowed is None else codes[allowed[codes]])
