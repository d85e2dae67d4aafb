"""Billing units of a given dose: by the descriptor's unit, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.casefinder.doses import quantities, unit_of, units


@pytest.mark.parametrize(
    ("descriptor", "words", "said"),
    [
        (
            "Injection, ceftriaxone sodium, per 250 mg",
            "ceftriaxone 1 g IM",
            "1 g is 4 units of 250 mg",
        ),
        ("Injection, ketorolac, per 15 mg", "ketorolac 30 mg IV", "30 mg is 2 units of 15 mg"),
        ("Injection, ketorolac, per 15 mg", "ketorolac 20 mg IV", "20 mg is 2 units of 15 mg"),
        ("Injection, morphine, up to 10 mg", "morphine 4 mg IV", "4 mg is 1 unit of 10 mg"),
        ("Injection, fentanyl, 0.1 mg", "fentanyl 100 mcg", "100 mcg is 1 unit of 0.1 mg"),
        (
            "Injection, epoetin alfa, 100 units (for esrd on dialysis)",
            "epoetin alfa 6,000 units IV",
            "6,000 units is 60 units of 100 units",
        ),
        ("Infusion, normal saline, 1000 cc", "saline 500 ml", "500 ml is 1 unit of 1000 cc"),
    ],
)
def test_units_are_those_of_the_descriptor(descriptor: str, words: str, said: str) -> None:
    assert units(descriptor, words) == said


@pytest.mark.parametrize(
    ("descriptor", "words"),
    [
        ("Injection, morphine, up to 10 mg", "morphine 4 mg IV x 2"),
        ("Injection, docetaxel, 1 mg", "docetaxel 75 mg/m2"),
        ("Injection, heparin, per 1000 units", "heparin 18 units/kg/hr"),
        ("Injection, ondansetron, per 1 mg", "ondansetron 4 mg twice"),
        ("Injection, ondansetron, per 1 mg", "ondansetron 4 mg or 8 mg"),
        ("Injection, heparin, per 1000 units", "heparin 5 ml"),
        ("Injection, ceftazidime and avibactam, 0.5 g/0.125 g", "ceftazidime 2 g"),
        ("Injection, nivolumab, 2 mg and hyaluronidase-nvhy", "nivolumab 240 mg"),
        ("Fluocinolone, intravitreal implant, 0.01 mg", "fluocinolone 0.19 mg"),
        ("Platelets, each unit", "platelets, 2 units"),
        ("Injection, ceftriaxone sodium", "ceftriaxone 1 g"),
        ("Injection, ceftriaxone sodium, per 250 mg", "ceftriaxone"),
    ],
)
def test_nothing_is_said_where_the_dose_or_the_unit_is_not_plain(
    descriptor: str, words: str
) -> None:
    assert units(descriptor, words) == ""


@given(dose=st.integers(1, 100_000), unit=st.integers(1, 5_000))
def test_the_units_hold_the_dose_and_no_unit_too_many(dose: int, unit: int) -> None:
    said = units(f"Injection, statin, {unit} mg", f"statin {dose} mg")
    count = int(said.split(" is ")[1].split(" unit")[0].replace(",", ""))
    assert (count - 1) * unit < dose <= count * unit


@given(st.text(alphabet="0123456789., mgculnitsxX/", max_size=40))
def test_any_text_is_read(text: str) -> None:
    assert all(each.amount > 0 for each in quantities(text))
    unit_of(text)
