"""What a note tells of the treatment of a cancer: given today, or over. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from codes.casefinder.cues import Status
from codes.casefinder.findings import Finding
from codes.casefinder.knowledge import Proposal, supporting
from codes.casefinder.section_names import Part
from codes.casefinder.treatment_rules import (
    ANTIBODIES,
    CANCER,
    CYTOTOXIC,
    ENCOUNTERS,
    FOLLOW_UP,
    HAD,
    TREATMENT,
)

_UNTOLD = (
    Part.FAMILY, Part.SURGERIES, Part.PAST, Part.MEDICATIONS, Part.ALLERGIES, Part.REVIEW,
    Part.ADVICE, Part.ADMINISTRATIVE, Part.RESULTS, Part.EXAM,
)  # fmt: skip
_DOSED = re.compile(
    r"\d ?(?:mg|mcg|g|units?)(?:/m2|/kg)?\b.*\b(?:IV|IVPB|infus\w+|given|administered|SQ)\b"
    r"|\b(?:infus\w+|given|administered)\b.*\d ?(?:mg|g)\b",
    re.IGNORECASE | re.DOTALL,
)
_NOT_TODAY = re.compile(
    r"\b(?:next|last|previous|prior|completed|planned|scheduled for|hold|held|will|discontinued)\b",
    re.IGNORECASE,
)
_CLEAR = re.compile(
    r"\b(?:no (?:clinical |radiographic )?evidence of (?:disease|recurrence|recurrent)|NED"
    r"|disease[- ]free|cancer[- ]free|in remission|all treatment(?: was)? completed)\b",
    re.IGNORECASE,
)
_OVER = re.compile(
    r"\b(?:complet\w+ (?:all )?(?:adjuvant )?(?:treatment|therapy|chemo\w*|radiation)|surveillance"
    r"|completed)\b",
    re.IGNORECASE,
)


def treatments(findings: Sequence[Finding]) -> Iterator[Proposal]:
    """Yield the encounters for treatment of a cancer, for what comes after it, and past cancers.

    The first two only where the note names a cancer of its patient.
    """
    has_cancer = any(
        CANCER.search(each.text) for each in findings if each.status in (Status.STATED, Status.PAST)
    )
    for sentence, group in groupby(findings, key=lambda finding: finding.sentence):
        if sentence.part not in _UNTOLD:
            told = list(group)
            yield from _encounters(told, has_cancer=has_cancer)
    for finding in findings:
        if finding.status is Status.PAST and CANCER.search(finding.text):
            yield from _had(finding)


def _encounters(told: Sequence[Finding], *, has_cancer: bool) -> Iterator[Proposal]:
    text = told[0].sentence.text
    for each in ENCOUNTERS if has_cancer else ():
        match = each.pattern.search(text)
        if match and (finding := supporting(match, told)):
            yield Proposal(each.display, finding, each.why, each.source)
    for each in FOLLOW_UP:
        match = each.pattern.search(text)
        if match and (finding := supporting(match, told, (Status.STATED, Status.PAST))):
            yield Proposal(each.display, finding, each.why, each.source)
    if has_cancer and _DOSED.search(text) and not _NOT_TODAY.search(text):
        for display, drugs in (("Z51.11", CYTOTOXIC), ("Z51.12", ANTIBODIES)):
            match = drugs.search(text)
            if match and (finding := supporting(match, told)):
                yield Proposal(display, finding, f"{match[0].lower()} was given", TREATMENT)


def _had(finding: Finding) -> Iterator[Proposal]:
    for each in HAD:
        if each.pattern.search(finding.text):
            yield Proposal(each.display, finding, each.why, each.source)
            return


def past_cancers(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings, cancers as past ones where the note says that they are over.

    Guidelines I.C.2.m: after the treatment, without evidence of the disease, a cancer is history.
    """
    text = " . ".join(dict.fromkeys(each.sentence.text for each in findings))
    if not (_CLEAR.search(text) and _OVER.search(text)):
        return list(findings)
    return [
        replace(each, status=Status.PAST)
        if each.status is Status.STATED and CANCER.search(each.text)
        else each
        for each in findings
    ]
