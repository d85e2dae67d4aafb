"""Reads the modifiers that a question names, with the word or by their form behind a code. Pure."""

import re
from itertools import takewhile
from typing import Final

from codes.ncci import ASSOCIATED_MODIFIERS

_MODIFIER_WORDS: Final = re.compile(
    r"\b(?:modif\w{2,5}|mods?)\b\.?\s*(?:of\s+|is\s+|code\s+)?#?\s*-?"
    r"((?:[0-9A-Z]{2}|[a-z]\d|\d[a-z]|[a-z]{2})"
    r"(?:(?:\s*(?:,|/|\band\b|\bor\b|&|\+|\bvs?\b\.?|\bversus\b)\s*|\s*,\s*and\s+)"
    r"-?(?:modifier\s+)?[0-9A-Z][0-9A-Z](?![\w])|\s+(?-i:[A-Z][A-Z0-9]|\d\d)(?![\w.]))*)(?![\w.])",
    re.I,
)

_MODIFIER_BEFORE: Final = re.compile(
    r"(?<![\w.-])-?(\d\d|[A-Z][A-Z0-9])\s+(?i:modif\w{2,5}|mods?)\b(?!\s+\d\d\b)"
)

_BARE_MODIFIER: Final = re.compile(
    r"\b(?:with|w/|append|add|using|use|and|or|the|bill|report|put|attach|needs?|want|requires?)\s+(?:an?\s+)?-?([0-9]{2}|[A-Z]{2}|[A-Z]\d)(?![\w.%/])"
    r"(?!\s*(?:units?|years?|days?|hours?|min|mg|ml|patients?|codes?|times))"
)

_USUAL: Final = frozenset(
    [
        "22", "23", "24", "25", "26", "27", "32", "33", "47", "50", "51", "52", "53", "54", "55",
        "56", "57", "58", "59", "62", "63", "66", "73", "74", "76", "77", "78", "79", "80", "81",
        "82", "90", "91", "92", "93", "95", "AA", "AD", "AS", "CO", "CQ", "FS", "FT", "GA", "GC",
        "GE", "GN", "GO", "GP", "GQ", "GT", "GX", "GY", "GZ", "JW", "JZ", "KX", "NU", "PT", "Q0",
        "Q1", "QK", "QW", "QX", "QY", "QZ", "RR", "SA", "TC",
    ]
)  # fmt: skip
_KNOWN_MODIFIERS: Final = _USUAL | {one for group in ASSOCIATED_MODIFIERS.values() for one in group}
"""Modifiers that are read as such without the word, behind a code and "with"; by number only."""

_NO_MODIFIER: Final = frozenset(
    [
        "IS", "ON", "IN", "OF", "TO", "DO", "IF", "OR", "AN", "AS", "AT", "BE", "BY", "GO", "HE",
        "IT", "ME", "MY", "NO", "SO", "UP", "US", "WE", "AM", "ID", "OK", "VS",
    ]
)  # fmt: skip


def take_modifiers(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the text without the modifiers that it names by the word, and those."""
    found: list[str] = []

    def keep(match: re.Match[str]) -> str:
        names = re.findall(r"(?<![\w])([0-9A-Za-z]{2})(?![\w])", match[1])
        names = [name.upper() for name in names if name.lower() not in ("or",)]
        good = [n for n in names if n not in _NO_MODIFIER or (n == "AS" and "AS" in match[1])]
        if not good:
            return match[0]
        found.extend(good)
        return " modifier ~ "

    text = _MODIFIER_BEFORE.sub(keep, text)
    text = _MODIFIER_WORDS.sub(keep, text)
    return text, tuple(dict.fromkeys(found))


def bare_modifiers(text: str) -> tuple[str, ...]:
    """Return the known modifiers that stand in the text without the word, as "with 25"."""
    names = [match[1].upper() for match in _BARE_MODIFIER.finditer(text)]
    return tuple(dict.fromkeys(name for name in names if name in _KNOWN_MODIFIERS))


_AMBIGUOUS: Final = frozenset(["AA", "AD", "AS", "CO", "FS", "FT", "GO", "PT", "RR", "SA"])

_ALONE: Final = re.compile(
    r"\W*(?:what(?:'?s| is| are)\s+)?(?P<names>[0-9A-Z]{2}(?:(?:\s*[,/&+]\s*|\s+(?:(?:and|or|vs\.?"
    r"|versus)\s+)?)-?[0-9A-Z]{2})*)(?!\w)(?P<behind>[^\n]*)",
    re.IGNORECASE,
)

_MEASURED: Final = re.compile(
    r"\s*(?:units?|years?|y/?o|days?|hours?|min|mg|mcg|ml|times|%)", re.IGNORECASE
)


def modifiers_alone(rest: str, *, is_behind_code: bool) -> tuple[str, ...]:
    """Return modifiers that are typed without a word for them.

    As the whole message ("kx", "JW vs JZ"), or right behind the code ("71046 26 tc split?").
    """
    match = _ALONE.match(rest)
    if match is None or (match["behind"].strip(" ?.!,") and not is_behind_code):
        return ()
    if _MEASURED.match(match["behind"]):
        return ()
    typed = [n.upper() for n in re.findall(r"[0-9A-Z]{2}", match["names"], re.IGNORECASE)]
    names = [name for name in typed if name not in ("VS", "OR")]
    known = list(takewhile(_is_clear, names))
    return tuple(dict.fromkeys(known)) if is_behind_code or known == names else ()


def _is_clear(name: str) -> bool:
    return name in _KNOWN_MODIFIERS and name not in _AMBIGUOUS
