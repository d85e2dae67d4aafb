"""Whether a finding is over: years and other words of the past, and diseases that last. Pure."""

import re

_ENDED = re.compile(
    r"\b(?:in|of) (?:19|20)\d{2}\b|\b(?:years?|decades?|months) ago\b"
    r"|\blast (?:year|month|summer|winter|spring|fall|autumn)\b"
    r"|\bas an? (?:child|teenager|baby|infant|(?:young )?(?:man|woman|girl|boy|adult))\b"
    r"|\bin (?:childhood|the past)\b"
    r"|^(?:(?:the|an?|his|her) )?old\b|\bat (?:the )?age (?:of )?\d",
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


_NUMBER = r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|several|many|some)"
_OPENING = re.compile(
    rf"^(?:last (?:year|month|summer|winter|spring|fall|autumn)|in (?:19|20)\d\d|in childhood"
    rf"|(?:{_NUMBER} )?(?:years|months|decades) ago|as an? (?:child|teenager|young \w+))\b",
    re.IGNORECASE,
)
"""How a sentence begins that tells of the past up to its first turn."""
_TURN = re.compile(r";|\b(?:now|today|currently|but|still|again)\b", re.IGNORECASE)
_AFTER = re.compile(
    rf"\b{_NUMBER} (?:months?|years?) (?:after|following|since) (?:an? |the |his |her )?$",
    re.IGNORECASE,
)
_WEEKS_AFTER = re.compile(
    rf"\b(?:week \d+|{_NUMBER} weeks?) (?:after|following) (?:an? |the |his |her )?$", re.IGNORECASE
)
_STROKE = re.compile(r"\b(?:stroke|CVA|cerebral infarct\w+|TIA)\b", re.IGNORECASE)
"""What is history or sequela once the hospital stay for it is over (Guidelines I.C.9.d)."""
_HEALS = re.compile(
    r"\b(?:fracture|injur|surgery|surgical|operati|replacement|arthroplasty|wound|burn|lacerat"
    r"|sprain|deliver|birth|transplant)",
    re.IGNORECASE,
)
"""What is under care for months: the 7th character or an aftercare code tells of it."""
_OPERATED = re.compile(
    r"\b(?:after|following|s ?/ ?p|status post|previous|prior|history of|had)\b[^.;,]{0,30}?"
    r"\w+(?:ectomy|plasty|lysis|desis|ostomy|otomy|surgery|repair) for (?:an? |the |his |her )?$",
    re.IGNORECASE,
)
"""What an operation of the past was for."""
_GONE = re.compile(
    r"^\s*(?:had been|was) (?:present|noted|there|seen)\b[^.;]{0,60}\b(?:resolved|gone|subsided)\b"
    r"|^\s*no longer\s*(?:[.,;]|$)",
    re.IGNORECASE,
)


def has_ended(finding: str, sentence: str, start: int) -> bool:
    """Return whether the words put a finding into the past: "TIA in 2017", "old infarction".

    ``start`` is where the finding stands in its sentence.
    """
    before, behind = sentence[:start], sentence[start + len(finding) :]
    if _GONE.match(behind) or (_OPERATED.search(before) and not _LASTING.search(finding)):
        return True
    if _STROKE.search(finding) and (_WEEKS_AFTER.search(before) or _AFTER.search(before)):
        return True
    if _ONGOING.search(sentence):
        return False
    if _AFTER.search(before) and not _HEALS.search(finding):
        return True
    opening = _OPENING.match(sentence)
    is_told_of_then = bool(opening) and not _TURN.search(before) and not _LASTING.search(finding)
    return is_told_of_then or bool(_ENDED.search(finding))


def is_lasting(finding: str, before: str) -> bool:
    """Return whether who had this has it: "history of hypertension" tells of today.

    ``before`` are the two or three words before it.
    """
    return bool(_LASTING.search(finding)) and before.lower().rstrip().endswith(_HISTORY)
