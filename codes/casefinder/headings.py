"""Headings among the candidates: the code below that the words ask for, and what else is there."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import compress

from codes.casefinder import choosing
from codes.casefinder.candidates import Candidate
from codes.casefinder.choosing import Choice
from codes.casefinder.conflicts import ICD
from codes.casefinder.family import children
from codes.casefinder.laterality import by_side, leaves_side_open
from codes.models import Code

MOST_CHILDREN = 12
_LEVELS = 4


def choose_below(candidates: list[Candidate], complaint: str) -> list[Candidate]:
    """Put the code that the words ask for in place of a heading, or of one that leaves a side open.

    Where the words name both sides and no code does, each side has a candidate (Guidelines I.B.13).
    One query for the sides, and one for each level of headings before and after, at most 4 each.
    """
    for each in candidates:
        _reopen(each, complaint)
    _settle(candidates, complaint)
    candidates = _sided(candidates)
    _settle(candidates, complaint)
    for each in candidates:
        if _is_injury(each.code):
            each.encounter = choosing.ENCOUNTERS.get(each.code.key[-1], "")
    return candidates


def _settle(candidates: Sequence[Candidate], complaint: str) -> None:
    for _ in range(_LEVELS):
        if not _one_level(candidates, complaint):
            return


def _one_level(candidates: Sequence[Candidate], complaint: str) -> bool:
    """Put codes one level below in place of headings, and return whether there were any."""
    open_ = [each for each in candidates if not each.code.billable and each.code.system.slug == ICD]
    below = children({each.code.pk for each in open_})
    moved = [_descend(each, below.get(each.code.pk, []), complaint) for each in open_]
    return any(moved)


def _is_injury(code: Code) -> bool:
    """Return whether it is a code of chapter 19 with its 7th character."""
    return code.system.slug == ICD and len(code.key) == choosing.WHOLE and code.key[0] in "ST"


def _reopen(candidate: Candidate, complaint: str) -> None:
    """Go back to the heading where a search chose a 7th character or side for the note."""
    code, sentence = candidate.code, candidate.findings[0].sentence
    wanted = choosing.encounter_of(sentence.text, complaint)
    is_meant = code.key.endswith(wanted) and not (
        _leaves_side_open(candidate) and candidate.told_side
    )
    if _is_injury(code) and code.parent and not is_meant:
        candidate.code = code.parent
        candidate.code.system = code.system


def _sided(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates, those that leave the side open replaced by the side of the words."""
    is_open = [_leaves_side_open(each) and bool(each.told_side) for each in candidates]
    family = children(
        {pk for each in compress(candidates, is_open) for pk in each.code.ancestors[-2:]}
    )
    found: list[Candidate] = []
    for each, is_asked in zip(candidates, is_open, strict=True):
        beside = [code for pk in each.code.ancestors[-2:] for code in family.get(pk, ())]
        codes = _of_side(each, beside) if is_asked else {}
        told = each.instead_of or each.code.display
        found += [
            replace(each, code=code, side=side, instead_of=told) for side, code in codes.items()
        ] or [each]
    return found


def _leaves_side_open(candidate: Candidate) -> bool:
    return candidate.code.system.slug == ICD and leaves_side_open(candidate.code.long_descriptor)


def _of_side(candidate: Candidate, beside: Sequence[Code]) -> dict[str, Code]:
    codes = {code.pk: code for code in beside}
    sides = by_side(
        candidate.code.long_descriptor, {pk: code.long_descriptor for pk, code in codes.items()}
    )
    side = candidate.told_side
    wanted = ["right", "left"] if side == "bilateral" and side not in sides else [side]
    return {one: codes[sides[one]] for one in wanted} if sides.keys() >= set(wanted) else {}


def _descend(candidate: Candidate, children: Sequence[Code], complaint: str) -> bool:
    sentence = candidate.findings[0].sentence
    words = [finding.text for finding in candidate.findings]
    side = candidate.told_side
    chosen = choosing.choose(
        candidate.code.long_descriptor,
        [Choice(child.pk, child.key, child.long_descriptor) for child in children],
        [*words, *(reading.partition(":")[2] for reading in candidate.readings)],
        side,
        choosing.encounter_of(sentence.text, complaint),
    )
    if chosen is None:
        return False
    candidate.instead_of = candidate.instead_of or candidate.code.display
    candidate.code = next(child for child in children if child.pk == chosen.pk)
    return True


def offer(candidates: Sequence[Candidate]) -> None:
    """Add what stands below each candidate, or beside it where more or another could be said."""
    wanted = {each.code.pk for each in candidates if not each.code.billable}
    wanted |= {
        each.code.parent_id for each in candidates if _may_be_finer(each) and each.code.parent_id
    }
    below = children(wanted)
    for each in candidates:
        place = each.code.pk if not each.code.billable else each.code.parent_id or 0
        if not each.code.billable or _may_be_finer(each):
            others = [code for code in below.get(place, []) if code.pk != each.code.pk]
            each.more_specific = others[:MOST_CHILDREN]


def _may_be_finer(candidate: Candidate) -> bool:
    code = candidate.code
    is_open = "nspecified" in code.long_descriptor
    return code.system.slug == ICD and code.billable and (is_open or bool(candidate.encounter))
