"""Which limb a text speaks of: that of the arm or that of the leg. Pure; imports no Django."""

import re
from typing import Final

_LIMBS: Final = {
    "upper": re.compile(
        r"\b(?:upper (?:limb|extremity)|(?:fore-?|upper )?arms?|elbows?|wrists?|hands?|fingers?"
        r"|thumbs?|shoulders?|axillae?)\b",
        re.IGNORECASE,
    ),
    "lower": re.compile(
        r"\b(?:lower (?:limb|extremity)|(?:lower )?legs?|thighs?|calf|calves|shins?|knees?|ankles?"
        r"|foot|feet|toes?|heels?|hips?)\b",
        re.IGNORECASE,
    ),
}


def limbs_in(text: str) -> set[str]:
    """Return which of ``upper`` and ``lower`` a text names, by the limb or a part of it."""
    return {name for name, pattern in _LIMBS.items() if pattern.search(text)}


def is_other_limb(descriptor: str, words: str) -> bool:
    """Return whether a descriptor is of the one limb, and the words name only the other."""
    named, meant = limbs_in(descriptor), limbs_in(words)
    return len(named) == len(meant) == 1 and named != meant
