"""Rows of the physician fee schedule with the payment that follows from them, step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from codes.facts import Locality, RelativeValue
from codes.indicators import STATUS
from codes.payment import NATIONAL, PRICED_STATUSES, Fee, Indices, RelativeValues, payment

_PARTS: Final = {
    "": "Whole service",
    "26": "Professional component, modifier 26",
    "TC": "Technical component, modifier TC",
    "53": "Discontinued procedure, modifier 53",
}
_PAID_TO: Final = {
    None: "",
    True: "qualifying APM participants",
    False: "all others",
}
"""By which of the two conversion factors that the law has since 2026; APM: advanced alternative
payment model."""
_OF_FACTOR: Final = {"id", "line", "qualifying", "conversion_factor"}


@dataclass(frozen=True, slots=True)
class Setting:
    """What is paid in one setting; without ``fee`` the file marks the setting NA."""

    title: str
    fee: Fee | None


@dataclass(frozen=True, slots=True)
class WorkedLine:
    """A step of the calculation, with its text in each setting."""

    title: str
    cells: list[str]
    is_result: bool = False


@dataclass(frozen=True, slots=True)
class FeeRow:
    """A row of the fee schedule: the payment, or ``reason``, why the file gives no price.

    ``same`` is the row with the same values and the other conversion factor, where there is one.
    """

    row: RelativeValue
    title: str
    settings: list[Setting]
    reason: str = ""
    same: FeeRow | None = None

    @property
    def facts(self) -> list[RelativeValue]:
        """The rows that it comes from."""
        return [self.row, self.same.row] if self.same else [self.row]

    @property
    def sources(self) -> list[tuple[RelativeValue, str]]:
        """The same, each with what it is about."""
        titles = (f"{self.title}, {_PAID_TO[row.qualifying]}" for row in self.facts)
        return [(row, title.rstrip(", ")) for row, title in zip(self.facts, titles, strict=True)]

    @property
    def has_na(self) -> bool:
        """Whether a setting has no price while the other has one."""
        return any(setting.fee is None for setting in self.settings)

    @property
    def has_values(self) -> bool:
        """Whether the file gives relative values, paid by or not."""
        return bool(self.row.nonfacility_total or self.row.facility_total)

    @property
    def lines(self) -> list[WorkedLine]:
        """The calculation, one line per step; empty where there is no price."""
        fees = [setting.fee for setting in self.settings]
        if not any(fees):
            return []
        steps = [_step_line(fees, position) for position in range(3)]
        totals = [_each(fee, lambda f: plain(f.schedule.total)) for fee in fees]
        lines = [*steps, WorkedLine("Sum", totals), *self._paid()]
        return [*lines, *self.same._paid()] if self.same else lines

    def _paid(self) -> list[WorkedLine]:
        """Return the steps from the sum to the payment, by the conversion factor of the row."""
        fees = [setting.fee for setting in self.settings]
        who = _PAID_TO[self.row.qualifying]
        factor = f"× conversion factor ${plain(self.row.conversion_factor)}"
        amounts = [_each(fee, lambda f: f"${f.schedule.amount:,}") for fee in fees]
        lines = [WorkedLine(f"{factor}, {who}" if who else factor, amounts)]
        if any(fee and fee.cap for fee in fees):
            lines.append(WorkedLine("Limit: the outpatient hospital rate", [*map(_cap, fees)]))
        paid = [_each(fee, lambda f: f"${f.amount:,}") for fee in fees]
        title = f"Payment to {who}" if who else "Payment"
        return [*lines, WorkedLine(title, paid, is_result=True)]


def fee_rows(rows: Iterable[RelativeValue], locality: Locality | None) -> list[FeeRow]:
    """Return each row with its payment at a locality, at national indices without one.

    Two rows that differ by their conversion factor alone become one.
    """
    indices = NATIONAL
    if locality is not None:
        indices = Indices(locality.work_index, locality.practice_index, locality.malpractice_index)
    found: list[FeeRow] = []
    for row in rows:
        fee = _fee_row(row, indices)
        if found and found[-1].same is None and _is_same(found[-1].row, row):
            found[-1] = replace(found[-1], same=fee)
        else:
            found.append(fee)
    return found


def part_title(row: RelativeValue) -> str:
    """Return which part of a service a row stands for."""
    return _PARTS.get(row.modifier, f"Modifier {row.modifier}")


def _is_same(one: RelativeValue, other: RelativeValue) -> bool:
    """Return whether two rows differ by their conversion factor alone."""
    return one.qualifying != other.qualifying and _said(one) == _said(other)


def _said(row: RelativeValue) -> list[object]:
    return [getattr(row, field.name) for field in row._meta.fields if field.name not in _OF_FACTOR]


def plain(number: Decimal) -> str:
    """Return a number as it is, without the zeros after its second place."""
    text = f"{number.normalize():f}"
    whole, _, places = text.partition(".")
    return f"{whole}.{places:0<2}"


def _fee_row(row: RelativeValue, indices: Indices) -> FeeRow:
    title = part_title(row)
    if reason := _unpriced(row):
        return FeeRow(row, title, [], reason)
    settings = [
        _setting("Non-facility", row, indices, row.nonfacility_pe_rvu, row.opps_nonfacility_pe),
        _setting("Facility", row, indices, row.facility_pe_rvu, row.opps_facility_pe),
    ]
    is_na = (row.nonfacility_na, row.facility_na)
    settings = [
        Setting(setting.title, None) if na else setting
        for setting, na in zip(settings, is_na, strict=True)
    ]
    if all(is_na):
        return FeeRow(row, title, settings, "The file marks it NA in both settings.")
    return FeeRow(row, title, settings)


def _setting(
    title: str, row: RelativeValue, indices: Indices, practice: Decimal, opps_practice: Decimal
) -> Setting:
    factor = row.conversion_factor
    values = RelativeValues(row.work_rvu, practice, row.malpractice_rvu)
    schedule = payment(values, indices, factor)
    if not opps_practice and not row.opps_malpractice:
        return Setting(title, Fee(schedule))
    hospital = RelativeValues(row.work_rvu, opps_practice, row.opps_malpractice)
    return Setting(title, Fee(schedule, payment(hospital, indices, factor)))


def _unpriced(row: RelativeValue) -> str:
    """Return why the row is no price, as a sentence; empty where it is one."""
    if row.status not in PRICED_STATUSES:
        meaning = STATUS.explanation(row.status)
        return f"Status {row.status}. {meaning}" if meaning else f"Status {row.status}."
    if not row.nonfacility_total and not row.facility_total:
        return f"Status {row.status}, without relative values: Medicare's contractors price it."
    return ""


def _step_line(fees: list[Fee | None], position: int) -> WorkedLine:
    titles = {fee.schedule.steps[position].title for fee in fees if fee}
    return WorkedLine(titles.pop(), [_each(fee, lambda f: _product(f, position)) for fee in fees])


def _product(fee: Fee, position: int) -> str:
    step = fee.schedule.steps[position]
    return f"{plain(step.value)} × {step.index:.3f} = {plain(step.product)}"


def _cap(fee: Fee | None) -> str:
    if fee is None or fee.cap is None:
        return "none" if fee else "NA"
    return f"${fee.cap.amount:,}, {'lower' if fee.is_capped else 'not reached'}"


def _each(fee: Fee | None, show: Callable[[Fee], str]) -> str:
    return show(fee) if fee else "NA"
