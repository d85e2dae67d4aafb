"""Combination codes among the candidates: added, with what they replace behind them. One query."""

from collections.abc import Sequence

from codes.casefinder.candidates import SHOWN, Candidate
from codes.casefinder.combinations import Combination, combinations
from codes.casefinder.conflicts import ICD
from codes.casefinder.cues import Status
from codes.casefinder.lookup import by_display
from codes.models import Code


def with_combinations(candidates: Sequence[Candidate], note: str) -> list[Candidate]:
    """Return the candidates with one code for conditions that are presumed to be linked."""
    told = [each for each in candidates if _is_told(each)]
    words = {each.code.display: each.words for each in told}
    asked = combinations(list(words), words, note)
    held = by_display(each.display for each in asked)
    added: list[Candidate] = []
    for each in asked:
        if each.display in held:
            if each.display not in words:
                added.append(_candidate(each, held[each.display], told))
                words[each.display] = ""
            _put_behind(told, each)
    return [*candidates, *added]


def _is_told(candidate: Candidate) -> bool:
    is_first = candidate.is_leading or bool(candidate.less_than)
    return (
        candidate.code.system.slug == ICD
        and candidate.status is Status.STATED
        and is_first
        and not candidate.surplus
    )


def _candidate(each: Combination, code: Code, told: Sequence[Candidate]) -> Candidate:
    parts = [next(c for c in told if c.code.display == display) for display in each.of]
    names = " with ".join(each.of)
    return Candidate(
        code=code,
        confidence=1.0,
        status=Status.STATED,
        findings=parts[0].findings,
        why=f"one code for {names}, unless the note says that they are not related",
        source=each.source,
        rank=1,
    )


def _put_behind(told: Sequence[Candidate], combination: Combination) -> None:
    for each in told:
        if each.code.display in combination.replaces and not each.less_than:
            each.less_than = combination.display
            each.rank += SHOWN
