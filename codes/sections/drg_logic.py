"""The MS-DRGs whose logic uses a diagnosis or an inpatient procedure, with titles and weights."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Final

from django.db.models import Q

from codes.drg_categories import CATEGORIES
from codes.facts import DrgLogic, DrgTitle
from codes.models import Code
from codes.remembered import remembered
from codes.sections.editions import held
from codes.sections.options import SectionOptions

INPATIENT_SYSTEMS: Final = ("icd-10-cm", "icd-10-pcs")
"""The systems whose codes the logic is about, by slug."""
SHOWN_FIRST: Final = 10
"""How many ranges of groups the code page itself names."""


@dataclass(frozen=True, slots=True)
class Use:
    """A range of groups whose logic uses a code; ``groups`` are those of it that are loaded."""

    fact: DrgLogic
    category: str
    """The major category in words; "" where it is unknown."""
    groups: list[DrgTitle]


@dataclass(frozen=True, slots=True)
class Uses:
    """The ranges that are shown; ``total`` counts them all."""

    entries: list[Use]
    total: int
    is_procedure: bool


def uses(code: Code, options: SectionOptions) -> Uses | None:
    """Return the groups whose logic uses a code, in the file's order; two queries, one without
    any."""
    rows = logic_of(code, options.on)
    if not rows:
        return None
    shown = rows if options.is_whole else rows[:SHOWN_FIRST]
    titles = _titles(shown, options.on)
    entries = [
        Use(row, CATEGORIES.get(row.mdc, ""), [one for one in titles if _holds(row, one)])
        for row in shown
    ]
    return Uses(entries, len(rows), code.system.slug == "icd-10-pcs")


@remembered
def logic_of(code: Code, on: date | None) -> list[DrgLogic]:
    """Return the ranges of groups whose logic uses a code, in the file's order; one query."""
    if code.system.slug not in INPATIENT_SYSTEMS:
        return []
    rows = held(DrgLogic, on).filter(code_system=code.system.slug, code_key=code.key)
    return list(rows.order_by("line", "first_drg"))


def _titles(rows: Sequence[DrgLogic], on: date | None) -> list[DrgTitle]:
    ranges = {Q(number__range=(row.first_drg, row.last_drg)) for row in rows}
    found = held(DrgTitle, on).filter(reduce(or_, ranges))
    return list(found.order_by("number"))


def _holds(row: DrgLogic, group: DrgTitle) -> bool:
    return row.first_drg <= group.number <= row.last_drg
