"""What a vaccine is against is no disease of the patient."""

import pytest

from codes.casefinder.vaccines import is_of_vaccine


@pytest.mark.parametrize(
    ("note", "at", "is_one"),
    [
        ("MMR, varicella and Hib vaccines given", "varicella", True),
        ("immunized; vaccinated against tetanus", "tetanus", True),
        ("Tdap given", "Tdap", True),
        ("Asthma, flu vaccine given", "Asthma", False),
        ("Varicella pneumonia", "Varicella", False),
    ],
)
def test_vaccines_are_told_from_diseases(note: str, at: str, is_one: bool) -> None:
    start = note.index(at)
    assert is_of_vaccine(note, start, start + len(at)) is is_one
