"""The words of a finding that may name something. Pure; imports no Django."""

import re
from collections.abc import Iterable, Sequence

from codes.casefinder.section_names import Part
from codes.casefinder.words import (
    FUNCTIONS,
    LETTERED,
    MEASURES,
    NOISE,
    NORMAL,
    NUMBERED,
    ORGANS,
    SITES,
    WEAK,
)


def content_words(text: str, part: Part = Part.OTHER) -> list[str]:
    """Return the words that may name something, lowercase but for abbreviations; "" for none.

    Nothing for a normal finding of an examination, for what is well, for parts of the body alone,
    for what was measured, and of a dose.
    """
    if _WELL.search(text):
        return []
    kept = plain_words(text, part)
    is_changed = bool(_CHANGED.search(text))
    return kept if any(_names(word, is_changed=is_changed) for word in kept) else []


def plain_words(text: str, part: Part = Part.OTHER) -> list[str]:
    """Return the same words where they may name something beside others."""
    text = _ROOM_AIR.sub(" ", _DATE.sub(" ", text))
    text = _DOSE.sub(" ", text)
    tokens = _WORD.findall(text)
    if part in (Part.EXAM, Part.REVIEW, Part.RESULTS) and _is_normal(tokens):
        return []
    words = [_spelled(token) for token in tokens]
    return [w for i, w in enumerate(words) if _is_kept(tokens, i) and _is_wanted(words, i)]


_WORD = re.compile(r"[^\W_](?:[^\W_]|[/'\-.](?=[^\W_]))*")
_WELL = re.compile(
    r"^\W*(?:good|excellent|intact|normal)\b(?![- ](?:control|pressure|tension|pregnan)|.*deliver)"
    r"|(?<!not )\b(?:well|intact)\W*$",
    re.IGNORECASE,
)
"""What is well; "normal pressure hydrocephalus" and a normal delivery are names all the same."""
_ROOM_AIR = re.compile(r"\broom air\b", re.IGNORECASE)
_DATE = re.compile(
    r"\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b|\b\d{4}-\d{2}-\d{2}\b"
    r"|\b(?:in|since|on|of|from)?\s?(?:19|20)\d{2}\b",
    re.IGNORECASE,
)
_DOSE = re.compile(
    r"\b\d+(?:[.,/x\-]\d+)*\s?(?:%|mgs?|mcg|ug|g|gm|grams?|kg|lbs?|pounds?|ml|cc|l|iu|units?|u|meq|mmol"
    r"|mmhg|mm|cm|m|in|inch(?:es)?|ft|tabs?|tablets?|caps?|capsules?|puffs?|drops?|times?|x|days?"
    r"|weeks?|wks?|months?|mos?|years?|yrs?|hours?|hrs?|minutes?|mins?|pack[s\-]?(?:years?)?|ppd|bpm|degrees|mg/dl|g/dl"
    r"|mg/kg|ml/hr|cm2|l/min|f|c|k|k/ul)\b"
    r"(?:\s?(?:bid|tid|qid|qd|qhs|daily|po|iv|im|prn|ago|later|per day))?",
    re.IGNORECASE,
)


def _is_kept(tokens: Sequence[str], i: int) -> bool:
    """Return whether a word is no noise; "Vitamin D" and "hepatitis A" keep their letter."""
    if len(tokens[i]) == 1 and tokens[i].isupper() and i and tokens[i - 1].lower() in LETTERED:
        return True
    return tokens[i].lower() not in NOISE


def _names(word: str, *, is_changed: bool) -> bool:
    """Return whether a word alone may name a condition; a measure only where it is changed."""
    if len(word) == 1:
        return False
    return word.lower() not in _QUALIFYING or (is_changed and word.lower() in MEASURES)


_QUALIFYING = WEAK | FUNCTIONS | MEASURES | ORGANS | SITES | {"allergic"}
_CHANGED = re.compile(
    r"\b(?:elevat\w+|raised|high|low|abnormal|decreased|increased|positive|labile)\b", re.IGNORECASE
)


def _spelled(token: str) -> str:
    """Return the word in small letters, capitals kept where they make an abbreviation."""
    is_short = token.isupper() and 2 <= len(token) <= 6
    return token if is_short or any(c.isdigit() for c in token) else token.lower()


def _is_wanted(words: Sequence[str], i: int) -> bool:
    """Return whether a word is more than a bare number; "type 2" keeps its number."""
    if not words[i].replace(".", "").replace("/", "").replace("-", "").isdigit():
        return True
    return i > 0 and words[i - 1].lower() in NUMBERED and len(words[i]) < 3


def _is_normal(tokens: Iterable[str]) -> bool:
    return any(token.lower() in NORMAL for token in tokens)
