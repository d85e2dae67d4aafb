"""Which words are marked in a result, and that a marked text is the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.search_highlight import Wanted, marked


def shown(text: str, query: str, *readings: str) -> str:
    pieces = marked(text, Wanted.of(query, readings))
    return "".join(f"[{each.text}]" if each.is_marked else each.text for each in pieces)


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Heart failure, unspecified", "heart", "[Heart] failure, unspecified"),
        ("Hypertension", "hyper", "[Hypertension]"),
        ("Fracture of femur", "fractures", "[Fracture] of femur"),
        ("Fracture of femur", "of the", "Fracture of femur"),
        ("Ménière's disease", "meniere", "[Ménière]'s disease"),
        ("Vitamin A deficiency", "a", "Vitamin A deficiency"),
        ("Type 2 diabetes", "2", "Type [2] diabetes"),
        ("", "heart", ""),
        ("Heart", "", "Heart"),
    ],
)
def test_typed_words_are_marked(text: str, query: str, expected: str) -> None:
    assert shown(text, query) == expected


def test_what_a_word_was_read_as_is_marked() -> None:
    assert shown("Old myocardial infarction", "MI", "MI: myocardial infarction") == (
        "Old [myocardial] [infarction]"
    )


@given(st.text(max_size=80), st.text(max_size=40), st.lists(st.text(max_size=30), max_size=3))
def test_the_pieces_are_the_text(text: str, query: str, readings: list[str]) -> None:
    pieces = marked(text, Wanted.of(query, readings))
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.text for piece in pieces)
