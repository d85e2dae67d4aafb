"""The policy indicators of a code in words, and its place among add-on codes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q
from django.utils.timezone import localdate

from codes.facts import AddOnEdit, RelativeValue, in_force_on
from codes.indicators import POLICY, Indicator
from codes.models import Code
from codes.remembered import remembered
from codes.sections.editions import held
from codes.sections.fees import part_title

NOT_CONCERNED: Final = "Does not apply"


@dataclass(frozen=True, slots=True)
class PolicyValue:
    """A value of an indicator as printed, and what it means.

    ``part`` names the component whose row differs from that of the whole service. A value without
    a known meaning has neither ``name`` nor ``explanation``.
    """

    value: str
    name: str
    explanation: str
    part: str
    fact: RelativeValue


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """An indicator with its values: that of the whole service, then those that differ."""

    title: str
    values: list[PolicyValue]

    @property
    def applies(self) -> bool:
        """Whether the concept of the indicator applies to any part of the service."""
        return any(value.name != NOT_CONCERNED for value in self.values)


@dataclass(frozen=True, slots=True)
class AddOnPlace:
    """Where a code stands in the add-on code edits of a day.

    ``primaries`` and ``add_ons`` count the codes on the other side; ``types`` are those of the
    code's own edits as an add-on code. ``first`` is one of the rows.
    """

    primaries: int
    add_ons: int
    types: frozenset[str]
    is_contractor_defined: bool
    first: AddOnEdit


CONTRACTOR_DEFINED: Final = "CCCCC"


def policy_lines(rows: Sequence[RelativeValue]) -> list[PolicyLine]:
    """Return every indicator of the first row, and where another row differs, that too."""
    lines = [
        PolicyLine(indicator.title, _values(rows, field, indicator))
        for field, indicator in POLICY.items()
    ]
    return [line for line in lines if line.values]


def _values(rows: Sequence[RelativeValue], field: str, indicator: Indicator) -> list[PolicyValue]:
    first: dict[str, RelativeValue] = {}
    for row in rows:
        if value := str(getattr(row, field)):
            first.setdefault(value, row)
    return [
        PolicyValue(
            value,
            indicator.name(value),
            indicator.explanation(value),
            "" if row is rows[0] else part_title(row),
            row,
        )
        for value, row in first.items()
    ]


@remembered
def add_on_edits(code: Code, on: date | None) -> list[AddOnEdit]:
    """Return the add-on code edits of a code in force on a day, at most some hundred; one query."""
    either = Q(add_on=code.key) | Q(primary=code.key)
    edits = held(AddOnEdit, on).filter(either, in_force_on(on or localdate()))
    return list(edits.order_by("add_on", "primary"))


def add_on_place(code: Code, on: date | None) -> AddOnPlace | None:
    """Return where the code stands among add-on codes; one query."""
    edits = add_on_edits(code, on)
    if not edits:
        return None
    own = [edit for edit in edits if edit.add_on == code.key]
    named = {edit.primary for edit in own} - {CONTRACTOR_DEFINED}
    return AddOnPlace(
        primaries=len(named),
        add_ons=len({edit.add_on for edit in edits if edit.primary == code.key}),
        types=frozenset(edit.type for edit in own),
        is_contractor_defined=any(edit.primary == CONTRACTOR_DEFINED for edit in own),
        first=edits[0],
    )
