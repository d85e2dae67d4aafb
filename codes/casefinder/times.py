"""Whether a finding is over: years and other words of the past, and diseases that last. Pure."""

import re

_ENDED = re.compile(
    r"\b(?:in|of) (?:19|20)\d{2}\b|\b(?:years?|decades?|months) ago\b"
    r"|\blast (?:year|month|summer|winter|spring|fall|autumn)\b"
    r"|\bas a (?:child|teenager|baby)\b|\bin (?:childhood|the past)\b"
    r"|^old\b|\bat (?:the )?age (?:of )?\d",
    re.IGNORECASE,
)
_ONGOING = re.compile(
    r"\b(?:since|diagnosed|ongoing|began|started|persist\w*|still|first)\b", re.IGNORECASE
)
_LASTING = re.compile(
    r"\b(?:hypertensi|diabet|dm2?\b|copd|chronic|asthma|hyperlipid|hypercholest|dyslipid"
    r"|hypothyroid|heart failure|chf|cad\b|coronary artery disease|atrial fib|afib|dementia"
    r"|alzheimer|parkinson|multiple sclerosis|rheumatoid|lupus|epilep|glaucoma|osteoarthritis"
    r"|osteoporosis|gerd\b|reflux|cirrhosis|crohn|ulcerative colitis|hiv\b|schizo|bipolar|sickle"
    r"|hemophilia|cystic fibrosis|sleep apnea|osa\b|bph\b|psoriasis|paraple|quadriple|neuropath)",
    re.IGNORECASE,
)
_HISTORY = ("history of", "hx of", "h/o", "h / o", "hx", "history", ",", "and")


def has_ended(finding: str, sentence: str) -> bool:
    """Return whether the words put a finding into the past: "TIA in 2017", "old infarction"."""
    return bool(_ENDED.search(finding)) and not _ONGOING.search(sentence)


def is_lasting(finding: str, before: str) -> bool:
    """Return whether who had this has it: "history of hypertension" tells of today.

    ``before`` are the two or three words before it.
    """
    return bool(_LASTING.search(finding)) and before.lower().rstrip().endswith(_HISTORY)
