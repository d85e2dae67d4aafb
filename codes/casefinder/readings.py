"""Other words for a finding that a search would not find by its own. Pure; imports no Django.

"MRSA cellulitis of the forearm" is a cellulitis of an upper limb, with its agent beside it.
"""

import re

from codes.casefinder.agent_rules import AGENTS, CARRIED, GREW
from codes.casefinder.operations import without_reduction

_SKIN = re.compile(r"\b(?:abscess\w*|cellulitis|furuncles?|carbuncles?|boils?)\b", re.IGNORECASE)
_LIMBS = (
    # Alphabetic Index at Abscess, Cellulitis, Furuncle, Carbuncle; hands and feet are apart.
    (re.compile(r"\b(?:fore-?arm|upper arm|arm|elbow|wrist)\b", re.IGNORECASE), "upper limb"),
    (
        re.compile(r"\b(?:lower leg|leg|thigh|calf|shin|knee|ankle)\b", re.IGNORECASE),
        "lower limb",
    ),
)


_CARCINOMA = re.compile(
    r"\b(?:(?:invasive|infiltrating) )?(?:(?:ductal|lobular|squamous cell) )?(?:adeno)?carcinoma\b",
    re.IGNORECASE,
)
"""Alphabetic Index: Carcinoma and Adenocarcinoma, see Neoplasm by site, malignant."""
_OWN_NAME = re.compile(
    r"\b(?:in[- ]?situ|basal|skin|merkel|hepatocellular|renal cell|liver cell|islet|neuroendocrine"
    r"|metasta\w+|secondary)\b",
    re.IGNORECASE,
)


_HIP_FRACTURE = re.compile(
    r"^(?:closed |acute |displaced |nondisplaced )*(?:(left|right|lt|rt) )?"
    r"(?:hip (?:fracture|fx)|(?:fracture|fx)"
    r" of (?:the )?(?:(left|right) )?hip)$",
    re.IGNORECASE,
)


def as_indexed(text: str) -> str:
    """Return the words that the Alphabetic Index sends these to; "" where it does not.

    Fracture, hip: see Fracture, femur, neck.
    """
    match = _HIP_FRACTURE.match(without_reduction(text))
    if not match:
        return ""
    side = {"l": "left ", "r": "right "}.get((match[1] or match[2] or " ").lower()[0], "")
    return f"fracture of unspecified part of neck of {side}femur"


def otherwise(text: str) -> str:
    """Return the words as the classification has them; "" where it has none that differ."""
    words = _of_site(_of_limbs(_without_agent(without_reduction(text))))
    # What is left of "H. pylori positive" names nothing.
    return words if words != text and GREW.sub(" ", words).strip() else ""


def _of_site(text: str) -> str:
    return text if _OWN_NAME.search(text) else _CARCINOMA.sub("malignant neoplasm", text)


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
