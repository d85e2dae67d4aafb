"""Makes queries with known answers out of the names of codes, by a seed. Pure; imports no Django.

The sets measure the search on what it was never tuned to: nobody has seen them before the seed is
chosen. The same seed and names give the same sets.
"""

import random
import string
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

Sets = dict[str, list[tuple[str, str]]]

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
    names: Sequence[NamedKey], seed: int, size: int = SIZE
) -> dict[str, list[tuple[str, str]]]:
    """Return sets by name: pairs of a query and the key of its code.

    Where the missing word leaves what is left of another code's name too, that code is as right:
    the keys stand with ``|`` between them, that of the name first.
    """
    chance = random.Random(seed)  # noqa: S311  # queries, not secrets
    terms = [(name.text, name.key) for name in names if name.is_term]
    usable = [name for name in names if 2 <= len(name.text.split()) <= LONGEST]
    sets = {"terms_not_indexed": chance.sample(terms, min(size, len(terms)))}
    for title, change in _CHANGES.items():
        made = _queries(usable, change, chance)
        sets[title] = [query for query, _ in zip(made, range(size), strict=False)]
    sets["word_missing"] = list(_with_equals(sets["word_missing"], usable))
    return sets


def _with_equals(
    queries: Sequence[tuple[str, str]], names: Sequence[NamedKey]
) -> Iterator[tuple[str, str]]:
    """Yield the queries with the keys of all codes of whose names they are left."""
    asked = {tuple(query.lower().split()) for query, _ in queries}
    equals: dict[tuple[str, ...], dict[str, None]] = {}
    for name in names:
        words = tuple(name.text.lower().split())
        for left in (words, *(words[:i] + words[i + 1 :] for i in range(len(words)))):
            if left in asked:
                equals.setdefault(left, {})[name.key] = None
    for query, key in queries:
        others = equals[tuple(query.lower().split())]
        yield query, "|".join([key, *(other for other in others if other != key)])


def _queries(
    names: Sequence[NamedKey], change: "Change", chance: random.Random
) -> Iterator[tuple[str, str]]:
    shuffled = list(names)
    chance.shuffle(shuffled)
    for name in shuffled:
        words = change(name.text.split(), chance)
        if words:
            yield " ".join(words), name.key


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
