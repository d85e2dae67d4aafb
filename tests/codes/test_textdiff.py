"""The comparison of two wordings."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from codes.textdiff import MAX_WORDS, Piece, compare

wordings = st.text(alphabet=st.sampled_from("ab c\n.\u2028é"), max_size=60)


def test_changed_words_stand_alone() -> None:
    assert compare("An old patient\nSame\n", "A new patient\nSame\n") == [
        Piece("del", "An"),
        Piece("ins", "A"),
        Piece("same", " "),
        Piece("del", "old"),
        Piece("ins", "new"),
        Piece("same", " patient\nSame\n"),
    ]


def test_equal_wordings_are_one_piece() -> None:
    assert compare("One\nTwo", "One\nTwo") == [Piece("same", "One\nTwo")]


def test_long_passages_are_replaced_in_one_piece() -> None:
    old, new = "a " * MAX_WORDS, "b " * MAX_WORDS
    assert compare(old, new) == [Piece("del", old), Piece("ins", new)]


@given(wordings, wordings)
def test_pieces_make_up_both_wordings(old: str, new: str) -> None:
    pieces = compare(old, new)
    assert "".join(p.text for p in pieces if p.change != "ins") == old
    assert "".join(p.text for p in pieces if p.change != "del") == new
    assert all(p.text for p in pieces)
    assert all(a.change != b.change for a, b in pairwise(pieces))
