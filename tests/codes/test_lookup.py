"""Printed forms of codes, told apart from words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.lookup import PrintedCode, code_key, headings_above, one_slip_away, read


@pytest.mark.parametrize(
    ("text", "key", "modifiers"),
    [
        ("j96.01", "J9601", ()),
        ("J9601", "J9601", ()),
        (" 33948 ", "33948", ()),
        ("99213-25", "99213", ("25",)),
        ("99213 – 25", "99213", ("25",)),
        ("99213-25-59", "99213", ("25", "59")),
        ("CPT 33948", "33948", ()),
        ("CPT® code: 33948", "33948", ()),
        ("ICD-10-CM J96.01", "J9601", ()),
        ("icd10 i10", "I10", ()),
        ("J95.82-", "J9582", ()),
        ("S52.501A", "S52501A", ()),
        ("#g0439", "G0439", ()),
        ("0042T", "0042T", ()),
        ("9 9 2 1 3", None, ()),
        ("\uff13\uff13\uff19\uff14\uff18", "33948", ()),  # full-width digits
        ("0DTJ4ZZ", "0DTJ4ZZ", ()),
    ],
)
def test_reads_printed_forms(text: str, key: str | None, modifiers: tuple[str, ...]) -> None:
    assert read(text) == (PrintedCode(key, modifiers) if key else None)


@pytest.mark.parametrize("text", ["", "asthma", "heart failure", "type 2 diabetes", "B", "12"])
def test_words_are_no_codes(text: str) -> None:
    assert read(text) is None


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(text: str) -> None:
    printed = read(text)
    assert printed is None or printed.key == code_key(printed.key)


@given(
    st.from_regex(r"[A-Z][0-9][0-9A-Z][0-9A-Z]{0,4}", fullmatch=True),
    st.sampled_from(["{}", " {} ", "icd-10 {}", "#{}"]),
    st.booleans(),
)
def test_every_printed_form_of_a_diagnosis_has_its_key(key: str, form: str, lower: bool) -> None:
    dotted = f"{key[:3]}.{key[3:]}" if len(key) > 3 else key
    for printed in (key, dotted):
        text = form.format(printed.lower() if lower else printed)
        assert read(text) == PrintedCode(key)


def test_headings_are_those_that_the_code_would_stand_under() -> None:
    assert headings_above("J9605") == ["J960", "J96"]


@given(st.text(alphabet="ABJ0123456789", min_size=2, max_size=7), st.data())
def test_one_slip_away_contains_every_single_edit(key: str, data: st.DataObject) -> None:
    i = data.draw(st.integers(0, len(key) - 1))
    slips = {key[:i] + key[i + 1 :], key[:i] + "Z" + key[i + 1 :], key[:i] + "Z" + key[i:]}
    slips.add(key[:i] + key[i + 1 : i + 2] + key[i] + key[i + 2 :])
    assert slips - {key} <= set(one_slip_away(key))
    assert key not in one_slip_away(key)
