"""What a code's name says beyond the note. Pure; imports no Django.

A search for "draining" finds "Chronic osteomyelitis with draining sinus": two thirds of that name
stand nowhere in the note. What a note does not say must not be coded from it.
"""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from codes.casefinder.contradictions import NOT_SO
from codes.casefinder.cues import Status
from codes.casefinder.findings import Finding
from codes.casefinder.stems import WORD, stem, stems
from codes.casefinder.words import CLASSIFYING, EMPTY, ORGANS, WEAK

_LACKING = re.compile(
    r"\b(?:without|not|no|absence of|free of|excludes?)\b[^,;]*"
    r"|(?:,|\b(?:of|in|with|to|by))\s+unspecified\b[^,;]*",
    re.IGNORECASE,
)
"""What a name says is not there, or not known."""
_ASIDE = re.compile(r"\([^)]*\)|\[[^]]*\]")
"""Nonessential modifiers: words that may be there or not (Guidelines I.A.7)."""
_SHORT = 4
_OTHER = "Other "
"""How names begin that are for what the note details and no code names (Guidelines I.A.9.a)."""


def told_stems(findings: Sequence[Finding], *, with_doubts: bool = False) -> frozenset[str]:
    """Return the stems of what a note tells of its patient, with or without what it doubts."""
    untold = NOT_SO if with_doubts else NOT_SO | {Status.UNCERTAIN}
    return frozenset(
        one for finding in findings if finding.status not in untold for one in stems(finding.text)
    )


@dataclass(frozen=True, slots=True)
class Fit:
    """How the most fitting of a code's names fits: stems."""

    surplus: frozenset[str] = frozenset()
    """What it says beyond the note."""
    unsaid: frozenset[str] = frozenset()
    """What it says beyond the sentence, words such as "acute" and "mild" with the others."""
    said: frozenset[str] = frozenset()
    """What it has of the words that were searched for."""

    def is_behind(self, other: "Fit") -> bool:
        """Return whether another says no more that is unsaid, and no less of what is said."""
        is_no_better = other.unsaid <= self.unsaid and other.said >= self.said
        return is_no_better and (other.unsaid, other.said) != (self.unsaid, self.said)


def fit(
    names: Iterable[str],
    told: frozenset[str],
    *,
    sentence: AbstractSet[str] = frozenset(),
    words: AbstractSet[str] = frozenset(),
    strict: bool = False,
) -> Fit:
    """Return how the most fitting of a code's names fits what is told in the note.

    ``sentence`` and ``words`` are the stems of the sentence, and of what was searched for, each
    with what was read for them. ``strict`` where words in brackets count: HCPCS names makers there,
    not nonessential modifiers.
    """
    if strict:
        names = [_SALTS.sub(" ", _BRACKETS.sub(" ", name)) for name in names]
    fits = [
        Fit(
            _beyond(name, told) | _approach(name, told, strict=strict),
            _qualified(name, sentence),
            frozenset(stems(_LACKING.sub(" ", name)) & words),
        )
        for name in names
    ]
    return min(
        fits, key=lambda one: (len(one.surplus), len(one.unsaid) - len(one.said)), default=Fit()
    )


def surplus(names: Iterable[str], told: frozenset[str], *, strict: bool = False) -> frozenset[str]:
    """Return what the most fitting of a code's names says beyond what is told: stems."""
    return fit(names, told, strict=strict).surplus


def _qualified(name: str, sentence: AbstractSet[str]) -> frozenset[str]:
    """Return what a name says beyond a sentence, with the words that say how: "mild", "acute"."""
    said = _naming(_ASIDE.sub(" ", _LACKING.sub(" ", name)))
    said |= stems(name) & _HOW
    return frozenset(one for one in said if not _is_told(one, sentence))


def _approach(name: str, told: frozenset[str], *, strict: bool) -> frozenset[str]:
    """Return the open approach of an operation, where the note does not say it."""
    is_unsaid = strict and "Open Approach" in name and "open" not in told
    return frozenset({"open"}) if is_unsaid else frozenset()


_BRACKETS = re.compile(r"[()\[\]]")
_SALTS = re.compile(
    r"\b(?:sodium|potassium|chloride|acetate|succinate|phosphate|sulfate|citrate|tartrate|mesylate"
    r"|maleate|recombinant|sod|phosphates?|mcg|gm|microgram|milligram|gram)\b",
    re.IGNORECASE,
)
"""What the name of a drug says that an order need not: its salt and its unit."""
_HOW = frozenset(
    stem(word)
    for word in (
        "acute", "chronic", "subacute", "recurrent", "mild", "moderate", "severe", "first",
        "second", "third", "intermittent", "persistent", "displaced", "nondisplaced",
    )
)  # fmt: skip
_OR = re.compile(r"\b(\w+) and (?:upper |lower )?(\w+)\b", re.IGNORECASE)


def _either(match: re.Match[str], told: frozenset[str]) -> str:
    """Return of two parts of the body the one that is told: "ankle and foot" is either or both.

    Guidelines I.A.14: "and" in a title means "and/or".
    """
    parts = match[1].lower(), match[2].lower()
    if not _PARTS.issuperset(parts):
        return match[0]
    return next((part for part in parts if stem(part) in told), match[0])


def _beyond(name: str, told: frozenset[str]) -> frozenset[str]:
    name = _OR.sub(lambda match: _either(match, told), name)
    said = _naming(_ASIDE.sub(" ", _LACKING.sub(" ", name)))
    if name.startswith(_OTHER):
        said.add(_OTHER.strip().lower())
    return frozenset(one for one in said if not _is_told(one, told))


def _naming(text: str) -> set[str]:
    """Return the stems of the words that name something."""
    return {
        stem(word)
        for word in WORD.findall(text.lower())
        if word not in _SOFT and not word.isdigit()
    }


def _is_told(one: str, told: AbstractSet[str]) -> bool:
    # "gastroesophageal" tells "esophageal".
    return one in told or (len(one) >= _SHORT and any(one in other for other in told))


_PARTS = ORGANS | {"heel", "midfoot", "trunk"}
_SOFT = CLASSIFYING | WEAK | EMPTY
