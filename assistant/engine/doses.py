"""How many units of a drug's code a dose is, by what its descriptor says one unit is. Pure."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_MEASURES: Final = r"mg|mcg|g|gm|ml|cc|iu|i\.u\.|units?|meq|mci|microgram|milligram|gram"
_PIECES: Final = r"strip|lancet|tablet|capsule|sq(?:uare)? cm|square centimeter"
_NUMBER: Final = r"(?P<number>\d{1,6}(?:,\d{3})*(?:\.\d{1,4})?)"
_ASKED: Final = re.compile(
    rf"(?<![\w.$]){_NUMBER}\s*-?(?P<unit>{_MEASURES})s?(?![\w])", re.IGNORECASE
)
_OF_ONE: Final = re.compile(
    rf"(?:,|\bper)\s*(?P<upto>up to\s+)?(?:per\s+)?{_NUMBER}\s*"
    rf"(?P<unit>{_MEASURES}|(?:{_PIECES})s?)s?\s*(?:\(.*\))?\.?$",
    re.IGNORECASE,
)
_SAME: Final = {
    "gm": "g",
    "gram": "g",
    "milligram": "mg",
    "microgram": "mcg",
    "cc": "ml",
    "i.u.": "iu",
    "unit": "units",
}
_IN_MG: Final = {"mcg": Decimal("0.001"), "mg": Decimal(1), "g": Decimal(1000)}


@dataclass(frozen=True, slots=True)
class Dose:
    """An amount with its unit of measure, as typed in one form; ``is_most`` after "up to"."""

    number: Decimal
    unit: str
    is_most: bool = False

    def __str__(self) -> str:
        """As it is printed."""
        is_one = self.number == 1 and len(self.unit) > 3
        return f"{self.number.normalize():f} {self.unit.rstrip('s') if is_one else self.unit}"


def asked(text: str) -> Dose | None:
    """Return the first dose in a question; ``None`` without one, or where it counts units."""
    for match in _ASKED.finditer(text):
        if not match["unit"].lower().startswith("unit"):
            return _dose(match)
    return None


def of_one_unit(descriptor: str) -> Dose | None:
    """Return what one unit of a code is, where its descriptor ends with that ("..., 10 mg")."""
    match = _OF_ONE.search(descriptor)
    return _dose(match, is_most=bool(match["upto"])) if match else None


def units(dose: Dose, one: Dose) -> Decimal | None:
    """Return how many units a dose is; ``None`` where that does not follow.

    It does not where the measures differ, and where one unit is "up to" an amount.
    """
    if one.is_most or not one.number:
        return None
    if dose.unit == one.unit:
        return dose.number / one.number
    if dose.unit in _IN_MG and one.unit in _IN_MG:
        return dose.number * _IN_MG[dose.unit] / (one.number * _IN_MG[one.unit])
    return None


def _dose(match: re.Match[str], *, is_most: bool = False) -> Dose:
    unit = match["unit"].lower()
    return Dose(Decimal(match["number"].replace(",", "")), _SAME.get(unit, unit), is_most)
