"""Matters of billing that a question may name and that no file held here is about. Pure data.

Without them "aetna" would be searched as a misspelt word, and a Medicaid rate answered with
Medicare's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class NotHeld:
    """What is not held: as typed, and the sentence that says so. ``is_payer`` sets payers apart,
    whose name beside a service to look for ("flu shot for medicaid") changes no code."""

    typed: str
    said: str
    is_payer: bool = False


_PAYERS: Final = re.compile(
    r"\b(?:medicaid|medi-?cal|medicare (?:advantage|replacement)|aetna|ambetter|anthem|"
    r"(?:blue ?cross|bcbs|blue ?shield)(?: (?:and )?blue ?shield)?|champva|cigna|humana|"
    r"kaiser(?: permanente)?|molina|tricare|uhc|united ?health ?care|well ?care|"
    r"work(?:ers|man|mans|men|mens)?'?s? ?comp(?:ensation)?|"
    r"(?:commercial|private) (?:payers?|insur\w+|plans?))\b",
    re.IGNORECASE,
)
_NOT_AMONG: Final = "not among what this site holds"
_MATTERS: Final = tuple(
    (re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), said)
    for pattern, said in (
        (r"ndcs?", f"NDC numbers of drugs, and maps of them to HCPCS codes, are {_NOT_AMONG}."),
        (r"snomed(?:[ -]?ct)?", f"SNOMED CT is {_NOT_AMONG}."),
        (r"loinc", f"LOINC is {_NOT_AMONG}."),
        (r"rx ?norm|rxcui", f"RxNorm is {_NOT_AMONG}."),
        (r"cvx(?: codes?)?", f"CVX codes of vaccines are {_NOT_AMONG}."),
        (r"taxonomy(?: codes?)?", f"Provider taxonomy codes are {_NOT_AMONG}."),
        (
            r"bill types?|types? of bill|tob|(?:condition|occurrence|value) codes?",
            f"Types of bill and the other codes of the institutional claim are {_NOT_AMONG}.",
        ),
        (
            r"hccs?(?!\s*#?\s*\d)|hierarchical condition\w*|raf(?: scores?)?|risk adjust\w*",
            f"Which risk adjustment categories (HCC) a diagnosis has is {_NOT_AMONG}.",
        ),
        (r"timely[ -]filing|filing (?:limit|deadline)", f"Filing limits are {_NOT_AMONG}."),
        (
            r"prior[ -]auth(?:ori[sz]ation)?s?|pre-?auth(?:ori[sz]ation)?s?|precert\w*",
            f"Which services need prior authorization is {_NOT_AMONG}.",
        ),
        (
            r"asp|average sales? price",
            f"Medicare's average sales prices (ASP) of drugs are {_NOT_AMONG}.",
        ),
        (r"clfs|clinical lab\w* fee", f"The clinical laboratory fee schedule is {_NOT_AMONG}."),
        (
            r"dmepos fee\w*|dme fee\w*",
            f"The fee schedule for durable medical equipment is {_NOT_AMONG}.",
        ),
        (
            r"(?:asc|ambulatory surg\w+ cent\w+) (?:pay\w*|rates?|fees?|prices?)",
            f"Payment rates of ambulatory surgical centers are {_NOT_AMONG}.",
        ),
        (
            r"(?:appeal|reconsideration|medical necessity) letters?|letters? of medical necessity",
            "Letters are not written here; what the files say of the codes is.",
        ),
    )
)


def named(text: str) -> Iterator[NotHeld]:
    """Yield what the text names, payers first, each once."""
    payers = dict.fromkeys(match[0] for match in _PAYERS.finditer(text))
    if payers:
        names = ", ".join(f"“{name}”" for name in payers)
        said = (
            f"What a payer named {names} pays, covers or asks for is {_NOT_AMONG}: payment, edits"
            " and coverage here are Medicare's."
        )
        yield NotHeld(names, said, is_payer=True)
    for pattern, said in _MATTERS:
        if match := pattern.search(text):
            yield NotHeld(match[0], said)
