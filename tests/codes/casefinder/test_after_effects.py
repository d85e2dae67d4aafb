"""What a stroke has left, what chemotherapy has done, and what an old operation left in place."""

import pytest

from codes.casefinder.findings import read
from codes.casefinder.passages import sentences
from codes.casefinder.rules import alcohol_code, proposals


def proposed(note: str) -> set[str]:
    return {each.display for each in proposals(read(sentences(note)), note)}


@pytest.mark.parametrize(
    ("note", "display"),
    [
        ("Left hemiparesis following the cerebral infarction of 2022.", "I69.354"),
        ("Right hemiplegia due to an old stroke.", "I69.351"),
        ("Right hemiparesis, nondominant side, after a stroke.", "I69.353"),
        ("Mild dysarthria from the old stroke.", "I69.322"),
        ("Peripheral neuropathy due to chemo.", "G62.0"),
        ("Peripheral neuropathy due to chemo.", "T45.1X5A"),
        ("PMH: CAD, s/p LAD stent 2021", "Z95.5"),
        ("Status post CABG.", "Z95.1"),
        ("G3P2 at 34w2d. Previous cesarean x1 for breech.", "O34.219"),
        ("EtOH 210 mg/dL.", "Y90.7"),
    ],
)
def test_what_is_left(note: str, display: str) -> None:
    assert display in proposed(note)


@pytest.mark.parametrize(
    "note",
    [
        "Left hemiparesis, acute ischemic stroke.",
        "No dysarthria after the stroke.",
        "Father with aphasia from a stroke.",
        "Chemotherapy given without neuropathy.",
        "Discussed CABG.",
        "Previous cesarean. Annual examination.",
    ],
)
def test_what_is_not(note: str) -> None:
    assert not {one for one in proposed(note) if one.startswith(("I69", "T45", "G62", "Z95", "O"))}


@pytest.mark.parametrize(("level", "display"), [(10, "Y90.0"), (100, "Y90.5"), (240, "Y90.8")])
def test_a_level_of_alcohol_has_its_code(level: int, display: str) -> None:
    assert alcohol_code(level) == display
