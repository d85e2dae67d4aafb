"""Vaccines in the words of a note: what they are against is no disease of the patient. Pure."""

import re

_AGAINST = (
    r"(?:influenza|flu|hep(?:atitis)? ?[AB]|varicella|MMRV?|measles|mumps|rubella|polio|IPV|HIB|HPV"
    r"|human papillomavirus|pneumococcal(?: conjugate)?|meningococcal|rotavirus|RSV|COVID(?:-19)?"
    r"|tetanus|diphtheria|pertussis|(?:herpes )?zoster|shingles|rabies|typhoid|yellow fever|Tdap"
    r"|DTaP|Td|PCV ?\d*|PPSV ?\d*|MenACWY|MenB)"
)
_AND = r"(?:, and |, | and |/| & )"
_VACCINE = re.compile(
    rf"\b{_AGAINST}(?:{_AND}{_AGAINST})* (?:virus )?"
    r"(?:vaccin\w+|immuniz\w+|boosters?|shots?|toxoids?)"
    rf"|\b(?:vaccin\w+|immuniz\w+|boosters?) (?:for|against) (?:{_AGAINST}{_AND}?)+"
    r"|\b(?:Tdap|DTaP|MMRV?|PCV ?\d+|PPSV ?\d+|MenACWY|MenB)\b",
    re.IGNORECASE,
)


def is_of_vaccine(sentence: str, start: int, end: int) -> bool:
    """Return whether the words from ``start`` to ``end`` of a sentence name a vaccine."""
    return any(match.start() < end and start < match.end() for match in _VACCINE.finditer(sentence))
