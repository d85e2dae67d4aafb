"""Strokes that are over: what they left is coded, not the stroke. No queries.

Guidelines I.C.9.d: deficits that last after the hospital stay are sequelae (I69), and who has none
has a history of stroke (Z86.73); neither stands beside the acute stroke of the same words.
"""

import re
from collections.abc import Sequence

from codes.casefinder.candidates import Candidate
from codes.casefinder.conflicts import ICD
from codes.casefinder.cues import Status
from codes.casefinder.findings import Finding

_STROKE = re.compile(r"\b(?:stroke|CVA|cerebral infarct\w+)\b", re.IGNORECASE)
_AFTER = re.compile(r"^(?:after|following)\b", re.IGNORECASE)
_ACUTE = ("I60", "I61", "I62", "I63")
_SEQUELA, _HISTORY = "I69", "Z8673"


def without_old_strokes(
    candidates: Sequence[Candidate], findings: Sequence[Finding]
) -> list[Candidate]:
    """Return the candidates without acute strokes that are told of as past.

    And without the history of a stroke where the note has what it left.
    """
    has_sequela = any(each.code.key.startswith(_SEQUELA) and each.is_leading for each in candidates)
    is_past = has_sequela or any(
        each.status is Status.PAST and _STROKE.search(each.text) for each in findings
    )
    return [
        each
        for each in candidates
        if each.code.system.slug != ICD
        or not (
            (is_past and each.code.key.startswith(_ACUTE) and _is_told_as_past(each.findings))
            or (has_sequela and each.code.key == _HISTORY)
        )
    ]


def _is_told_as_past(findings: Sequence[Finding]) -> bool:
    return all(_STROKE.search(each.text) and _AFTER.match(each.joined) for each in findings)
