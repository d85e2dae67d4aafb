"""Sides of the body, in notes and in descriptors."""

import pytest

from codes.casefinder.laterality import by_side, side_of


@pytest.mark.parametrize(
    ("text", "side"),
    [("left knee", "left"), ("both knees", "bilateral"), ("right and left", "bilateral"),
     ("knee", "")],
)  # fmt: skip
def test_reads_the_side(text: str, side: str) -> None:
    assert side_of(text) == side


@pytest.mark.parametrize(
    ("open_", "others", "sides"),
    [
        (
            "Pain in unspecified hand",
            ["Pain in left hand", "Pain in right hand", "Pain in right wrist"],
            {"right": 1, "left": 0},
        ),
        (
            "Age-related nuclear cataract, unspecified eye",
            ["Age-related nuclear cataract, right eye", "Age-related nuclear cataract, bilateral"],
            {"right": 0, "bilateral": 1},
        ),
        (
            "Unilateral primary osteoarthritis, unspecified knee",
            ["Unilateral primary osteoarthritis, left knee", "Bilateral primary osteoarthritis"
             " of knee"],
            {"left": 0, "bilateral": 1},
        ),
        ("Sciatica, right side", ["Sciatica, left side"], {}),
        ("Cough, unspecified", ["Acute cough", "Chronic cough"], {}),
        ("Unspecified cataract", ["Cataract of right eye with glaucoma"], {}),
    ],
)  # fmt: skip
def test_knows_the_same_of_another_side(
    open_: str, others: list[str], sides: dict[str, int]
) -> None:
    assert by_side(open_, dict(enumerate(others))) == sides
