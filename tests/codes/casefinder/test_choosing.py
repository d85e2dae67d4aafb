"""Which hits count, and which code below a heading the words of a note ask for."""

import pytest

from codes.casefinder.choosing import (
    MIN_CONFIDENCE,
    Choice,
    Setting,
    at_least,
    choose,
    confidence,
    encounter_of,
    says_without,
    side_of,
)
from codes.search.answers import Group, Hit, TermKind


def hit(term: str, group: Group = Group.ALL_WORDS, *readings: str) -> Hit:
    return Hit(1, group, term, TermKind.DESCRIPTOR, readings, 1.0)


def choices(**descriptors: str) -> list[Choice]:
    return [Choice(n, key, text) for n, (key, text) in enumerate(descriptors.items())]


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


def test_the_side_of_the_note_decides_below_a_heading() -> None:
    below = choices(M25561="Pain in right knee", M25562="Pain in left knee")
    chosen = choose("Pain in knee", below, ["knee pain"], "left", "A")
    assert chosen is not None
    assert chosen.key == "M25562"


def test_without_a_side_the_unspecified_one() -> None:
    below = choices(
        M25561="Pain in right knee", M25562="Pain in left knee", M25569="Pain in unspecified knee"
    )
    chosen = choose("Pain in knee", below, ["knee pain"], "", "A")
    assert chosen is not None
    assert chosen.key == "M25569"


def test_nothing_is_chosen_where_the_words_do_not_say() -> None:
    assert choose("Pain", choices(A="Sharp pain", B="Dull pain"), ["pain"], "", "A") is None


@pytest.mark.parametrize(
    ("words", "encounter", "key"),
    [
        ("fracture", "A", "S52501A"),
        ("open fracture", "A", "S52501B"),
        ("fracture", "D", "S52501D"),
    ],
)
def test_the_seventh_character_follows_the_encounter(words: str, encounter: str, key: str) -> None:
    below = choices(S52501A="Initial, closed", S52501B="Initial, open", S52501D="Subsequent")
    chosen = choose("Fracture", below, [words], "", encounter)
    assert chosen is not None
    assert chosen.key == key


@pytest.mark.parametrize(
    ("sentence", "complaint", "character"),
    [
        ("Fracture of the radius.", "", "A"),
        ("Fracture of the radius, healing.", "", "D"),
        ("Fracture of the radius.", "Follow-up of wrist fracture.", "D"),
        ("Laceration of the arm.", "Follow-up of diabetes.", "A"),
        ("Pain as sequela of the fracture.", "", "S"),
    ],
)
def test_words_tell_the_encounter(sentence: str, complaint: str, character: str) -> None:
    assert encounter_of(sentence, complaint) == character


@pytest.mark.parametrize(
    ("text", "side"),
    [("left knee", "left"), ("both knees", "bilateral"), ("right and left", "bilateral"),
     ("knee", "")],
)  # fmt: skip
def test_reads_the_side(text: str, side: str) -> None:
    assert side_of(text) == side
