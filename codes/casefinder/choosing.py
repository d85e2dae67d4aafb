"""Which code below a heading the words of a note ask for. Pure; imports no Django."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from codes.casefinder.stems import WORD, stem, stems
from codes.casefinder.words import EMPTY

WHOLE: Final = 7
"""The characters of a code with its 7th."""
ENCOUNTERS: Final = {"A": "active treatment", "D": "healing or recovery", "S": "sequela"}
"""What the 7th characters of most injuries stand for (Guidelines I.C.19.a)."""


def _any_of(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})", re.IGNORECASE)


_INJURY = _any_of(r"fracture|fx\b|laceration|sprain|strain|dislocat|injur|wound|burn|contusion")
_LATER = _any_of(
    r"follow[- ]?up|healing|healed|cast (?:removal|change)|suture removal|staple removal|subsequent"
    r"|recheck|post-?op(?:erative)? visit|routine"
)
_SEQUELA = _any_of(r"sequela|late effect|residual|scar (?:from|due)")


def encounter_of(sentence: str, complaint: str) -> str:
    """Return the 7th character that the words ask for: A, D or S (Guidelines I.C.19.a).

    ``complaint`` is why the patient came, as far as the note says.
    """
    if _SEQUELA.search(sentence):
        return "S"
    is_later = _LATER.search(sentence) or (_INJURY.search(complaint) and _LATER.search(complaint))
    return "D" if is_later else "A"


@dataclass(frozen=True, slots=True)
class Choice:
    """A code to choose from; ``extra`` is what its descriptor adds to that of the heading."""

    pk: int
    key: str
    descriptor: str


def choose(
    above: str, choices: Sequence[Choice], words: Iterable[str], side: str, encounter: str
) -> Choice | None:
    """Return the one choice that the words of a note ask for, or ``None`` where they do not say."""
    if not choices:
        return None
    if len(choices) == 1:
        return choices[0]
    words = list(words)
    if all(len(each.key) == WHOLE for each in choices):
        is_open = any(_OPEN.search(text) for text in words)
        fitting = _with_character(choices, "B" if encounter == "A" and is_open else encounter)
        if fitting or (fitting := _with_character(choices, encounter)):
            return fitting
    said = {stem(word) for text in words for word in WORD.findall(text.lower())}
    if side:
        said |= {stem(side)}
    base = stems(above)
    scores = []
    for each in choices:
        own = stems(each.descriptor) - base - EMPTY
        wrong_side = side and (own & _STEMMED_SIDES) - {stem(side)}
        scores.append((len(own & said) - (5 if wrong_side else 0), -len(own - said)))
    best = max(scores)
    if best[0] <= 0:
        return _default(choices)
    leading = [each for each, score in zip(choices, scores, strict=True) if score == best]
    return leading[0] if len(leading) == 1 else _default(leading)


_OPEN = re.compile(r"\b(?:open|compound)\b", re.IGNORECASE)
_STEMMED_SIDES = frozenset({"left", "right", "bilater"})
_DEFAULTS = (
    re.compile(r"(?:without complications?|uncomplicated)$", re.IGNORECASE),
    re.compile(r",? unspecified$", re.IGNORECASE),
    re.compile(r"^unspecified\b", re.IGNORECASE),
    re.compile(r"unspecified", re.IGNORECASE),
    re.compile(r"unspecified severity$", re.IGNORECASE),
    # What a note does not tell is not there: "without tophus", "without behavioral disturbance".
    re.compile(r"\bwithout\b", re.IGNORECASE),
)


def _with_character(choices: Sequence[Choice], encounter: str) -> Choice | None:
    return next((each for each in choices if each.key.endswith(encounter)), None)


def _default(choices: Sequence[Choice]) -> Choice | None:
    """Return the choice for a condition of which no more is said."""
    for pattern in _DEFAULTS:
        fitting = [each for each in choices if pattern.search(each.descriptor)]
        if len(fitting) == 1:
            return fitting[0]
    return None
