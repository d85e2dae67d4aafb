"""What a sentence says that a stroke has left, or that chemotherapy has done. Pure.

Guidelines I.C.9.d: deficits after the hospital stay for an infarction are I69.3-, the side that is
not said to be dominant as in I.C.6.a (right dominant, left not). I.C.19.e.5.a: what a drug that was
given right has done has the code of its adverse effect beside it.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from codes.casefinder.cues import Status
from codes.casefinder.findings import Finding
from codes.casefinder.knowledge import Proposal, rule
from codes.casefinder.section_names import Part

_UNTOLD = (Part.FAMILY, Part.ALLERGIES, Part.ADVICE, Part.ADMINISTRATIVE, Part.REVIEW)
_SEQUELA = "Guidelines sections I.C.9.d (sequelae of cerebrovascular disease) and I.C.6.a"
_EFFECT = "Guidelines section I.C.19.e.5.a (adverse effect)"
_INFARCT = r"(?:ischemic |old |prior |previous |remote |recent )*(?:stroke|CVA|cerebral infarct\w+)"
_LEFT_BEHIND = re.compile(
    rf"\b(?:after|following|from|due to|secondary to|sequelae? of)\W+(?:an? |the |his |her )?"
    rf"{_INFARCT}\b"
    rf"|\b{_INFARCT}\b[^.;]{{0,40}}?\b(?:with|w ?/) (?:persistent |mild |some )?residual\b"
    r"|\bpost-?stroke\b",
    re.IGNORECASE,
)
_HEMORRHAGE = re.compile(r"\bhemorrhag\w+|\bICH\b|\bSAH\b", re.IGNORECASE)
_DEFICITS = tuple(
    rule(display, words, "a deficit that a cerebral infarction has left", _SEQUELA)
    for display, words in (
        ("I69.320", r"aphasia|aphasic"),
        ("I69.321", r"dysphasia"),
        ("I69.322", r"dysarthria|slurred speech"),
        ("I69.391", r"dysphagia"),
        ("I69.392", r"facial (?:weakness|droop|palsy)"),
        ("I69.393", r"ataxia"),
    )
)
_HEMIPARESIS = re.compile(
    r"\bhemi(?:paresis|plegia)\b|\b(?:left|right|L|R)[- ]sided weakness\b", re.IGNORECASE
)
_SIDE = re.compile(r"\b(left|right)\b", re.IGNORECASE)
_DOMINANT = re.compile(r"\b(non-?)?dominant\b", re.IGNORECASE)
_BY_SIDE = {
    ("right", True): "I69.351",
    ("left", True): "I69.352",
    ("right", False): "I69.353",
    ("left", False): "I69.354",
}
_OF_CHEMO = re.compile(
    r"\b(?:due to|secondary to|from|caused by|induced by)\W+(?:the |his |her |prior )?"
    r"(?:antineoplastic )?chemo(?:therapy)?\b|\bchemo(?:therapy)?[- ](?:induced|related)\b",
    re.IGNORECASE,
)
_NEUROPATHY = re.compile(r"\b(?:poly)?neuropathy\b", re.IGNORECASE)


def after_effects(findings: Sequence[Finding]) -> Iterator[Proposal]:
    """Yield what a stroke has left and what chemotherapy has done, as sentences link them."""
    for sentence, group in groupby(findings, key=lambda finding: finding.sentence):
        if sentence.part in _UNTOLD:
            continue
        told = [each for each in group if each.status in (Status.STATED, Status.PAST)]
        if _LEFT_BEHIND.search(sentence.text) and not _HEMORRHAGE.search(sentence.text):
            yield from _deficits(told, sentence.text)
        if _OF_CHEMO.search(sentence.text):
            yield from _of_chemotherapy(told)


def _deficits(told: Sequence[Finding], sentence: str) -> Iterator[Proposal]:
    for finding in told:
        for each in _DEFICITS:
            if each.pattern.search(finding.text):
                yield Proposal(each.display, finding, each.why, each.source)
        if _HEMIPARESIS.search(finding.text) and (side := _SIDE.search(finding.text)):
            named = _DOMINANT.search(sentence)
            is_dominant = not named[1] if named else side[1].lower() == "right"
            display = _BY_SIDE[side[1].lower(), is_dominant]
            yield Proposal(display, finding, "hemiparesis after a cerebral infarction", _SEQUELA)


def _of_chemotherapy(told: Sequence[Finding]) -> Iterator[Proposal]:
    for finding in told:
        if _NEUROPATHY.search(finding.text):
            yield Proposal("G62.0", finding, "a neuropathy by a drug", _EFFECT)
    by_it = [each for each in told if "chemo" in each.text.lower()] or list(told)
    if by_it:
        why = "an adverse effect of antineoplastic drugs, after its manifestation"
        yield Proposal("T45.1X5A", by_it[0], why, _EFFECT)
