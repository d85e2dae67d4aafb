"""What a rule of coding knowledge is, and what it proposes. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from codes.casefinder.cues import Status
from codes.casefinder.findings import Finding


@dataclass(frozen=True, slots=True)
class Rule:
    """Words that lead to a code. ``long_term`` rules want words of lasting use beside a drug."""

    display: str
    pattern: re.Pattern[str]
    why: str
    source: str
    long_term: bool = False


def rule(display: str, words: str, why: str, source: str, *, long_term: bool = False) -> Rule:
    """Return a rule for whole words, whatever their case."""
    return Rule(display, re.compile(rf"\b(?:{words})\b", re.IGNORECASE), why, source, long_term)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A code that a rule proposes for a finding, with why and where the rule stands."""

    display: str
    finding: Finding
    why: str
    source: str


def supporting(
    match: re.Match[str],
    findings: Iterable[Finding],
    meant: Iterable[Status] = (Status.STATED,),
) -> Finding | None:
    """Return the finding that carries what a rule read in a sentence, if it is meant so.

    ``match`` is in the text of the sentence of these findings. ``None`` where any finding within it
    is denied, of others, of the past or in doubt.
    """
    meant = tuple(meant)
    within = [each for each in findings if _overlaps(each, match)]
    if not within or any(each.status not in meant for each in within):
        return None
    return within[0]


def _overlaps(finding: Finding, match: re.Match[str]) -> bool:
    start = finding.start - finding.sentence.start
    return start < match.end() and match.start() < start + len(finding.text)
