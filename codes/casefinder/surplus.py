"""What a code's name says beyond the note. Pure; imports no Django.

A search for "draining" finds "Chronic osteomyelitis with draining sinus": two thirds of that name
stand nowhere in the note. What a note does not say must not be coded from it.
"""

import re
from collections.abc import Iterable, Sequence

from codes.casefinder.contradictions import NOT_SO
from codes.casefinder.findings import Finding
from codes.casefinder.stems import WORD, stem, stems
from codes.casefinder.words import CLASSIFYING, EMPTY, ORGANS, WEAK

_LACKING = re.compile(
    r"\b(?:without|not|no|absence of|free of)\b[^,;]*"
    r"|(?:,|\b(?:of|in|with|to|by))\s+unspecified\b[^,;]*",
    re.IGNORECASE,
)
"""What a name says is not there, or not known."""
_ASIDE = re.compile(r"\([^)]*\)|\[[^]]*\]")
"""Nonessential modifiers: words that may be there or not (Guidelines I.A.7)."""
_SHORT = 4
_OTHER = "Other "
"""How names begin that are for what the note details and no code names (Guidelines I.A.9.a)."""


def told_stems(findings: Sequence[Finding]) -> frozenset[str]:
    """Return the stems of what a note tells of its patient."""
    return frozenset(
        one for finding in findings if finding.status not in NOT_SO for one in stems(finding.text)
    )


def surplus(names: Iterable[str], told: frozenset[str], *, strict: bool = False) -> frozenset[str]:
    """Return what the most fitting of a code's names says beyond what is told: stems.

    ``strict`` where words in brackets count: HCPCS names makers there, not nonessential modifiers.
    """
    if strict:
        names = [_BRACKETS.sub(" ", name) for name in names]
    beyond = [_beyond(name, told) | _approach(name, told, strict=strict) for name in names]
    return min(beyond, key=len, default=frozenset())


def _approach(name: str, told: frozenset[str], *, strict: bool) -> frozenset[str]:
    """Return the open approach of an operation, where the note does not say it."""
    is_unsaid = strict and "Open Approach" in name and "open" not in told
    return frozenset({"open"}) if is_unsaid else frozenset()


_BRACKETS = re.compile(r"[()\[\]]")
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


def _is_told(one: str, told: frozenset[str]) -> bool:
    # "gastroesophageal" tells "esophageal".
    return one in told or (len(one) >= _SHORT and any(one in other for other in told))


_PARTS = ORGANS | {"heel", "midfoot", "trunk"}
_SOFT = CLASSIFYING | WEAK | EMPTY
