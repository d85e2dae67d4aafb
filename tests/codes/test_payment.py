"""The arithmetic of Medicare payments: examples worked by hand, and what always holds."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.payment import NATIONAL, Fee, Indices, Payment, RelativeValues, cents, payment

D = Decimal

units = st.decimals(min_value=0, max_value=999, places=2)
indices = st.builds(Indices, *[st.decimals(min_value="0.1", max_value=3, places=3)] * 3)
factors = st.decimals(min_value=1, max_value=99, places=4)
values = st.builds(RelativeValues, units, units, units)


def test_a_visit_at_the_national_rate() -> None:
    # 2025, 99213 outside a facility: 1.30 + 1.35 + 0.10 = 2.75; 2.75 × 32.3465 = 88.952875
    paid = payment(RelativeValues(D("1.30"), D("1.35"), D("0.10")), NATIONAL, D("32.3465"))
    assert paid.total == D("2.75")
    assert paid.amount == D("88.95")


def test_a_visit_in_manhattan() -> None:
    # 1.30 × 1.065 = 1.3845; 1.35 × 1.166 = 1.5741; 0.10 × 1.656 = 0.1656; together 3.1242;
    # 3.1242 × 32.3465 = 101.0569353
    manhattan = Indices(D("1.065"), D("1.166"), D("1.656"))
    paid = payment(RelativeValues(D("1.30"), D("1.35"), D("0.10")), manhattan, D("32.3465"))
    assert [step.product for step in paid.steps] == [D("1.3845"), D("1.5741"), D("0.1656")]
    assert paid.total == D("3.1242")
    assert paid.amount == D("101.06")


def test_an_operation_at_a_locality_of_2024() -> None:
    # (6.26 × 1 + 4.36 × 0.883 + 0.99 × 1.125) × 32.744 = 11.22363 × 32.744 = 367.50654072
    place = Indices(D(1), D("0.883"), D("1.125"))
    paid = payment(RelativeValues(D("6.26"), D("4.36"), D("0.99")), place, D("32.744"))
    assert paid.total == D("11.22363")
    assert paid.amount == D("367.51")


@pytest.mark.parametrize(
    ("exact", "rounded"), [("0.005", "0.01"), ("0.015", "0.02"), ("0.025", "0.03"), ("1", "1.00")]
)
def test_half_a_cent_is_rounded_up(exact: str, rounded: str) -> None:
    assert cents(D(exact)) == D(rounded)


def test_imaging_is_paid_no_more_than_in_a_hospital() -> None:
    # 2025, 71275 TC: schedule 5.99 + 0.03 = 6.02, 194.73; hospital 5.48 + 0.03 = 5.51, 178.23
    schedule = payment(RelativeValues(D(0), D("5.99"), D("0.03")), NATIONAL, D("32.3465"))
    cap = payment(RelativeValues(D(0), D("5.48"), D("0.03")), NATIONAL, D("32.3465"))
    assert (schedule.amount, cap.amount) == (D("194.73"), D("178.23"))
    assert Fee(schedule, cap).amount == D("178.23")
    assert Fee(schedule, cap).is_capped
    assert Fee(cap, schedule).amount == D("178.23")
    assert not Fee(cap, schedule).is_capped
    assert not Fee(schedule).is_capped


@given(values, indices, factors)
def test_the_amount_is_within_half_a_cent_of_the_exact_product(
    parts: RelativeValues, place: Indices, factor: Decimal
) -> None:
    paid = payment(parts, place, factor)
    exact = factor * (
        parts.work * place.work
        + parts.practice * place.practice
        + parts.malpractice * place.malpractice
    )
    assert abs(paid.amount - exact) <= D("0.005")
    assert paid.amount.as_tuple().exponent == -2


@given(values, factors)
def test_national_indices_change_nothing(parts: RelativeValues, factor: Decimal) -> None:
    paid = payment(parts, NATIONAL, factor)
    assert paid.total == parts.work + parts.practice + parts.malpractice


@given(values, indices, indices, factors)
def test_a_higher_index_never_pays_less(
    parts: RelativeValues, one: Indices, other: Indices, factor: Decimal
) -> None:
    low = Indices(*map(min, _three(one), _three(other)))
    high = Indices(*map(max, _three(one), _three(other)))
    assert payment(parts, low, factor).amount <= payment(parts, high, factor).amount


@given(values, values, factors)
def test_a_fee_is_the_lower_of_schedule_and_cap(
    parts: RelativeValues, hospital: RelativeValues, factor: Decimal
) -> None:
    schedule: Payment = payment(parts, NATIONAL, factor)
    cap = payment(hospital, NATIONAL, factor)
    fee = Fee(schedule, cap)
    assert fee.amount == min(schedule.amount, cap.amount)
    assert fee.is_capped == (cap.amount < schedule.amount)


def _three(place: Indices) -> tuple[Decimal, Decimal, Decimal]:
    return place.work, place.practice, place.malpractice
