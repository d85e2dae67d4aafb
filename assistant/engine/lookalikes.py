"""Takes out what only looks like a code: "DRG 470", "NCD 210.2", a remark code, a telephone number.

Pure.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Lookalike(StrEnum):
    """What is written with digits and letters but is no procedure or diagnosis code."""

    DRG = "MS-DRG"
    NCD = "NCD"
    LCD = "LCD"
    ARTICLE = "coverage article"
    PLACE = "place of service"
    REMARK = "remark code"
    REVENUE = "revenue code"
    APC = "APC"
    HCC = "HCC"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Other:
    """Something that only looks like a code, with its number."""

    kind: Lookalike
    number: str
    typed: str


_SIGN: Final = r"(?:no\.?|number|id|#|:)\s*"

_MORE: Final = r"(?:\s*(?:,|/|&|\band\b|\bor\b|\bvs?\b\.?|\bversus\b)\s*"
"""Before further numbers of one kind ("DRG 871 vs 872")."""

_LOOKALIKES: Final = (
    (
        Lookalike.DRG,
        re.compile(rf"\b(?:MS-?\s?)?DRGs?\s*#?\s*(\d{{1,3}})\b(?P<more>{_MORE}\d{{3}}\b)*)", re.I),
    ),
    (Lookalike.NCD, re.compile(r"\bNCDs?\s*#?\s*(\d{1,3}(?:\.\d{1,2})+|\d{1,3})\b", re.I)),
    (Lookalike.LCD, re.compile(r"\bLCDs?\s*#?\s*(L?\d{5})\b|\b(L3\d{4})\b(?=\s*LCD)", re.I)),
    (Lookalike.ARTICLE, re.compile(r"\b(?:articles?|LCAs?)\s*#?\s*(A?\d{5})\b", re.I)),
    (
        Lookalike.PLACE,
        re.compile(
            r"\b(?:POS|places? of service)\s*(?:code)?\s*#?\s*(\d{1,2})\b"
            rf"(?P<more>{_MORE}\d\d\b)*)",
            re.I,
        ),
    ),
    (
        Lookalike.REMARK,
        re.compile(r"\b(?:RARCs?|remarks?(?:\s+codes?)?)\s*#?:?\s*([NM]A?\d{1,3})\b", re.I),
    ),
    (Lookalike.REMARK, re.compile(r"\b((?:CO|PR|OA|PI)\s?-\s?\d{1,3})\b")),
    (
        Lookalike.REMARK,
        re.compile(
            r"\b(?:CARC|denial(?:\s+(?:code|reason))?|reason code)s?\s*#?:?\s*"
            r"((?:CO|PR|OA|PI)?\s?-?\s?\d{1,3}|[NM]A?\d{1,3})\b",
            re.I,
        ),
    ),
    (Lookalike.REVENUE, re.compile(r"\b(?:rev(?:enue)?\s+codes?|RC)\s*#?\s*(0?\d{3})\b", re.I)),
    (Lookalike.APC, re.compile(r"\bAPCs?\s*#?\s*(\d{4})\b", re.I)),
    (Lookalike.HCC, re.compile(r"\bHCCs?\s*#?\s*(\d{1,3})\b", re.I)),
    (Lookalike.OTHER, re.compile(r"\b\d+\s*CFR\s*(?:§\s*)?([\d.]+(?:\([a-z0-9]+\))*)", re.I)),
    (Lookalike.OTHER, re.compile(r"\b(?:zip(?:\s*code)?)\s*#?\s*(\d{5}(?:-\d{4})?)\b", re.I)),
    (Lookalike.OTHER, re.compile(r"(?<!\w)((?:\+?1[-. ])?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4})\b")),
    (
        Lookalike.OTHER,
        re.compile(
            rf"\b(?:NPI|invoice|ticket|account|acct|MRN)\s*(?:{_SIGN})*([A-Z]{{0,3}}\d{{4,}})\b",
            re.I,
        ),
    ),
    (
        Lookalike.OTHER,  # without a sign of a number what follows such a word may be a code
        re.compile(
            r"\b(?:claim|case|order|member|patient|policy|ext)\s*"
            rf"(?:(?:{_SIGN})+|(?!(?:\d{{5}}|[A-V]\d{{4}})\b))([A-Z]{{0,3}}\d{{4,}})\b",
            re.I,
        ),
    ),
    (Lookalike.OTHER, re.compile(r"\b(\d{4,5}-\d{3,4}-\d{1,2})\b")),
    (Lookalike.OTHER, re.compile(r"(\$\s?\d[\d,]*(?:\.\d+)?)")),
)


def take_lookalikes(text: str) -> tuple[str, tuple[Other, ...]]:
    """Return the text without what only looks like a code, and that."""
    found: list[Other] = []
    for kind, pattern in _LOOKALIKES:
        for match in list(pattern.finditer(text)):
            number = next((group for group in match.groups() if group), match[0])
            more = re.findall(r"\d+", match.groupdict().get("more") or "")
            typed = match[0][: -len(match["more"])] if more else match[0]
            found.append(Other(kind, number.strip(), typed.strip()))
            found += [Other(kind, one, one) for one in more]
        text = pattern.sub(lambda match: " ~ ", text)
    return text, tuple(dict.fromkeys(found))
