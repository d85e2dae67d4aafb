"""Allergies of a patient: what to, and the reaction that it once made. Pure.

An allergy is a status (Z88, Z91.0-); the hives in brackets behind it are not there today.
"""

import re
from collections.abc import Iterator

from codes.casefinder.allergy_rules import ALLERGENS
from codes.casefinder.cues import Status
from codes.casefinder.findings import Finding
from codes.casefinder.knowledge import Proposal
from codes.casefinder.section_names import Part

_ALLERGIC = re.compile(r"\ballerg(?:ic|y|ies)\s+(?:to\s+)?$", re.IGNORECASE)
_IN_LIST = re.compile(r"\ballerg(?:ic|y|ies) to [^.;]{1,60}$", re.IGNORECASE)
_OWN_WORD = re.compile(r"\ballerg(?:y|ies|ic)\b", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\([^)]*$")


def _before(finding: Finding) -> str:
    return finding.sentence.text[: finding.start - finding.sentence.start]


def is_allergen(finding: Finding) -> bool:
    """Return whether a finding is in a list of allergies, or behind "allergic to"."""
    return finding.part is Part.ALLERGIES or bool(_ALLERGIC.search(_before(finding)))


def is_reaction(finding: Finding) -> bool:
    """Return whether a finding stands in brackets behind an allergen: what it led to."""
    before = _before(finding)
    if not _IN_BRACKETS.search(before):
        return False
    return finding.part is Part.ALLERGIES or bool(re.search(r"\ballerg", before, re.IGNORECASE))


def is_known_allergen(finding: Finding) -> bool:
    """Return whether a rule has the say."""
    return any(True for _ in allergies(finding))


def allergies(finding: Finding) -> Iterator[Proposal]:
    """Yield the status codes of what the patient is allergic to."""
    is_one = is_allergen(finding) or bool(
        _IN_LIST.search(_before(finding)) or _OWN_WORD.search(finding.text)
    )
    if finding.status is not Status.STATED or not is_one or is_reaction(finding):
        return
    for each in ALLERGENS:
        if each.pattern.search(finding.text):
            yield Proposal(each.display, finding, each.why, each.source)
