"""The extent of burns and corrosions (T31, T32) by the stated share of the body's surface. Pure.

Guidelines section I.C.19.d.6: the share burned of any degree, and of it the share of the third.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from codes.casefinder.cues import Status
from codes.casefinder.findings import Finding
from codes.casefinder.knowledge import Proposal, supporting

_SOURCE = "Guidelines section I.C.19.d.6 (extent of body surface)"
_BURN = re.compile(r"\b(?:burn(?:s|ed|t)?|scald(?:s|ed)?|corrosions?|flames?)\b", re.IGNORECASE)
_CORROSION = re.compile(
    r"\b(?:corrosions?|corrosive|chemical burns?|(?:acid|alkali|lye) burns?|burns? from (?:acid"
    r"|alkali|lye))\b",
    re.IGNORECASE,
)
_RASH = re.compile(r"\b(?:psoria|eczema|dermatitis|rash|vitiligo|plaque)", re.IGNORECASE)
_SURFACE = r"(?:T?BSA|(?:total )?(?:burned )?(?:body )?surface(?: area)?)"
_NUMBER = r"\d{1,2}(?:\.\d)?"
_SHARE = re.compile(
    rf"(?P<before>{_NUMBER}) ?% ?(?:of )?(?:the |his |her )?(?:total )?(?:body )?{_SURFACE}\b"
    rf"|\b{_SURFACE}\b[^.;%\d]{{0,25}}(?P<behind>{_NUMBER}) ?%",
    re.IGNORECASE,
)
_DEGREE = r"(?:(?:third|3rd)[- ]degree|full[- ]thickness)"
_THIRD = re.compile(
    rf"(?P<before>{_NUMBER}) ?%(?:(?!BSA|surface|which)[^.;,%\d]){{0,25}}{_DEGREE}"
    rf"|{_DEGREE}[^.;,%\d]{{0,40}}(?P<behind>{_NUMBER}) ?%",
    re.IGNORECASE,
)
_DEEP = re.compile(rf"\b{_DEGREE}\b", re.IGNORECASE)
_TOTAL = re.compile(r"\btotal|\bTBSA", re.IGNORECASE)


def extent(findings: Sequence[Finding]) -> Iterator[Proposal]:
    """Yield the one code of how much is burned, where the note says one share, or a total.

    Several shares without a total are the coder's to add up.
    """
    told = " . ".join(each.text for each in findings if each.status is Status.STATED)
    shares = list(_shares(findings))
    if not shares or not _BURN.search(told):
        return
    totals = [one for one in shares if one[2]] or shares
    if len({share for share, _, _ in totals}) > 1:
        return
    share, finding, _ = totals[0]
    category = "T32" if _CORROSION.search(told) else "T31"
    what = "corroded" if category == "T32" else "burned"
    text = finding.sentence.text
    third = _third_of(text)
    if third is not None and third > share:
        return
    known = third if third is not None else (None if _DEEP.search(told) else 0.0)
    why = f"{share:g} % of the body surface {what}"
    if third is not None:
        why += f", {third:g} % of it in the third degree"
    yield Proposal(extent_code(category, share, known), finding, why, _SOURCE)


def extent_code(category: str, share: float, third: float | None) -> str:
    """Return the code of a share of the surface in percent, and of the third degree's.

    The heading where 10 % or more are burned and the share of the third degree is not known.
    """
    tens = min(9, int(share) // 10)
    if tens == 0:
        return f"{category}.0"
    return f"{category}.{tens}" if third is None else f"{category}.{tens}{min(9, int(third) // 10)}"


def _shares(findings: Sequence[Finding]) -> Iterator[tuple[float, Finding, bool]]:
    for sentence, group in groupby(findings, key=lambda finding: finding.sentence):
        told = list(group)
        if _RASH.search(sentence.text):
            continue
        for match in _SHARE.finditer(sentence.text):
            if finding := supporting(match, told):
                share = float(match["before"] or match["behind"])
                if 0 < share <= 100:
                    yield share, finding, bool(_TOTAL.search(sentence.text))


def _third_of(text: str) -> float | None:
    match = _THIRD.search(text)
    return float(match["before"] or match["behind"]) if match else None
