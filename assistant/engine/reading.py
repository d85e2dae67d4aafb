"""Reads what a question names: codes in any printed form, modifiers, units, days. Pure.

Whether a code exists is another question. What only looks like a code ("modifier 25", "DRG 470",
"NCD 210.2", a remark code, a year, a telephone number) is taken out first.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from assistant.engine.days import day_in
from assistant.engine.lookalikes import Other, take_lookalikes
from assistant.engine.typed_modifiers import bare_modifiers, modifiers_alone, take_modifiers

MAX_CHARACTERS: Final = 2_000
MAX_CODES: Final = 12


@dataclass(frozen=True, slots=True)
class Mention:
    """A code as typed: ``key`` without punctuation. ``is_named`` where a word such as "CPT" or
    "code" says that it is one, or its form leaves no doubt; ``has_dot`` is only ICD's way."""

    key: str
    typed: str
    modifiers: tuple[str, ...] = ()
    units: int | None = None
    has_dot: bool = False
    is_named: bool = True
    system: str = ""


@dataclass(frozen=True, slots=True)
class Range:
    """A family of codes typed by its ends, such as 99202-99215."""

    first: str
    last: str
    typed: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text names. ``words`` is the text without all that, for cues and for the search.

    ``day`` is a day of service; ``day_note`` says how a year or a quarter was read.
    """

    text: str
    codes: tuple[Mention, ...] = ()
    ranges: tuple[Range, ...] = ()
    others: tuple[Other, ...] = ()
    modifiers: tuple[str, ...] = ()
    units: int | None = None
    day: date | None = None
    day_note: str = ""
    words: str = ""
    systems: tuple[str, ...] = ()
    icd9: tuple[str, ...] = field(default_factory=tuple)


def plain(text: str) -> str:
    """Return the text with one kind of dash, quote and space, and no control characters."""
    text = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS])
    text = re.sub(r"[‐‑‒–—−]", "-", text)
    text = text.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    text = text.replace("®", " ").replace("™", " ")
    return "".join(
        c if c in "\n" or not unicodedata.category(c).startswith("C") else " " for c in text
    ).strip()


_SYSTEMS: Final = (
    ("icd-9-cm", re.compile(r"\bICD[\s-]?9(?:[\s-]?CM)?\b", re.I)),
    ("icd-10-pcs", re.compile(r"\b(?:ICD[\s-]?(?:10)?[\s-]?)?PCS\b", re.I)),
    (
        "icd-10-cm",
        re.compile(r"\bICD[\s-]?10(?:[\s-]?CM)?\b|\bICD[\s-]?CM\b|\b(?:diagnos[ie]s|dx)\b", re.I),
    ),
    ("cpt", re.compile(r"\bCPT\b", re.I)),
    ("hcpcs", re.compile(r"\bHCPCS\b|\b(?:[A-V])[\s-]codes?\b", re.I)),
)
_NAMED_BEFORE: Final = re.compile(
    r"(?:CPT|HCPCS|ICD[\s-]?(?:9|10)?[\s-]?(?:CM|PCS)?|codes?|dx|diagnosis)\W{0,3}$", re.I
)
_RANGE: Final = re.compile(
    r"(?<![\w.-])([A-Z]?\d{4,5}|[A-Z]\d[0-9A-Z](?:\.\w{1,4})?)\s*(?:-|to|through|thru)\s*"
    r"([A-Z]?\d{4,5}|[A-Z]\d[0-9A-Z](?:\.\w{1,4})?)(?![\w])",
    re.I,
)
_ICD9: Final = re.compile(r"(?<![\w.$-])(\d{3}\.\d{1,2})(?![\w.%])", re.I)
_CODE: Final = re.compile(
    r"(?<![\w.])(?:(?i:CPT|HCPCS)[-:#]?)?"
    r"(?P<code>\d{4}[0-9AFTUMaftum]"  # CPT
    r"|[A-Za-z]\d[0-9A-Za-z]\.[0-9A-Za-z]{1,4}"  # ICD with its dot
    r"|[A-Va-v]\d{4}"  # HCPCS
    r"|[A-Za-z]\d[0-9A-Za-z]{1,5}"  # ICD without
    r"|[0-9][0-9A-HJ-NP-Za-hj-np-z]{6}"  # PCS
    r"|0(?=\d{0,4}[A-Za-z])[0-9A-HJ-NP-Za-hj-np-z]{3,5})"  # the beginning of one
    r"(?P<mods>(?:\s*-\s*(?:\d\d|[A-Za-z][0-9A-Za-z]|\d[A-Za-z])(?![\w.]))*)"
    r"(?P<units>\s*(?:[x×*]\s*(?P<times>\d{1,4})|\(\s*(?P<paren>\d{1,4})\s*units?\s*\)"
    r"|\s(?P<plain>\d{1,4})\s*units?)(?![\w.]))?"
    r"(?![\w])(?!\.\d)",
)
_UNITS: Final = re.compile(
    r"(?<![\w.])(?:[x×]\s*(\d{1,4})|(\d{1,4})\s*(?:units?|times)|units?\s*(?:of|:|=)?\s*(\d{1,4}))(?![\w.])",
    re.I,
)
_JOINED: Final = re.compile(
    r"\b(\d{5}|[A-V]\d{4})(QW|TC|RT|LT|GP|GO|GN|KX|JW|JZ|RR|NU|GT)\b", re.IGNORECASE
)
"""A code with its modifier and nothing between them, which is no code of seven characters."""


def read(text: str, today: date) -> Reading:
    """Return what a text names; never raises, whatever the text."""
    typed = plain(text)
    systems = tuple(dict.fromkeys(name for name, pattern in _SYSTEMS if pattern.search(typed)))
    rest, others = take_lookalikes(_JOINED.sub(r"\1-\2", typed))
    rest, modifiers = take_modifiers(rest)
    rest = re.sub(r"\bICD[\s-]?(?:9|10)(?:[\s-]?(?:CM|PCS))?\b", " ICD ", rest, flags=re.I)
    icd9: tuple[str, ...] = ()
    if "icd-9-cm" in systems or not re.search(r"[A-Z]\d\d|\d{5}", rest, re.I):
        icd9 = tuple(dict.fromkeys(match[1].upper() for match in _ICD9.finditer(rest)))
    rest, ranges = _take_ranges(rest)
    codes = tuple(_codes(rest, systems))[:MAX_CODES]
    named = {code.typed for code in codes if code.is_named or len(code.key) > 3}
    rest = _CODE.sub(lambda match: " " if match["code"] in named else match[0], rest)
    day, note, rest = day_in(rest, today)
    units = _units_of(rest)
    if not modifiers and not ranges and (codes or not others):
        modifiers = modifiers_alone(rest, is_behind_code=bool(codes))
    if (codes or len(typed) < 30) and not modifiers:
        modifiers = bare_modifiers(rest)
    return Reading(
        text=typed,
        codes=codes,
        ranges=ranges,
        others=others,
        modifiers=modifiers,
        units=units,
        day=day,
        day_note=note,
        words=" ".join(rest.replace("~", " ").split()),
        systems=systems,
        icd9=icd9,
    )


def _take_ranges(text: str) -> tuple[str, tuple[Range, ...]]:
    found: list[Range] = []

    def keep(match: re.Match[str]) -> str:
        first, last = match[1].upper().replace(".", ""), match[2].upper().replace(".", "")
        is_range = len(first) == len(last) >= 3 and first < last
        if not is_range or not re.search(r"\d", first) or re.fullmatch(r"(?:19|20)\d\d", first):
            return match[0]
        found.append(Range(first, last, match[0]))
        return " ~ "

    text = _RANGE.sub(keep, text)
    return text, tuple(dict.fromkeys(found))


def _is_code(match: re.Match[str]) -> bool:
    code = match["code"].upper()
    return sum(c.isdigit() for c in code) >= 2 or "." in code


def _codes(text: str, systems: tuple[str, ...]) -> Iterator[Mention]:
    seen: dict[str, None] = {}
    for match in _CODE.finditer(text):
        if not _is_code(match):
            continue
        typed = match["code"].upper()
        key = typed.replace(".", "")
        if key in seen:
            continue
        before = text[: match.start("code")]
        has_dot = "." in typed
        is_strong = has_dot or bool(re.fullmatch(r"\d{4}[0-9AFTUM]|[A-V]\d{4}", key))
        is_named = bool(_NAMED_BEFORE.search(before))
        if not (is_strong or is_named) and len(key) == 7 and not _is_pcs(key, systems):
            continue
        seen[key] = None
        modifiers = tuple(m.upper() for m in re.findall(r"[0-9A-Za-z]{2}", match["mods"] or ""))
        units = next((int(u) for u in (match["times"], match["paren"], match["plain"]) if u), None)
        yield Mention(key, match["code"], modifiers, units, has_dot, is_strong or is_named)


def _is_pcs(key: str, systems: tuple[str, ...]) -> bool:
    """Seven characters are a code where they mix digits and letters, or the system is named."""
    digits = sum(c.isdigit() for c in key)
    return "icd-10-pcs" in systems or 0 < digits < 7


def _units_of(text: str) -> int | None:
    match = _UNITS.search(text)
    return next((int(g) for g in match.groups() if g), None) if match else None
