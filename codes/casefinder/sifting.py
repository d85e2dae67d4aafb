"""Keeps of the codes that a search found those that the note may mean. One query at most."""

from collections.abc import Iterable, Sequence

from codes.casefinder.candidates import Candidate
from codes.casefinder.conflicts import ICD
from codes.casefinder.content import content_words
from codes.casefinder.contradictions import Denials
from codes.casefinder.laterality import leaves_side_open, sides_in
from codes.casefinder.words import WEAK
from codes.models import Code

FEW_WORDS = 2


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
    if denials.contradict(code.long_descriptor, candidate.findings, read_as):
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
    strong = _naming_words(group[0])
    has_sure = any(not each.surplus for each in group)
    has_unsided = any(leaves_side_open(each.code.long_descriptor) for each in group)
    for each in group:
        if has_unsided and not each.told_side and sides_in(each.code.long_descriptor):
            continue  # the side is asked for instead (conflicts.py)
        if has_sure and each.surplus:
            continue
        if strong <= FEW_WORDS and len(each.surplus) >= strong + (0 if is_diagnosis else 2):
            continue  # most of the name would be ours, not the note's
        if not any(other.surplus < each.surplus for other in group):
            yield each


def _naming_words(candidate: Candidate) -> int:
    """Return how many of the words that it was found by name something; at least one."""
    words = [w for found in candidate.findings for w in content_words(found.text, found.part)]
    return max(1, sum(word.lower() not in WEAK for word in words))
