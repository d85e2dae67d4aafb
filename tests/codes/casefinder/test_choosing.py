"""Which code below a heading the words of a note ask for."""

import pytest

from codes.casefinder.choosing import Choice, choose, encounter_of


def choices(**descriptors: str) -> list[Choice]:
    return [Choice(n, key, text) for n, (key, text) in enumerate(descriptors.items())]


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


def test_what_a_note_does_not_tell_is_not_there() -> None:
    of_gout = choices(
        M1A9XX0="Chronic gout, unspecified, without tophus",
        M1A9XX1="Chronic gout, unspecified, with tophus",
    )
    assert choose("Chronic gout, unspecified", of_gout, ["gout"], "", "A") is of_gout[0]
