"""Reads a typed text as a printed code. Pure; imports no Django.

Coders type codes as they stand in a chart, a claim or a mail: ``j96.01``, ``J9601``, ``99213-25``,
``CPT 33948``.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MAX_LENGTH = 40

_PREFIX = re.compile(r"^(?:CPT|HCPCS|ICD(?:[- ]?10)?(?:[- ]?(?:CM|PCS))?|CODE)\W+", re.IGNORECASE)
_PROCEDURE = re.compile(r"^([A-Z]\d{4}|\d{4}[0-9A-Z])((?:[ -]+[0-9A-Z]{2})*)$")
_DIAGNOSIS = re.compile(r"^([A-Z]\d[0-9A-Z])(?:\.?([0-9A-Z]{1,4}))?\.?-?$")
_MARKS = " \t\r\n#,;:()[]{}<>\"“”‘’'*•·"
"""What stands around a code where people paste it from."""
_RANGE = re.compile(r"^(\S+?)(?:\s*-\s*|\s+(?:TO|THRU|THROUGH)\s+)(\S+)$")
_ICD_PCS = re.compile(r"^[0-9A-HJ-NP-Z]{7}$")
_AS_DIGITS = str.maketrans("OIL", "011")
_AS_LETTERS = str.maketrans("01", "OI")


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """A code as its key (no punctuation, upper case), and the modifiers typed behind it."""

    key: str
    modifiers: tuple[str, ...] = ()


def code_key(text: str) -> str:
    """Return upper-case letters and digits only: the key of a printed code."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c in LETTERS)


def read(text: str) -> PrintedCode | None:
    """Return the code that ``text`` is in some printed form of, or ``None`` for words.

    Whether such a code exists is another question.
    """
    text = unicodedata.normalize("NFKC", text)[:MAX_LENGTH].strip(_MARKS)
    for _ in range(2):  # "CPT code 33948"
        text = _PREFIX.sub("", text)
    text = _with_hyphens(text)
    if match := _PROCEDURE.match(text):
        return PrintedCode(match[1], tuple(re.findall(r"[0-9A-Z]{2}", match[2])))
    if match := _DIAGNOSIS.match(text):
        return PrintedCode(match[1] + (match[2] or ""))
    if _ICD_PCS.match(text) and any(c.isdigit() for c in text):
        return PrintedCode(text)
    return None


def read_range(text: str) -> tuple[str, str] | None:
    """Return the keys of the ends of a range: ``I10-I16``, ``99202 to 99215``."""
    match = _RANGE.match(_with_hyphens(text[: 2 * MAX_LENGTH].strip(_MARKS)))
    first, last = (read(end) for end in match.groups()) if match else (None, None)
    if first is None or last is None or first.modifiers or last.modifiers:
        return None
    return (first.key, last.key) if first.key <= last.key else None


def misread_as(key: str) -> Iterator[str]:
    """Yield the keys that a letter for the digit that looks like it makes of a key: ``I1O``.

    After the first place letters become digits; in the first a digit becomes a letter too.
    """
    digits = key[1:].translate(_AS_DIGITS)
    yield key[:1] + digits
    yield key[:1].translate(_AS_LETTERS) + digits


def _with_hyphens(text: str) -> str:
    return re.sub(r"[‐‑‒–—]", "-", text).upper()  # as people paste them


def one_slip_away(key: str) -> list[str]:
    """Return each key that one wrong, missing, extra or swapped character turns into ``key``.

    At most about 600 for seven characters; ``key`` itself is not among them.
    """
    return sorted(set(_slips(key[:10])) - {key})


def headings_above(key: str) -> list[str]:
    """Return the keys that an ICD code of that key would stand under, the nearest first."""
    return [key[:length] for length in range(len(key) - 1, 2, -1)]


def dotted(key: str) -> str:
    """Return a diagnosis as it is printed, with a dot after three characters."""
    return f"{key[:3]}.{key[3:]}" if len(key) > 3 else key


def _slips(key: str) -> Iterator[str]:
    for i in range(len(key) + 1):
        head, tail = key[:i], key[i:]
        yield from (head + letter + tail for letter in LETTERS)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in LETTERS)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
