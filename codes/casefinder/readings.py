"""Other words for a finding that a search would not find by its own. Pure; imports no Django.

"MRSA cellulitis of the forearm" is a cellulitis of an upper limb, with its agent beside it.
"""

import re

from codes.casefinder.agent_rules import AGENTS, CARRIED, GREW

_SKIN = re.compile(r"\b(?:abscess\w*|cellulitis|furuncles?|carbuncles?|boils?)\b", re.IGNORECASE)
_LIMBS = (
    # Alphabetic Index at Abscess, Cellulitis, Furuncle, Carbuncle; hands and feet are apart.
    (re.compile(r"\b(?:fore-?arm|upper arm|arm|elbow|wrist)\b", re.IGNORECASE), "upper limb"),
    (
        re.compile(r"\b(?:lower leg|leg|thigh|calf|shin|knee|ankle)\b", re.IGNORECASE),
        "lower limb",
    ),
)


def otherwise(text: str) -> str:
    """Return the words as the classification has them; "" where it has none that differ."""
    words = _of_limbs(_without_agent(text))
    # What is left of "H. pylori positive" names nothing.
    return words if words != text and GREW.sub(" ", words).strip() else ""


def _without_agent(text: str) -> str:
    if CARRIED.search(text):
        return text
    for _, pattern in AGENTS:
        text = pattern.sub(" ", text)
    return " ".join(text.split())


def _of_limbs(text: str) -> str:
    if _SKIN.search(text):
        for pattern, limb in _LIMBS:
            text = pattern.sub(limb, text)
    return text
