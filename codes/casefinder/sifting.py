"""Keeps of the codes that a search found those that the note may mean. One query at most."""

import re
from collections.abc import Iterable, Sequence

from codes.casefinder.candidates import Candidate
from codes.casefinder.conflicts import ICD
from codes.casefinder.content import content_words
from codes.casefinder.contradictions import Denials
from codes.casefinder.laterality import leaves_side_open, sides_in
from codes.casefinder.section_names import Part
from codes.casefinder.words import WEAK
from codes.models import Code

FEW_WORDS = 2
SURE = 0.95
NEARLY = 0.95
MOST_SUPPLIES = 2


def undenied(candidates: Sequence[Candidate], denials: Denials) -> list[Candidate]:
    """Return those that say nothing that the note denies; of diagnoses alone. One query.

    What a code is named beyond the note's words may fall under what the note denies in others:
    an atherosclerosis under "no arterial disease".
    """
    doubtful = {pk for each in candidates if each.surplus for pk in each.code.ancestors}
    rows = Code.objects.filter(pk__in=doubtful).exclude(kind=Code.Kind.CHAPTER)
    headings = dict(rows.values_list("pk", "long_descriptor")) if denials.concepts else {}
    return [each for each in candidates if not _is_denied(each, denials, headings)]


def _is_denied(candidate: Candidate, denials: Denials, headings: dict[int, str]) -> bool:
    code = candidate.code
    if code.system.slug != ICD:
        return False
    read_as = (*candidate.readings, candidate.side)
    is_named = not candidate.surplus and candidate.confidence >= SURE
    if denials.contradict(code.long_descriptor, candidate.findings, read_as, is_named=is_named):
        return True
    above = [headings[pk] for pk in code.ancestors if pk in headings]
    return bool(candidate.surplus) and denials.deny_kind(above)


def least_surplus(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return of those for the same words the ones that say least beyond the note."""
    groups: dict[tuple[object, ...], list[Candidate]] = {}
    for each in candidates:
        groups.setdefault((each.findings, each.code.system.slug), []).append(each)
    kept = {id(each) for group in groups.values() for each in _least(group)}
    return [each for each in candidates if id(each) in kept]


def firsts(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return those found by the note's own words, and the others where these led to nothing."""
    own = {each.findings for each in candidates if not each.is_second and _is_icd(each)}
    return [each for each in candidates if not (each.is_second and each.findings in own)]


def _is_icd(candidate: Candidate) -> bool:
    return candidate.code.system.slug == ICD


def _least(group: Sequence[Candidate]) -> Iterable[Candidate]:
    is_diagnosis = _is_icd(group[0])
    sure = [each for each in group if not each.surplus]
    if sure and is_diagnosis:
        return _plainest(_of_told_side(sure))
    if sure:
        return sure
    if is_diagnosis and group[0].findings[0].part in _DESCRIBED:
        return []  # what was seen is no name of a disease, unless it is one as it stands
    strong = _naming_words(group[0])
    few = [
        each
        for each in group
        # Else most of the name would be ours, not the note's.
        if strong > FEW_WORDS or len(each.surplus) < strong + (0 if is_diagnosis else 2)
    ]
    few = [each for each in few if not any(other.surplus < each.surplus for other in few)]
    # Where each adds another word, the note does not choose among them: the first alone.
    return _of_told_side(few)[:1] if is_diagnosis else _nearest(few)


def _nearest(group: Sequence[Candidate]) -> Sequence[Candidate]:
    """Return the supplies that fit best: they differ by a size that a note seldom says."""
    best = max((each.confidence for each in group), default=0.0)
    return [each for each in group if each.confidence >= best * NEARLY][:MOST_SUPPLIES]


_DESCRIBED = (Part.EXAM, Part.REVIEW, Part.RESULTS)


def _of_told_side(group: Sequence[Candidate]) -> list[Candidate]:
    """Return those of the side that is told, or that leave it open where none is.

    Where the side is not told it is asked for (conflicts.py).
    """
    is_open = [leaves_side_open(each.code.long_descriptor) for each in group]
    has_open = any(is_open)
    sided = {
        each.code.key[:3]
        for each in group
        if each.told_side and sides_in(each.code.long_descriptor)
    }
    return [
        each
        for each, leaves_open in zip(group, is_open, strict=True)
        if not (leaves_open and each.code.key[:3] in sided)
        and not (has_open and not each.told_side and sides_in(each.code.long_descriptor))
    ]


def _plainest(group: Sequence[Candidate]) -> Iterable[Candidate]:
    """Return those that no other says better: not more of the words, nor less beside them.

    A heading of one of them adds nothing, nor does "Other …" beside a code of that name
    (Guidelines I.A.9.a), nor another meaning of an abbreviation that stands alone.
    """
    if any(each.is_without for each in group):
        group = [each for each in group if each.is_without]
    kept = [each for each in group if not any(each.fit.is_behind(other.fit) for other in group)]
    above = {pk for each in kept for pk in each.code.ancestors}
    kept = [each for each in kept if each.code.pk not in above]
    if any(each.code.billable and not _is_other(each) for each in kept):
        kept = [each for each in kept if not _is_other(each)]
    return kept[:1] if _ABBREVIATION.match(kept[0].words) else kept


_ABBREVIATION = re.compile(r"^[A-Z]{2,5}$")


def _is_other(candidate: Candidate) -> bool:
    is_said = re.search(r"\bother\b", candidate.words, re.IGNORECASE)
    return candidate.code.long_descriptor.startswith("Other ") and not is_said


def _naming_words(candidate: Candidate) -> int:
    """Return how many of the words that it was found by name something; at least one."""
    words = [w for found in candidate.findings for w in content_words(found.text, found.part)]
    return max(1, sum(word.lower() not in WEAK for word in words))
