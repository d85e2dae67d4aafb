"""The guard: no code, number, date or modifier in a text that its facts do not hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.engine import guard
from assistant.engine.answer import Fact, Level, Topic


def fact(*values: str) -> Fact:
    """Return a fact with these printed fields."""
    return Fact("F1", "fee", Topic.COVERAGE, "", (), Level.OPEN, values=values)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("99213 pays $88.95", ["99213", "88.95"]),
        ("E11.9 is ICD-10-CM", ["E119"]),
        ("1,234.50 units", ["1234.5"]),
        ("on 15 January 2026", ["2026-01-15"]),
        ("on January 15, 2026", ["15 January 2026"]),
        ("on 01/15/2026", ["15 January 2026"]),
        ("column 1 and column 2, an Excludes1 note", []),
        ("modifiers LT, RT and 50", ["LT", "RT", "50"]),
        ("the 7th character", []),
        ("two units", ["2"]),
        ("known where more than one edition is loaded", []),
        ("plain words, a few", []),
    ],
)
def test_passes_what_the_facts_hold(text: str, values: list[str]) -> None:
    assert guard.unproven(text, [fact(*values)]) == set()


@pytest.mark.parametrize(
    ("text", "values", "missing"),
    [
        ("99214 pays $88.95", ["99213", "88.95"], {"99214"}),
        ("99213 pays $125", ["99213", "88.95"], {"125"}),
        ("E11.65", ["E119"], {"E1165"}),
        ("on 16 January 2026", ["15 January 2026"], {"day 2026-01-16"}),
        ("modifier 59", ["modifier 25"], {"59"}),
        ("modifiers LT and RT", ["modifier LT"], {"RT"}),
        ("three units", ["2"], {"3"}),
        ("global days 090", ["010"], {"090"}),
        ("99213-25", ["99213"], {"25"}),
    ],
)
def test_catches_what_they_do_not(text: str, values: list[str], missing: set[str]) -> None:
    assert guard.unproven(text, [fact(*values)]) == missing


@given(st.text(max_size=200))
def test_a_text_is_proven_by_itself(text: str) -> None:
    assert guard.unproven(text, [fact(text)]) == set()


@given(st.integers(10000, 99999), st.integers(10000, 99999))
def test_another_code_is_never_proven(one: int, other: int) -> None:
    found = guard.unproven(f"{one} is paid", [fact(str(other))])
    assert bool(found) is (one != other)
