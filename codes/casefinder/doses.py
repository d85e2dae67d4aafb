"""How many billing units of a HCPCS code a given dose is. Pure; imports no Django.

The unit is what the code's descriptor says ("per 250 mg"); a part of a unit counts as a whole one.
Nothing where the descriptor names no single unit, or the note no single dose of the same measure.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

_AMOUNT = r"(\d[\d,]*(?:\.\d+)?|\.\d+)"
_MEASURES = {
    "g": ("mg", Decimal(1000)),
    "gm": ("mg", Decimal(1000)),
    "gram": ("mg", Decimal(1000)),
    "mg": ("mg", Decimal(1)),
    "milligram": ("mg", Decimal(1)),
    "mcg": ("mg", Decimal("0.001")),
    "ug": ("mg", Decimal("0.001")),
    "microgram": ("mg", Decimal("0.001")),
    "unit": ("units", Decimal(1)),
    "iu": ("units", Decimal(1)),
    "usp unit": ("units", Decimal(1)),
    "ml": ("ml", Decimal(1)),
    "cc": ("ml", Decimal(1)),
    "meq": ("meq", Decimal(1)),
}
_QUANTITY = re.compile(
    rf"{_AMOUNT}\s?(usp unit|microgram|milligram|gram|unit|mcg|meq|gm|mg|ug|iu|ml|cc|g)s?\b",
    re.IGNORECASE,
)
_DRUG = re.compile(r"^(?:injection|infusion)\b|\binhalation solution\b", re.IGNORECASE)
_NO_UNIT = re.compile(
    r"\b(?:implant|kit|dose form of|therapeutic dose|and [\w-]*hyaluronidase)\b|/\d", re.IGNORECASE
)
_REPEATED = re.compile(
    r"\bx ?\d|\b(?:twice|times|two|three|four|doses|daily|bid|tid|qid|every|each|per|q ?\d+ ?h)"
    r"|/ ?(?:kg|m2|h|hr|hour|min|day)\b",
    re.IGNORECASE,
)
"""Words after which one dose is not the whole of it."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in milligrams, units, milliliters or milliequivalents, and how it is printed."""

    amount: Decimal
    measure: str
    shown: str


def quantities(text: str) -> list[Quantity]:
    """Return the amounts that a text names."""
    found = []
    for match in _QUANTITY.finditer(text):
        measure, factor = _MEASURES[match[2].lower()]
        amount = Decimal(match[1].replace(",", "")) * factor
        if amount > 0:
            found.append(Quantity(amount, measure, " ".join(match[0].split())))
    return found


def unit_of(descriptor: str) -> Quantity | None:
    """Return the billing unit that a drug's descriptor says; ``None`` for none, or two."""
    if not _DRUG.search(descriptor) or _NO_UNIT.search(descriptor):
        return None
    found = quantities(descriptor)
    return found[0] if len(found) == 1 else None


def dose_of(words: str) -> Quantity | None:
    """Return the one dose that the words say was given once; ``None`` for several or a rate."""
    found = quantities(words)
    return found[0] if len(found) == 1 and not _REPEATED.search(words) else None


def units(descriptor: str, words: str) -> str:
    """Return "1 g is 4 units of 250 mg", or "" where it cannot be said."""
    unit, dose = unit_of(descriptor), dose_of(words)
    if not unit or not dose or unit.measure != dose.measure:
        return ""
    count = ceil(dose.amount / unit.amount)
    return f"{dose.shown} is {count:,} unit{'' if count == 1 else 's'} of {unit.shown}"
