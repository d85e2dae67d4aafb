"""Some chapters are for some patients alone."""

import pytest

from codes.casefinder.setting import Setting


@pytest.mark.parametrize(
    ("key", "note", "allowed"),
    [
        ("O2441", "Gestational diabetes, 28 weeks gestation.", True),
        ("O2441", "Diabetes.", False),
        ("P599", "Jaundice.", False),
        ("P599", "Newborn with jaundice.", True),
        ("W010XXA", "She tripped and fell.", True),
        ("W010XXA", "Cough.", False),
        ("E1065", "Type 1 diabetes with hyperglycemia.", True),
        ("E1065", "Diabetes with hyperglycemia.", False),
        ("E1165", "Diabetes with hyperglycemia.", True),
        ("Z794", "Insulin.", False),
    ],
)
def test_some_chapters_are_for_some_patients(key: str, note: str, allowed: bool) -> None:
    assert Setting.of(note, note).allows(key) is allowed


@pytest.mark.parametrize(
    ("note", "sex"),
    [
        ("64-year-old woman. He is her son.", "female"),
        ("35M pedestrian, she said.", "male"),
        ("58 y/o F", "female"),
        ("She has a lump.", "female"),
        ("He has a lump. She drove him.", ""),
        ("Lump of the breast.", ""),
    ],
)
def test_the_sex_is_what_the_note_says(note: str, sex: str) -> None:
    setting = Setting.of(note, note)
    assert setting.sex == sex
    assert setting.is_of_other_sex("Malignant neoplasm of left male breast") is (sex == "female")
    assert setting.is_of_other_sex("Malignant neoplasm of left female breast") is (sex == "male")


@pytest.mark.parametrize(
    ("descriptor", "told", "is_other"),
    [
        ("Injection, epoetin alfa, (for non-esrd use), 1000 units", "ESRD", True),
        ("Injection, epoetin alfa, (for non-esrd use), 1000 units", "anemia", False),
        ("Injection, epoetin alfa, 100 units (for esrd on dialysis)", "anemia", True),
        ("Injection, epoetin alfa, 100 units (for esrd on dialysis)", "on dialysis", False),
        ("Injection, heparin sodium, per 1000 units", "ESRD", False),
    ],
)
def test_some_drugs_are_named_for_the_kidneys(descriptor: str, told: str, is_other: bool) -> None:
    assert Setting.of(told, told).is_of_other_kidneys(descriptor) is is_other
