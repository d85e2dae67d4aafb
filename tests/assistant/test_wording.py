"""What of a model's prose stays: only what its facts bear out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.engine.answer import Fact, Level, Topic
from assistant.engine.guard import unproven
from assistant.wording import checked


def fact(number: int, text: str, **more: Any) -> Fact:
    """Return a fact whose printed values are its text."""
    values: dict[str, Any] = {"values": (text,), "citations": (), "level": Level.OPEN} | more
    return Fact(f"F{number}", "code", Topic.CODES, text, **values)


FACTS = (
    fact(1, "99213: visit of a known patient, valid from 1 January 2026."),
    fact(2, "36415 is not paid beside 99213; no modifier opens this edit."),
    fact(3, "The limit of J1100 is 10 units a day."),
    fact(4, "Modifier 25 may be reported with 99213."),
)


def kept(text: str) -> list[str]:
    return [one.text for one in checked(text, FACTS).sentences]


@pytest.mark.parametrize(
    ("text", "sentence", "facts"),
    [
        ("99213 is a visit of a known patient [F1].", "99213 is a visit of a known patient.", "F1"),
        ("It is not paid beside 99213. [F2]", "It is not paid beside 99213.", "F2"),
        ("Report at most 10 units of J1100 a day [F3, F1].", None, ""),
        (
            "- The limit of J1100 is 10 units a day [F3]",
            "The limit of J1100 is 10 units a day",
            "F3",
        ),
        ("From 2026-01-01 99213 is valid [F1].", "From 2026-01-01 99213 is valid.", "F1"),
    ],
)
def test_what_stays(text: str, sentence: str | None, facts: str) -> None:
    prose = checked(text, FACTS)
    assert [one.text for one in prose.sentences] == ([sentence] if sentence else [])
    assert [one.facts for one in prose.sentences] == ([(facts,)] if sentence else [])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("99213 is a visit of a known patient.", "names no fact"),
        ("99213 is a visit [F9].", "names no fact"),
        ("99213 is a visit [F1, F9].", "a fact that is not there"),
        ("99214 is a visit of a known patient [F1].", "99214"),
        ("The limit of J1100 is 12 units a day [F3].", "12"),
        ("The limit of J1100 is twelve units a day [F3].", "12"),
        ("99213 is valid from 1 March 2026 [F1].", "day 2026-03-01"),
        ("Modifier 59 may be reported with 99213 [F4].", "59"),
        ("The limit of J1100 is $10.50 a day [F3].", "10.5"),
        ("36415 is paid beside 99213 [F2].", "turned"),
        ("99213 is not a visit of a known patient [F1].", "turned"),
        ("99213 may be a visit of a known patient [F1].", "turned"),
        ("99213 must be a visit of a known patient [F1].", "turned"),
        ("99213 is a heart transplant [F1].", "speaks of: heart, transplant"),
        ("There is no question [F2].", "says nothing"),
        ("See https://example.org about 99213 [F1].", "no plain sentence"),
        ("<b>99213</b> is a visit [F1].", "no plain sentence"),
        ("99213 " + "is a visit " * 60 + "[F1].", "no plain sentence"),
    ],
)
def test_what_is_removed_and_why(text: str, why: str) -> None:
    prose = checked(text, FACTS)
    assert prose.sentences == ()
    assert prose.removed == 1
    assert why in prose.why[0]


def test_each_sentence_stands_by_itself() -> None:
    prose = checked(
        "99213 is a visit of a known patient [F1]. It pays $500 [F1]. J1100 has a limit of 10"
        " units a day [F3].",
        FACTS,
    )
    assert [one.facts for one in prose.sentences] == [("F1",), ("F3",)]
    assert prose.removed == 1


def test_a_long_text_is_cut() -> None:
    prose = checked("99213 is a visit [F1]. " * 20, FACTS)
    assert (len(prose.sentences), prose.removed) == (8, 12)


@pytest.mark.parametrize("text", ["", "   ", "[F1]", "...", "\n\n"])
def test_nothing(text: str) -> None:
    assert kept(text) == []


_PIECES = (
    "99213|99214|J1100|10|12|modifier 25|modifier 59|is|not|paid|a visit|of a known patient"
    "|1 January 2026|$3|[F1]|[F2]|[F3]|[F9]|."
)
_PIECE = st.sampled_from(_PIECES.split("|"))


@given(st.lists(_PIECE, max_size=40).map(" ".join) | st.text(max_size=300))
def test_whatever_is_written_what_stays_is_in_its_facts(text: str) -> None:
    by_id = {one.id: one for one in FACTS}
    for sentence in checked(text, FACTS).sentences:
        assert sentence.facts
        assert not unproven(sentence.text, [by_id[one] for one in sentence.facts])
