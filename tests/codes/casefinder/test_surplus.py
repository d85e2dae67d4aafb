"""What a name says beyond the note."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.casefinder.findings import read
from codes.casefinder.passages import sentences
from codes.casefinder.stems import stems
from codes.casefinder.surplus import surplus, told_stems


def beyond(note: str, *names: str) -> frozenset[str]:
    """Return what the names say beyond a note."""
    return surplus(names, told_stems(read(sentences(note))))


@pytest.mark.parametrize(
    ("note", "name"),
    [
        ("Ulcer of the calf.", "Ulcers of calf, unspecified"),
        ("COPD with exacerbation.", "COPD with (acute) exacerbation"),
        ("Migraine.", "Migraine without aura"),
        ("Gastroesophageal reflux.", "Esophageal reflux disease"),
        ("Intestinal adhesions.", "Intestinal adhesions [bands]"),
        ("Diabetes.", "Type 2 diabetes mellitus"),
    ],
)
def test_a_name_that_says_no_more(note: str, name: str) -> None:
    assert beyond(note, name) == frozenset()


@pytest.mark.parametrize(
    ("note", "name", "more"),
    [
        ("Wound draining.", "Osteomyelitis with draining sinus", "osteomyelitis sinus"),
        ("Ulcer. No gangrene.", "Ulcer with gangrene", "gangrene"),
        ("Brother with gout. Ulcer.", "Ulcer due to gout", "gout"),
    ],
)
def test_a_name_that_says_more_than_is_told(note: str, name: str, more: str) -> None:
    assert beyond(note, name) == stems(more) - stems("due")


def test_the_most_fitting_name_counts() -> None:
    assert beyond("Hives.", "Urticaria", "Hives") == frozenset()


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_note_that_says_the_name_leaves_nothing(note: str, name: str) -> None:
    told = frozenset(stems(f"{note} {name}"))
    assert surplus([name], told) == frozenset()


def test_two_parts_of_the_body_in_a_name_are_either_or_both() -> None:
    told = frozenset({"osteomyelitis", "foot"})
    assert surplus(["Osteomyelitis, ankle and foot"], told) == frozenset()
    assert surplus(["Osteomyelitis, ankle and hand"], told) == {"ankl", "hand"}
    assert surplus(["Osteomyelitis of foot and fever"], told) == {"fever"}
