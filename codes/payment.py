"""What Medicare pays under the physician fee schedule, worked out step by step. Pure: no Django.

Payment = (work × work index + practice expense × its index + malpractice × its index) × conversion
factor. Source: CMS, National Physician Fee Schedule Relative Value File, and 42 CFR 414.20–414.30.
Relative values and indices are unitless, conversion factors and amounts are US dollars. Nothing is
rounded before the amount itself, which is rounded to the cent, half a cent upwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_CENT: Final = Decimal("0.01")

PRICED_STATUSES: Final = frozenset("ART")
"""Status codes whose relative values are a price: active, restricted coverage, and injections
that are paid when nothing else is paid to the same provider on the day."""


@dataclass(frozen=True, slots=True)
class RelativeValues:
    """The three parts of a service's relative value in one setting."""

    work: Decimal
    practice: Decimal
    malpractice: Decimal


@dataclass(frozen=True, slots=True)
class Indices:
    """The three geographic practice cost indices (GPCI) of a locality."""

    work: Decimal
    practice: Decimal
    malpractice: Decimal


NATIONAL: Final = Indices(Decimal(1), Decimal(1), Decimal(1))
"""The indices of the national amounts, which no locality pays."""


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the value, adjusted to the locality; the product is exact."""

    title: str
    value: Decimal
    index: Decimal

    @property
    def product(self) -> Decimal:
        """The adjusted relative value."""
        return self.value * self.index


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment with the steps that lead to it."""

    steps: tuple[Step, Step, Step]
    factor: Decimal

    @property
    def total(self) -> Decimal:
        """The sum of the adjusted relative values, exact."""
        return sum((step.product for step in self.steps), Decimal(0))

    @property
    def amount(self) -> Decimal:
        """The payment in dollars and cents."""
        return cents(self.total * self.factor)


@dataclass(frozen=True, slots=True)
class Fee:
    """What is paid in one setting: by the fee schedule, but never more than ``cap``.

    ``cap`` is what a hospital's outpatient department would be paid for the same imaging; the law
    limits the technical component to it (section 1848(b)(4) of the Social Security Act).
    """

    schedule: Payment
    cap: Payment | None = None

    @property
    def is_capped(self) -> bool:
        """Whether the cap is the lower of the two."""
        return self.cap is not None and self.cap.amount < self.schedule.amount

    @property
    def amount(self) -> Decimal:
        """What is paid, in dollars and cents."""
        if self.cap is None:
            return self.schedule.amount
        return min(self.schedule.amount, self.cap.amount)


def payment(values: RelativeValues, indices: Indices, factor: Decimal) -> Payment:
    """Return what a service is paid at a locality with these indices."""
    steps = (
        Step("Work", values.work, indices.work),
        Step("Practice expense", values.practice, indices.practice),
        Step("Malpractice", values.malpractice, indices.malpractice),
    )
    return Payment(steps, factor)


def cents(dollars: Decimal) -> Decimal:
    """Return an amount rounded to the cent, half a cent upwards."""
    return dollars.quantize(_CENT, rounding=ROUND_HALF_UP)
