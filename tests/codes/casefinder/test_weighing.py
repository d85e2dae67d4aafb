"""Which hits count: how much of a query their words have, and how little more."""

import pytest

from codes.casefinder.weighing import MIN_CONFIDENCE, at_least, confidence, says_without
from codes.search.answers import Group, Hit, TermKind


def hit(term: str, group: Group = Group.ALL_WORDS, *readings: str) -> Hit:
    return Hit(1, group, term, TermKind.DESCRIPTOR, readings, 1.0)


def test_an_exact_name_is_surer_than_a_longer_one() -> None:
    whole = confidence(["cough"], hit("Cough", Group.EXACT_DESCRIPTOR))
    assert whole > confidence(["cough"], hit("Whooping cough, unspecified species"))


def test_one_word_of_a_long_name_is_not_enough() -> None:
    found = hit("Displaced fracture of lateral condyle of femur")
    assert confidence(["femur"], found) < MIN_CONFIDENCE


def test_words_that_no_name_has_make_it_less_sure() -> None:
    found = hit("Gout", Group.MOST_WORDS)
    assert confidence(["gout", "teacher"], found) < confidence(["gout"], found)


def test_what_an_abbreviation_means_counts_as_said() -> None:
    found = hit("Myocardial infarction", Group.ALL_WORDS, "MI: myocardial infarction")
    assert confidence(["MI"], found) > 0.9


def test_beside_a_sure_hit_only_sure_ones_stand() -> None:
    assert at_least(1.0) > at_least(0.6) == MIN_CONFIDENCE


@pytest.mark.parametrize(
    ("term", "says"),
    [("Migraine without aura", True), ("Migraine with aura", False), ("Aura without it", False)],
)
def test_without_is_said_only_behind_the_word(term: str, says: bool) -> None:
    assert says_without("aura", hit(term)) is says
