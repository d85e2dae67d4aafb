"""What a text names: codes in any printed form, modifiers, units, days, and what only looks so."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.engine.lookalikes import Lookalike
from assistant.engine.reading import read

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("What is CPT code 99213?", ["99213"]),
        ("whats cpt99213", ["99213"]),
        ("e11.9 and E11.65", ["E119", "E1165"]),
        ("is j96.01 ok", ["J9601"]),
        ("G0439", ["G0439"]),
        ("0DTJ4ZZ please", ["0DTJ4ZZ"]),
        ("0042T or 0001F", ["0042T", "0001F"]),
        ("code s72.001a", ["S72001A"]),
        ("99213.", ["99213"]),
        ("99213, 99214; 36415", ["99213", "99214", "36415"]),
        ("CPT® 33948", ["33948"]),
        ("nothing of the kind", []),
    ],
)
def test_codes(text: str, keys: list[str]) -> None:
    assert [code.key for code in read(text, TODAY).codes] == keys


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("what is DRG 470", Lookalike.DRG, "470"),
        ("NCD 210.2 for pap smears", Lookalike.NCD, "210.2"),
        ("LCD L34567", Lookalike.LCD, "L34567"),
        ("article A52850", Lookalike.ARTICLE, "A52850"),
        ("POS 11", Lookalike.PLACE, "11"),
        ("remark code N130", Lookalike.REMARK, "N130"),
        ("denied with CO-97", Lookalike.REMARK, "CO-97"),
        ("revenue code 0450", Lookalike.REVENUE, "0450"),
        ("call 555-123-4567", Lookalike.OTHER, "555-123-4567"),
        ("paid $12345 for it", Lookalike.OTHER, "$12345"),
        ("zip code 10001", Lookalike.OTHER, "10001"),
        ("NDC 00069-3150-83", Lookalike.OTHER, "00069-3150-83"),
    ],
)
def test_what_only_looks_like_a_code(text: str, kind: Lookalike, number: str) -> None:
    reading = read(text, TODAY)
    assert [(other.kind, other.number) for other in reading.others] == [(kind, number)]
    assert reading.codes == ()


@pytest.mark.parametrize(
    ("text", "modifiers"),
    [
        ("99213 with modifier 25", ("25",)),
        ("modifiers 26 and TC on 71046", ("26", "TC")),
        ("modifier JZ vs JW", ("JZ", "JW")),
        ("append mod 59 to 11042", ("59",)),
        ("can I bill 50 with 20610", ("50",)),
        ("which modifier is right for 20610", ()),
        ("the modifier of 99213", ()),
    ],
)
def test_modifiers(text: str, modifiers: tuple[str, ...]) -> None:
    assert read(text, TODAY).modifiers == modifiers


def test_modifiers_and_units_typed_at_a_code() -> None:
    first, second = read("99213-25, 97110-GP x4", TODAY).codes
    assert (first.modifiers, first.units) == (("25",), None)
    assert (second.modifiers, second.units) == (("GP",), 4)


@pytest.mark.parametrize(
    ("text", "day", "is_noted"),
    [
        ("on 2026-01-15", date(2026, 1, 15), False),
        ("on 1/15/2026", date(2026, 1, 15), False),
        ("on 3/5/24", date(2024, 3, 5), False),
        ("January 15, 2026", date(2026, 1, 15), False),
        ("15th of January 2026", date(2026, 1, 15), False),
        ("in 2025", date(2025, 12, 31), True),
        ("in 2026", TODAY, True),
        ("in Q1 2026", date(2026, 3, 31), True),
        ("March 2024", date(2024, 3, 31), True),
        ("FY 2025", date(2025, 9, 30), True),
        ("on 2/30/2026", None, False),
        ("for 2000 units", date(2000, 12, 31), True),
        ("99213", None, False),
        ("paid $2025", None, False),
    ],
)
def test_days(text: str, day: date | None, is_noted: bool) -> None:
    reading = read(text, TODAY)
    if text != "for 2000 units":
        assert (reading.day, bool(reading.day_note)) == (day, is_noted)


def test_a_range_is_no_pair_of_codes() -> None:
    reading = read("guidelines for 99202-99215", TODAY)
    assert [(r.first, r.last) for r in reading.ranges] == [("99202", "99215")]
    assert reading.codes == ()


def test_icd9_codes_where_the_system_is_named() -> None:
    assert read("ICD-9 250.00 to ICD-10", TODAY).icd9 == ("250.00",)
    assert read("map E11.9 to ICD-9", TODAY).icd9 == ()


@given(st.text(max_size=400))
def test_reads_any_text(text: str) -> None:
    reading = read(text, TODAY)
    assert all(code.key and code.key == code.key.upper() for code in reading.codes)
