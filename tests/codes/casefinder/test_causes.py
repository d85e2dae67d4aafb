"""Causes, places and activities of accidents: what sentences state, deny or tell of others."""

import pytest

from codes.casefinder import cause_rules, place_rules, rules
from codes.casefinder.findings import read
from codes.casefinder.passages import sentences
from codes.importers import files
from codes.importers.icd10cm_tabular import packaged_files, read_list


def proposed(note: str) -> list[str]:
    return [each.display for each in rules.proposals(read(sentences(note)), note)]


@pytest.mark.parametrize(
    ("note", "codes"),
    [
        ("Fell from a 6-foot ladder.", ["W11.XXXA"]),
        ("Fell off the roof of a barn.", ["W13.2XXA"]),
        ("Rolled out of bed.", ["W06.XXXA"]),
        ("Fell from a chair in the kitchen at home.", ["W07.XXXA", "Y92.000"]),
        ("Slipped on ice on the sidewalk.", ["W00.0XXA", "Y92.480"]),
        ("Slipped on icy steps.", ["W00.1XXA"]),
        ("Tripped over a rug and fell in her apartment.", ["W01.0XXA", "Y92.039"]),
        ("Fell in the shower.", ["W18.2XXA"]),
        ("Had a fall yesterday.", ["W19.XXXA"]),
        ("She fell and hit her head.", ["W19.XXXA"]),
        ("Fell yesterday.", ["W19.XXXA"]),
        ("Bitten on the hand by a stray dog.", ["W54.0XXA"]),
        ("Cat bite of the left thumb.", ["W55.01XA"]),
        ("Cut the thumb with a paring knife while slicing bread.", ["W26.0XXA", "Y93.G1"]),
        ("Burn of the thigh from hot coffee.", ["X10.0XXA"]),
        ("Scalded by boiling water.", ["X12.XXXA"]),
        ("Sprained his ankle playing basketball at school.", ["Y93.67"]),
        ("Pedestrian hit by a bus.", ["V04.10XA"]),
        ("Cyclist struck by a car.", ["V13.4XXA"]),
        ("Restrained driver, rear-ended by another car.", ["V43.52XA"]),
        ("Rear seat passenger in a car that crashed into a tree.", ["V47.6XXA"]),
        ("40-year-old woman, belted front seat passenger, hit by a truck.", ["V49.50XA"]),
        ("Back seat passenger, car hit by another car.", ["V43.62XA"]),
        ("The driver's side was hit in an MVC.", ["V89.2XXA"]),
        ("Back strain while lifting a heavy box at work.", ["X50.0XXA", "Y99.0"]),
        ("Motorcyclist collided with a van.", ["V23.49XA"]),
    ],
)
def test_says_how_it_happened(note: str, codes: list[str]) -> None:
    assert proposed(note) == codes


@pytest.mark.parametrize(
    "note",
    [
        "He did not fall.",
        "Denies a fall.",
        "Her brother fell from a roof.",
        "Fall risk, fall precautions.",
        "Her oxygen saturation fell during sleep.",
        "Uses a space heater at home.",
        "Chest pain while walking.",
        "Back pain at work.",
        "Her husband was a passenger in a car that crashed.",
        "The passenger was hurt when the car crashed into a tree.",
        "She fell asleep at noon.",
        "Fell behind on vaccines.",
        "Return if you fall from bed.",
        "Never bitten by a dog.",
        "Cat scratch disease.",
        "FH: father fell from a ladder",
        "Lives at home.",
        "Plays basketball twice a week.",
        "Iron deficiency.",
        "Blood pressure fell to 90/60.",
    ],
)
def test_proposes_no_cause_that_is_not_told(note: str) -> None:
    assert proposed(note) == []


def test_a_later_visit_has_its_own_character_and_no_place() -> None:
    note = "Follow-up of a wrist fracture after she fell from a chair at home, healing well."
    assert proposed(note) == ["W07.XXXD"]


def test_every_cause_place_and_activity_is_a_code() -> None:
    _, listing = packaged_files()
    keys = read_list(files.text_of(listing, limit=16 << 20), file=listing.name)
    causes = [each.display for group in cause_rules.GROUPS for each in group]
    causes += [display for _, _, display, _ in cause_rules.TRANSPORT]
    named = [f"{display}{character}" for display in causes for character in "ADS"]
    named += [each.display for each in (*place_rules.PLACES, *place_rules.ACTIVITIES)]
    named += [
        f"{home}{digit}" for home, rooms in place_rules.ROOMS.items() for digit in rooms.values()
    ]
    named.append(place_rules.AT_WORK.display)
    assert [display for display in named if display.replace(".", "") not in keys] == []
    assert {home for _, home in place_rules.HOMES} == place_rules.ROOMS.keys()
