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


def otherwise(text: str) -> str:
    """Return the words as the classification has them; "" where it has none that differ."""
    words = _of_site(_of_limbs(_without_agent(text)))
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
