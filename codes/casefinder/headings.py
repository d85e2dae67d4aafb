"""Headings among the candidates: the code below that the words ask for, and what else is there."""

from collections.abc import Iterable, Sequence

from codes.casefinder import choosing
from codes.casefinder.candidates import Candidate
from codes.casefinder.choosing import Choice
from codes.casefinder.conflicts import ICD
from codes.models import Code

MOST_CHILDREN = 12
_LEVELS = 4


def choose_below(candidates: Sequence[Candidate], complaint: str) -> None:
    """Put the code that the words ask for in place of a heading; one query a level, at most 4."""
    for each in candidates:
        _reopen(each, complaint)
    for _ in range(_LEVELS):
        open_ = [
            each for each in candidates if not each.code.billable and each.code.system.slug == ICD
        ]
        below = _children({each.code.pk for each in open_})
        moved = False
        for each in open_:
            moved |= _descend(each, below.get(each.code.pk, []), complaint)
        if not moved:
            return


def _reopen(candidate: Candidate, complaint: str) -> None:
    """Go back to the heading where a search chose a 7th character that the note does not want."""
    code, sentence = candidate.code, candidate.findings[0].sentence
    is_injury = code.system.slug == ICD and len(code.key) == 7 and code.key[0] in "ST"
    wanted = choosing.encounter_of(sentence.text, complaint)
    if is_injury and code.parent and not code.key.endswith(wanted):
        candidate.code = code.parent
        candidate.code.system = code.system


def _descend(candidate: Candidate, children: Sequence[Code], complaint: str) -> bool:
    sentence = candidate.findings[0].sentence
    words = [finding.text for finding in candidate.findings]
    side = choosing.side_of(" ".join(words)) or choosing.side_of(sentence.text)
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


def _children(parents: Iterable[int]) -> dict[int, list[Code]]:
    """Return the codes right below each heading, in printed order; one query."""
    below: dict[int, list[Code]] = {}
    wanted = list(parents)
    if wanted:
        rows = Code.objects.visible().with_page().filter(parent__in=wanted)
        for code in rows.select_related("system").order_by("position"):
            if not code.is_deleted:
                below.setdefault(code.parent_id or 0, []).append(code)
    return below


def offer(candidates: Sequence[Candidate]) -> None:
    """Add what stands below each leading candidate, or beside it where it is unspecified."""
    wanted = {each.code.pk for each in candidates if not each.code.billable}
    wanted |= {
        each.code.parent_id for each in candidates if _may_be_finer(each) and each.code.parent_id
    }
    below = _children(wanted)
    for each in candidates:
        place = each.code.pk if not each.code.billable else each.code.parent_id or 0
        if not each.code.billable or _may_be_finer(each):
            others = [code for code in below.get(place, []) if code.pk != each.code.pk]
            each.more_specific = others[:MOST_CHILDREN]


def _may_be_finer(candidate: Candidate) -> bool:
    code = candidate.code
    return code.system.slug == ICD and code.billable and "nspecified" in code.long_descriptor
