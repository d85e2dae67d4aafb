"""Makes queries with known answers out of the names of codes, by a seed. Pure; imports no Django.

The sets measure the search on what it was never tuned to: nobody has seen them before the seed is
chosen. The same seed and names give the same sets.
"""

import random
import string
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Final

from codes.search.words import words

SIZE: Final = 200
LONGEST: Final = 10
"""Words of the longest name that becomes a query."""
SHORTEST_SLIP: Final = 4
"""Letters of the shortest word that is misspelled."""


@dataclass(frozen=True, slots=True)
class NamedKey:
    """A name of a code; ``is_term`` if it is an inclusion term and not the descriptor."""

    key: str
    text: str
    is_term: bool


def make(
    names: Sequence[NamedKey],
    seed: int,
    size: int = SIZE,
    abbreviations: Mapping[str, Sequence[str]] = {},
) -> dict[str, list[tuple[str, str]]]:
    """Return sets by name: pairs of a query and the key of its code.

    Where a query is made from what is left of the names of several codes, each is as right as the
    other: the keys stand with ``|`` between them, that of the name first. ``abbreviations`` are
    texts with the words that each stands for; with some there is a set of names abbreviated so.
    """
    chance = random.Random(seed)  # noqa: S311  # queries, not secrets
    terms = [(name.text, name.key) for name in names if name.is_term]
    usable = [name for name in names if 2 <= len(name.text.split()) <= LONGEST]
    sets = {"terms_not_indexed": chance.sample(terms, min(size, len(terms)))}
    for title, change in _CHANGES.items():
        made = list(islice(_queries(usable, change, chance), size))
        sets[title] = list(_with_equals(made, usable))
    if abbreviations:
        made = list(islice(_abbreviated(usable, abbreviations, chance), size))
        sets["abbreviations"] = list(_with_equals(made, usable))
    return sets


@dataclass(frozen=True, slots=True)
class Mapped:
    """A line of the equivalence map from ICD-9-CM: its key, the key it has here, the five flags."""

    source_key: str
    target_key: str
    flags: str


def make_mapped(
    titles: Mapping[str, str],
    mapped: Iterable[Mapped],
    keys: Collection[str],
    seed: int,
    size: int = SIZE,
) -> dict[str, list[tuple[str, str]]]:
    """Return titles of ICD-9-CM as queries for the codes that they are mapped to.

    ``titles`` are those of ICD-9-CM by its keys, ``keys`` those of the codes searched.
    A code that has exact equivalents only makes a query of ``icd_9_exact``, another one of
    ``icd_9_approximate``; each of its equivalents is right. Left out are codes without one, and
    those that only several codes together are equivalent to.
    """
    chance = random.Random(seed)  # noqa: S311  # queries, not secrets
    lines: dict[str, list[Mapped]] = {}
    for line in mapped:
        lines.setdefault(line.source_key, []).append(line)
    sets: dict[str, list[tuple[str, str]]] = {"icd_9_exact": [], "icd_9_approximate": []}
    for key, own in sorted(lines.items()):
        right = sorted({line.target_key for line in own}.intersection(keys))
        if key in titles and right and not any(line.flags[2] == "1" for line in own):
            is_exact = all(line.flags[0] == "0" for line in own)
            made = sets["icd_9_exact" if is_exact else "icd_9_approximate"]
            made.append((titles[key], "|".join(right)))
    return {name: chance.sample(made, min(size, len(made))) for name, made in sets.items()}


_Whole = tuple[tuple[str, ...], bool]
"""The words of a name as a query has them but for slips, and whether one of them is missing."""


@dataclass(frozen=True, slots=True)
class _Query:
    """A query made from a name, and the key of that name's code."""

    text: str
    whole: _Whole
    key: str


def _with_equals(queries: Sequence[_Query], names: Sequence[NamedKey]) -> Iterator[tuple[str, str]]:
    """Yield the queries with the keys of all codes whose names they are made from as well."""
    asked = {query.whole for query in queries}
    equals: dict[_Whole, dict[str, None]] = {}
    for name in names:
        own = _folded(name.text)
        shorter = [own, *(own[:i] + own[i + 1 :] for i in range(len(own)))]
        wholes = [(own, False), *((left, True) for left in shorter)]
        for whole in wholes:
            if whole in asked:
                equals.setdefault(whole, {})[name.key] = None
    for query in queries:
        others = equals[query.whole]
        keys = [query.key, *(other for other in others if other != query.key)]
        yield query.text, "|".join(keys)


def _folded(text: str) -> tuple[str, ...]:
    return tuple(text.lower().split())


def _abbreviated(
    names: Sequence[NamedKey], abbreviations: Mapping[str, Sequence[str]], chance: random.Random
) -> Iterator[_Query]:
    """Yield names with an abbreviation for their words: each abbreviation once, then again."""
    texts: dict[tuple[str, ...], list[str]] = {}
    for text, meanings in abbreviations.items():
        for meant in map(tuple, map(words, meanings)):
            if len(meant) > 1:
                texts.setdefault(meant, []).append(text)
    longest = max(map(len, texts), default=0)
    made: dict[str, list[_Query]] = {}
    for name in names:
        own = words(name.text)
        for first in range(len(own)):
            for end in range(first + 2, min(len(own), first + longest) + 1):
                for text in texts.get(tuple(own[first:end]), ()):
                    if words(text)[0] not in own:
                        query = " ".join([*own[:first], text, *own[end:]])
                        whole = (_folded(name.text), False)
                        made.setdefault(text, []).append(_Query(query, whole, name.key))
    for found in made.values():
        chance.shuffle(found)
    in_turn = list(made.values())
    chance.shuffle(in_turn)
    for turn in zip_longest(*in_turn):
        yield from (query for query in turn if query is not None)


def _queries(
    names: Iterable[NamedKey], change: "Change", chance: random.Random
) -> Iterator[_Query]:
    shuffled = list(names)
    chance.shuffle(shuffled)
    for name in shuffled:
        own = name.text.split()
        changed = change(list(own), chance)
        if changed:
            text = " ".join(changed)
            is_short = len(changed) < len(own)
            yield _Query(text, (_folded(text if is_short else name.text), is_short), name.key)


Change = Callable[[list[str], random.Random], list[str]]


def _misspelled(count: int) -> Change:
    def change(words: list[str], chance: random.Random) -> list[str]:
        places = [i for i, word in enumerate(words) if _can_slip(word)]
        if not places:
            return []
        for place in chance.choices(places, k=count):
            words[place] = _slip(words[place], chance)
        return words

    return change


def _can_slip(word: str) -> bool:
    return len(word) >= SHORTEST_SLIP and word.isalpha()


def _slip(word: str, chance: random.Random) -> str:
    """Return a word with a letter swapped with the next, missing, wrong or too many."""
    place = chance.randrange(len(word))
    head, letter, tail = word[:place], word[place], word[place + 1 :]
    other = chance.choice(string.ascii_lowercase)
    swapped = head + tail[:1] + letter + tail[1:]
    return chance.choice([swapped, head + tail, head + other + tail, head + other + letter + tail])


def _reordered(words: list[str], chance: random.Random) -> list[str]:
    return chance.sample(words, len(words))


def _shortened(words: list[str], chance: random.Random) -> list[str]:
    if len(words) < 3:
        return []
    gone = chance.randrange(len(words))
    return words[:gone] + words[gone + 1 :]


_CHANGES: Final[dict[str, Change]] = {
    "one_typo": _misspelled(1),
    "two_typos": _misspelled(2),
    "word_order": _reordered,
    "word_missing": _shortened,
}
