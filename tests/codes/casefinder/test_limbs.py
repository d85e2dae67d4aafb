"""Which limb a text speaks of."""

import pytest

from codes.casefinder.limbs import is_other_limb, limbs_in


@pytest.mark.parametrize(
    ("text", "limbs"),
    [
        ("MRSA cellulitis of the left forearm", {"upper"}),
        ("Cellulitis of left lower limb", {"lower"}),
        ("pain in arms and legs", {"upper", "lower"}),
        ("charming legend of a foothold", set()),
    ],
)
def test_a_text_names_its_limbs(text: str, limbs: set[str]) -> None:
    assert limbs_in(text) == limbs


@pytest.mark.parametrize(
    ("descriptor", "words", "is_other"),
    [
        ("Cellulitis of left lower limb", "cellulitis of the left forearm", True),
        ("Cellulitis of left upper limb", "cellulitis of the left forearm", False),
        ("Cellulitis, unspecified", "cellulitis of the left forearm", False),
        ("Pain in unspecified limb", "leg pain", False),
        ("Cellulitis of left lower limb", "cellulitis", False),
        ("Monoplegia of lower limb", "weakness of arm and leg", False),
    ],
)
def test_a_descriptor_of_the_other_limb_is_told(
    descriptor: str, words: str, is_other: bool
) -> None:
    assert is_other_limb(descriptor, words) is is_other
