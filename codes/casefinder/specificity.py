"""Of codes for one condition at several depths, the more specific ones come first.

What is known more precisely elsewhere in the note, or by the words beside, is not reported by its
unspecified code (Guidelines I.B.2 and I.B.18), nor as the symptom that it brings (I.B.5).
"""

import re
from collections.abc import Iterable, Sequence

from codes.casefinder.candidates import SHOWN, Candidate
from codes.casefinder.conflicts import ICD
from codes.casefinder.cues import Status
from codes.casefinder.stems import stems
from codes.casefinder.words import EMPTY

_OPEN = re.compile(r"\bunspecified\b|\buncomplicated\b|\bwithout complications?\b", re.IGNORECASE)
_SYMPTOMS = "R"


def recede(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Have candidates stand behind those that say more of the same; they name which.

    Headings of another, and unspecified codes of which another says all and more, are left out.
    """
    told = [each for each in candidates if _is_diagnosis(each)]
    leading = [each for each in told if each.is_leading and not each.surplus]
    by_category: dict[str, list[Candidate]] = {}
    for each in leading:
        by_category.setdefault(each.code.key[:3], []).append(each)
    left_out: set[int] = set()
    for each in told:
        beside = by_category.get(each.code.key[:3], ())
        finers = [other for other in beside if _is_finer(other, each)]
        if any(_says_all_of(other, each) for other in finers):
            left_out.add(id(each))
        finer = next(iter(finers), None)
        finer = finer or next((other for other in leading if _covers(other, each)), None)
        if finer:
            each.less_than = finer.code.display
    for each in told:
        if each.less_than:
            each.rank += SHOWN
    return [each for each in candidates if id(each) not in left_out]


def _says_all_of(finer: Candidate, other: Candidate) -> bool:
    """Return whether its descriptor has all that the other's says, or the other is its heading."""
    if other.code.pk in finer.code.ancestors:
        return True
    said = stems(_LACKING.sub(" ", other.code.long_descriptor)) - _CLASSING - EMPTY
    return said <= stems(finer.code.long_descriptor)


_LACKING = re.compile(
    r"\bwithout\b.*|\bunspecified whether\b.*|\binitial encounter.*", re.IGNORECASE
)
_CLASSING = stems("unspecified uncomplicated type site")


def _is_diagnosis(candidate: Candidate) -> bool:
    return candidate.code.system.slug == ICD and candidate.status in (Status.STATED, Status.FAMILY)


def _is_finer(candidate: Candidate, than: Candidate) -> bool:
    """Return whether it is of the same category, and only the other leaves something open."""
    is_same = candidate.status is than.status
    return is_same and _leaves_open(than) and not _leaves_open(candidate)


def _leaves_open(candidate: Candidate) -> bool:
    return not candidate.code.billable or bool(_OPEN.search(candidate.code.long_descriptor))


def _covers(candidate: Candidate, other: Candidate) -> bool:
    """Return whether it was found by the other's words and more, and says the other too."""
    if not _are_within(other.findings, candidate.findings):
        return False
    is_symptom = other.code.key[0] == _SYMPTOMS != candidate.code.key[0]
    return is_symptom or other.code.key[:3] == candidate.code.key[:3]


def _are_within(some: Iterable[object], all_: Sequence[object]) -> bool:
    some = list(some)
    return len(some) < len(all_) and all(one in all_ for one in some)
