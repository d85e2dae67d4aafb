"""Candidates that say more than the note, and say what the note denies. Imports no Django.

A search for "Raynaud's syndrome" also finds "Raynaud's syndrome with gangrene". Where the note says
"without gangrene", or speaks of the other side of the body, that code must not be proposed.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from codes.casefinder.cues import Status
from codes.casefinder.findings import Finding
from codes.casefinder.laterality import SIDES, sides_in
from codes.casefinder.limbs import is_other_limb
from codes.casefinder.stems import stem
from codes.casefinder.words import EMPTY, WEAK

NOT_SO = frozenset({Status.DENIED, Status.HYPOTHETICAL, Status.FAMILY})
_WORD = re.compile(r"[a-z]+")
_LEFT_OUT = re.compile(r"\b(?:without|not|no|absence of|free of)\b[^,;]*", re.IGNORECASE)
"""What a descriptor says is not there."""
_WITHOUT = re.compile(r"\bwithout ((?:(?! (?:of|in|with|and) )[^,;.])+)", re.IGNORECASE)
"""What is lacking, not where: "without foreign body of scalp"."""
_ACUTE = re.compile(r"\bacute\b", re.IGNORECASE)
_OLD = re.compile(r"\b(?:old|healed|remote)\b", re.IGNORECASE)


_DISEASE = "diseas"
_DISEASES = frozenset(
    stem(word)
    for word in (
        "abnormality", "ailment", "condition", "defect", "deficit", "delay", "disease", "disorder",
        "disturbance", "dysfunction", "illness", "impairment", "pathology", "problem", "trouble",
    )
)  # fmt: skip
"""Words for a disease of something; which of them stands there says nothing more."""


@dataclass(frozen=True, slots=True)
class Denials:
    """The stems that a note, and each of its sentences, has only in findings that are not so."""

    in_note: frozenset[str]
    in_sentence: dict[int, frozenset[str]]
    """By where the sentence begins."""
    told_in_sentence: dict[int, str]
    """What each of them tells."""
    concepts: tuple[frozenset[str], ...]
    """The kinds of disease that are denied."""

    @classmethod
    def of(cls, findings: Sequence[Finding]) -> "Denials":
        """Collect them from the findings of a note."""
        by_sentence: dict[int, list[Finding]] = {}
        for finding in findings:
            by_sentence.setdefault(finding.sentence.start, []).append(finding)
        return cls(
            _only_denied(findings),
            {start: _only_denied(some) for start, some in by_sentence.items()},
            {start: _told(some) for start, some in by_sentence.items()},
            tuple(_concepts(findings)),
        )

    def deny_kind(self, headings: Iterable[str]) -> bool:
        """Return whether the note denies what a heading is named, whatever its word for disease.

        Who has "no arterial disease" has none of the "Diseases of arteries", whatever its name.
        """
        kinds = [_concept(heading) for heading in headings]
        return any(concept <= kind for concept in self.concepts for kind in kinds)

    def contradict(
        self,
        descriptor: str,
        findings: Sequence[Finding],
        readings: Iterable[str],
        *,
        is_named: bool = False,
    ) -> bool:
        """Return whether a descriptor says what the note denies, or is of another side or limb.

        ``findings`` are the words that the code was found by, ``readings`` what was read for them.
        ``is_named`` where the note says the whole of another name of the code: who has COPD has it
        with "no evidence of pulmonary embolism" too.
        """
        words = " ".join([*(finding.text for finding in findings), *readings])
        sentence = findings[0].sentence
        said = _LEFT_OUT.sub(" ", descriptor)
        told = _stems(words)
        # "gastroesophageal" says "esophageal" too.
        added = {one for one in _stems(said) if not any(one in other for other in told)}
        denied = self.in_note | self.in_sentence.get(sentence.start, frozenset())
        beside = self.told_in_sentence.get(sentence.start, "")
        if _lacks_what_is_told(descriptor, beside) or _has_what_lacks(said, words):
            return True
        is_fresh = bool(_ACUTE.search(said) and _OLD.search(words)) and not _ACUTE.search(words)
        is_elsewhere = _is_other_side(said, words, sentence.text) or is_other_limb(said, words)
        return (not is_named and bool(added & denied)) or is_fresh or is_elsewhere


def _told(findings: Iterable[Finding]) -> str:
    return " . ".join(one.text for one in findings if one.status not in NOT_SO)


def _lacks_what_is_told(descriptor: str, words: str) -> bool:
    """Return whether it says "without" of what the words tell: "with rheumatoid factor"."""
    has = _stems(_LEFT_OUT.sub(" ", words)) - _stems(_LEFT_OUT.sub(" ", descriptor))
    return bool(_lacking(descriptor) & has)


def _has_what_lacks(said: str, words: str) -> bool:
    """Return whether it says what the words themselves say is lacking: "without complications"."""
    return bool(_lacking(words) & _stems(said))


def _lacking(text: str) -> set[str]:
    return {one for part in _WITHOUT.findall(text) for one in _stems(part)}


def _concepts(findings: Iterable[Finding]) -> Iterable[frozenset[str]]:
    """Yield the diseases that are denied by what they are of, such as the arteries.

    An organ alone, as in "stomach normal", denies no kind of disease: headings name several.
    """
    for finding in findings:
        if finding.status is Status.DENIED:
            concept = _concept(finding.text)
            if _DISEASE in concept and len(concept) > 1:
                yield concept


def _concept(text: str) -> frozenset[str]:
    return frozenset(_DISEASE if one in _DISEASES else one for one in _stems(text))


def _is_other_side(descriptor: str, words: str, sentence: str) -> bool:
    """Return whether the descriptor names a side that the words, or else the sentence, do not."""
    named = sides_in(descriptor)
    meant = sides_in(words) or sides_in(sentence)
    return bool(named) and len(meant) == 1 and not named & meant


def _only_denied(findings: Iterable[Finding]) -> frozenset[str]:
    denied: set[str] = set()
    told: set[str] = set()
    for finding in findings:
        (denied if finding.status in NOT_SO else told).update(_stems(finding.text))
    return frozenset(denied - told)


def _stems(text: str) -> set[str]:
    """Return the stems of the words that name something."""
    words = _WORD.findall(text.lower())
    kept = (word for word in words if word not in WEAK and word not in SIDES)
    return {stem(word) for word in kept} - EMPTY
