"""Reads the lines of a claim as people type them. Pure; imports no Django."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from codes.lookup import MAX_LENGTH, read

MAX_LINES: Final = 25
MAX_UNITS: Final = 9_999
MAX_MODIFIERS: Final = 4

_UNITS: Final = re.compile(r"(.*\w)(?:\s*[x×*]\s*(\d{1,9})|\s+(\d{1,9})\s*units?)", re.IGNORECASE)
_TIMES: Final = frozenset("xX×*")
_CODE_FIRST: Final = re.compile(r"([A-Z]\d{4}|\d{4}[0-9A-Z])(?![^\Wx×])", re.IGNORECASE)
_PROCEDURE: Final = re.compile(r"[A-Z]\d{4}|\d{4}[0-9A-Z]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a claim: a procedure code, its modifiers and units."""

    key: str
    modifiers: tuple[str, ...] = ()
    units: int = 1


@dataclass(frozen=True, slots=True)
class Unread:
    """A typed line that is not taken into account, and why; the reason is a whole sentence."""

    text: str
    reason: str


def read_lines(text: str) -> tuple[list[Line], list[Unread]]:
    """Return the lines of a claim typed as ``99213-25, 36415 x2``, and what is none.

    Line ends, commas and semicolons stand between two, and so does a space before another code:
    ``99213 25 G0102``. Whether a code exists is not asked.
    """
    lines: list[Line] = []
    unread: list[Unread] = []
    typed = [piece.strip() for piece in re.split(r"[\n\r,;]", text)]
    for piece in (claim for text in filter(None, typed) for claim in _apart(text)):
        found = _line(piece)
        if isinstance(found, Line) and len(lines) == MAX_LINES:
            found = Unread(piece, f"It comes after the {MAX_LINES} lines that are checked at once.")
        if isinstance(found, Line):
            lines.append(found)
        else:
            unread.append(found)
    return lines, unread


def _apart(text: str) -> list[str]:
    """Return a text in pieces of one code each; as it is where it has one code at most."""
    pieces: list[list[str]] = [[]]
    has_code = False
    for token in text.split():
        is_code = _CODE_FIRST.match(token) is not None
        if is_code and has_code and pieces[-1][-1] not in _TIMES:
            pieces.append([])
        has_code = has_code or is_code
        pieces[-1].append(token)
    return [" ".join(piece) for piece in pieces] if len(pieces) > 1 else [text]


def _line(text: str) -> Line | Unread:
    plain = unicodedata.normalize("NFKC", text)
    match = _UNITS.fullmatch(plain)
    printed = read(match[1] if match else plain)
    units = int(match[2] or match[3]) if match else 1
    is_diagnosis = "." in plain  # J96.01 has the key of a HCPCS code
    is_long = len(plain) > MAX_LENGTH  # and would be cut by read()
    if is_diagnosis or is_long or printed is None or not _PROCEDURE.fullmatch(printed.key):
        return Unread(text, "It is no CPT® or HCPCS Level II code with modifiers and units.")
    if len(printed.modifiers) > MAX_MODIFIERS:
        return Unread(text, f"A claim line has room for {MAX_MODIFIERS} modifiers.")
    if not 1 <= units <= MAX_UNITS:
        return Unread(text, f"Units are a number from 1 to {MAX_UNITS:,}.")
    return Line(printed.key, printed.modifiers, units)
