"""What the words of a query may be read as, and the wordings that come of it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from codes.search.words import words

WORDINGS: Final = 4
"""Wordings of a query beside the typed one that names are compared with."""


class Level(IntEnum):
    """How a word is read: as typed or known to mean the same, or as a close spelling."""

    TYPED = 0
    CLOSE = 1


@dataclass(frozen=True, slots=True)
class Alternative:
    """Something that a word may be read as: stems that a name has most of."""

    stems: tuple[int, ...]
    weight: float
    level: Level = Level.TYPED
    reading: str = ""
    """In words, where it is read otherwise than typed."""
    text: str = ""
    """What stands in place of the typed words then."""
    span: tuple[int, int] = (0, 0)
    """Which words it takes the place of."""
    rank: int = 1
    """1 for what the words usually stand for, more for rarer readings."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a query with some of them read otherwise."""

    words: tuple[str, ...]
    level: Level
    rank: int
    """The greatest rank of a reading in it."""


def wordings(typed: Sequence[str], alternatives: Sequence[Alternative]) -> Iterator[Wording]:
    """Yield the words as typed, then as their likeliest readings have them.

    Then one of them is read otherwise, and the next, the likeliest of such readings first.
    """
    yield Wording(tuple(typed), Level.TYPED, 1)
    choices: dict[tuple[int, int], list[Alternative]] = {}
    for each in alternatives:
        found = choices.setdefault(each.span, [])
        if each.text and all(each.stems != known.stems for known in found):
            found.append(each)
    choices = {span: found for span, found in choices.items() if found}
    usual = dict.fromkeys(choices, 0)
    if choices:
        yield _wording(typed, choices, usual)
    others = [(place, span) for span, found in choices.items() for place in range(1, len(found))]
    for place, span in sorted(others)[: WORDINGS - 1]:
        yield _wording(typed, choices, usual | {span: place})


def _wording(
    typed: Sequence[str],
    choices: Mapping[tuple[int, int], Sequence[Alternative]],
    places: Mapping[tuple[int, int], int],
) -> Wording:
    text: list[str] = []
    taken: list[Alternative] = []
    i = 0
    while i < len(typed):
        spans = [span for span in choices if span[0] == i]
        span = max(spans, key=lambda each: each[1], default=None)
        if span is None:
            text.append(typed[i])
            i += 1
            continue
        taken.append(choices[span][places[span]])
        text += words(taken[-1].text)
        i = span[1]
    level = max((each.level for each in taken), default=Level.TYPED)
    return Wording(tuple(text), level, max((each.rank for each in taken), default=1))
