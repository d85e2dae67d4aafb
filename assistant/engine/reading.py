"""Reads what a question names: codes in any printed form, modifiers, units, days. Pure.

Whether a code exists is another question. What only looks like a code ("modifier 25", "DRG 470",
"NCD 210.2", a remark code, a year, a telephone number) is taken out first.
"""

import calendar
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import takewhile
from typing import Final

from codes.ncci import ASSOCIATED_MODIFIERS

MAX_CHARACTERS: Final = 2_000
MAX_CODES: Final = 12


class Lookalike(StrEnum):
    """What is written with digits and letters but is no procedure or diagnosis code."""

    DRG = "MS-DRG"
    NCD = "NCD"
    LCD = "LCD"
    ARTICLE = "coverage article"
    PLACE = "place of service"
    REMARK = "remark code"
    REVENUE = "revenue code"
    APC = "APC"
    HCC = "HCC"
    OTHER = "other"


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
class Other:
    """Something that only looks like a code, with its number."""

    kind: Lookalike
    number: str
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


# --- The text itself ----------------------------------------------------------------------------


def plain(text: str) -> str:
    """Return the text with one kind of dash, quote and space, and no control characters."""
    text = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS])
    text = re.sub(r"[‐‑‒–—−]", "-", text)
    text = text.replace("’", "'").replace("‘", "'").replace("“", '"').replace("”", '"')
    text = text.replace("®", " ").replace("™", " ")
    return "".join(
        c if c in "\n" or not unicodedata.category(c).startswith("C") else " " for c in text
    ).strip()


# --- Days ---------------------------------------------------------------------------------------

_MONTHS: Final = {
    name: number
    for number in range(1, 13)
    for name in (calendar.month_name[number].lower(), calendar.month_abbr[number].lower())
} | {"sept": 9}
_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAYS: Final = (
    re.compile(r"\b(?P<y>(?:19|20)\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})\b"),
    re.compile(r"\b(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>(?:19|20)?\d\d)\b"),
    re.compile(
        rf"\b(?P<n>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>(?:19|20)\d\d)\b", re.I
    ),
    re.compile(
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<n>{_MONTH})\.?,?\s+(?P<y>(?:19|20)\d\d)\b",
        re.I,
    ),
)
_QUARTER: Final = re.compile(
    r"\b(?:Q([1-4])[ ,/]*((?:19|20)\d\d)|((?:19|20)\d\d)[ ,/]*Q([1-4]))\b", re.I
)
_MONTH_YEAR: Final = re.compile(rf"\b({_MONTH})\.?,?\s+((?:19|20)\d\d)\b", re.I)
_YEAR: Final = re.compile(r"(?<![\d$.,-])\b(19[89]\d|20[0-4]\d)\b(?![\d%]|[.,]\d|-\d)")
_FISCAL: Final = re.compile(r"\b(?:FY|fiscal year)\s*((?:20)?\d\d)\b", re.I)


def _day(text: str, today: date) -> tuple[date | None, str, str]:
    """Return the day that a text names, how that was read, and the text without it."""
    for pattern in _DAYS:
        if match := pattern.search(text):
            found = _of_parts(match)
            if found:
                return found, "", _without(text, match)
            text = _without(text, match)  # no such day, and its year is none either
    if match := _FISCAL.search(text):
        year = int(match[1]) % 100 + 2000
        return _span(date(year - 1, 10, 1), date(year, 9, 30), today, match[0], text, match)
    if match := _QUARTER.search(text):
        quarter, year = int(match[1] or match[4]), int(match[2] or match[3])
        first = date(year, 3 * quarter - 2, 1)
        last = date(year, 3 * quarter, calendar.monthrange(year, 3 * quarter)[1])
        return _span(first, last, today, match[0], text, match)
    if match := _MONTH_YEAR.search(text):
        year, month = int(match[2]), _MONTHS[match[1].lower()]
        last = date(year, month, calendar.monthrange(year, month)[1])
        return _span(date(year, month, 1), last, today, match[0], text, match)
    if match := _YEAR.search(text):
        year = int(match[1])
        return _span(date(year, 1, 1), date(year, 12, 31), today, match[0], text, match)
    return None, "", text


def _of_parts(match: re.Match[str]) -> date | None:
    parts = match.groupdict()
    year = int(parts["y"])
    if year < 100:
        year += 2000
    month = _MONTHS[parts["n"].lower()] if parts.get("n") else int(parts["m"])
    try:
        return date(year, month, int(parts["d"]))
    except ValueError:
        return None


def _span(
    first: date, last: date, today: date, typed: str, text: str, match: re.Match[str]
) -> tuple[date, str, str]:
    """Read a span as one day: today where it lies within, the last day of a past one."""
    day = today if first <= today <= last else last if last < today else first
    note = f"“{typed}” is read as {spoken(day)}."
    return day, note, _without(text, match)


def spoken(day: date) -> str:
    """Return a day as this site prints it."""
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def _without(text: str, match: re.Match[str]) -> str:
    return f"{text[: match.start()]} ~ {text[match.end() :]}"


# --- What only looks like a code ----------------------------------------------------------------

_SIGN: Final = r"(?:no\.?|number|id|#|:)\s*"
_MORE: Final = r"(?:\s*(?:,|/|&|\band\b|\bor\b|\bvs?\b\.?|\bversus\b)\s*"
"""Before further numbers of one kind ("DRG 871 vs 872")."""
_LOOKALIKES: Final = (
    (
        Lookalike.DRG,
        re.compile(rf"\b(?:MS-?\s?)?DRGs?\s*#?\s*(\d{{1,3}})\b(?P<more>{_MORE}\d{{3}}\b)*)", re.I),
    ),
    (Lookalike.NCD, re.compile(r"\bNCDs?\s*#?\s*(\d{1,3}(?:\.\d{1,2})+|\d{1,3})\b", re.I)),
    (Lookalike.LCD, re.compile(r"\bLCDs?\s*#?\s*(L?\d{5})\b|\b(L3\d{4})\b(?=\s*LCD)", re.I)),
    (Lookalike.ARTICLE, re.compile(r"\b(?:articles?|LCAs?)\s*#?\s*(A?\d{5})\b", re.I)),
    (
        Lookalike.PLACE,
        re.compile(
            r"\b(?:POS|places? of service)\s*(?:code)?\s*#?\s*(\d{1,2})\b"
            rf"(?P<more>{_MORE}\d\d\b)*)",
            re.I,
        ),
    ),
    (
        Lookalike.REMARK,
        re.compile(r"\b(?:RARCs?|remarks?(?:\s+codes?)?)\s*#?:?\s*([NM]A?\d{1,3})\b", re.I),
    ),
    (Lookalike.REMARK, re.compile(r"\b((?:CO|PR|OA|PI)\s?-\s?\d{1,3})\b")),
    (
        Lookalike.REMARK,
        re.compile(
            r"\b(?:CARC|denial(?:\s+(?:code|reason))?|reason code)s?\s*#?:?\s*"
            r"((?:CO|PR|OA|PI)?\s?-?\s?\d{1,3}|[NM]A?\d{1,3})\b",
            re.I,
        ),
    ),
    (Lookalike.REVENUE, re.compile(r"\b(?:rev(?:enue)?\s+codes?|RC)\s*#?\s*(0?\d{3})\b", re.I)),
    (Lookalike.APC, re.compile(r"\bAPCs?\s*#?\s*(\d{4})\b", re.I)),
    (Lookalike.HCC, re.compile(r"\bHCCs?\s*#?\s*(\d{1,3})\b", re.I)),
    (Lookalike.OTHER, re.compile(r"\b\d+\s*CFR\s*(?:§\s*)?([\d.]+(?:\([a-z0-9]+\))*)", re.I)),
    (Lookalike.OTHER, re.compile(r"\b(?:zip(?:\s*code)?)\s*#?\s*(\d{5}(?:-\d{4})?)\b", re.I)),
    (Lookalike.OTHER, re.compile(r"(?<!\w)((?:\+?1[-. ])?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4})\b")),
    (
        Lookalike.OTHER,
        re.compile(
            rf"\b(?:NPI|invoice|ticket|account|acct|MRN)\s*(?:{_SIGN})*([A-Z]{{0,3}}\d{{4,}})\b",
            re.I,
        ),
    ),
    (
        Lookalike.OTHER,  # without a sign of a number what follows such a word may be a code
        re.compile(
            r"\b(?:claim|case|order|member|patient|policy|ext)\s*"
            rf"(?:(?:{_SIGN})+|(?!(?:\d{{5}}|[A-V]\d{{4}})\b))([A-Z]{{0,3}}\d{{4,}})\b",
            re.I,
        ),
    ),
    (Lookalike.OTHER, re.compile(r"\b(\d{4,5}-\d{3,4}-\d{1,2})\b")),
    (Lookalike.OTHER, re.compile(r"(\$\s?\d[\d,]*(?:\.\d+)?)")),
)
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

# --- Codes --------------------------------------------------------------------------------------

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
_BARE_MODIFIER: Final = re.compile(
    r"\b(?:with|w/|append|add|using|use|and|or|the|bill|report|put|attach|needs?|want|requires?)\s+(?:an?\s+)?-?([0-9]{2}|[A-Z]{2}|[A-Z]\d)(?![\w.%/])"
    r"(?!\s*(?:units?|years?|days?|hours?|min|mg|ml|patients?|codes?|times))"
)
_KNOWN_MODIFIERS: Final = frozenset(
    [
        "22",
        "23",
        "24",
        "25",
        "26",
        "27",
        "32",
        "33",
        "47",
        "50",
        "51",
        "52",
        "53",
        "54",
        "55",
        "56",
        "57",
        "58",
        "59",
        "62",
        "63",
        "66",
        "73",
        "74",
        "76",
        "77",
        "78",
        "79",
        "80",
        "81",
        "82",
        "90",
        "91",
        "92",
        "93",
        "95",
        "AA",
        "AD",
        "AS",
        "CO",
        "CQ",
        "FS",
        "FT",
        "GA",
        "GC",
        "GE",
        "GN",
        "GO",
        "GP",
        "GQ",
        "GT",
        "GX",
        "GY",
        "GZ",
        "JW",
        "JZ",
        "KX",
        "NU",
        "PT",
        "Q0",
        "Q1",
        "QK",
        "QW",
        "QX",
        "QY",
        "QZ",
        "RR",
        "SA",
        "TC",
    ]
) | {one for group in ASSOCIATED_MODIFIERS.values() for one in group}
"""Modifiers that are read as such without the word, behind a code and "with"; by number only."""


_JOINED: Final = re.compile(
    r"\b(\d{5}|[A-V]\d{4})(QW|TC|RT|LT|GP|GO|GN|KX|JW|JZ|RR|NU|GT)\b", re.IGNORECASE
)
"""A code with its modifier and nothing between them, which is no code of seven characters."""


def read(text: str, today: date) -> Reading:
    """Return what a text names; never raises, whatever the text."""
    typed = plain(text)
    systems = tuple(dict.fromkeys(name for name, pattern in _SYSTEMS if pattern.search(typed)))
    rest, others = _take_lookalikes(_JOINED.sub(r"\1-\2", typed))
    rest, modifiers = _take_modifiers(rest)
    rest = re.sub(r"\bICD[\s-]?(?:9|10)(?:[\s-]?(?:CM|PCS))?\b", " ICD ", rest, flags=re.I)
    icd9: tuple[str, ...] = ()
    if "icd-9-cm" in systems or not re.search(r"[A-Z]\d\d|\d{5}", rest, re.I):
        icd9 = tuple(dict.fromkeys(match[1].upper() for match in _ICD9.finditer(rest)))
    rest, ranges = _take_ranges(rest)
    codes = tuple(_codes(rest, systems))[:MAX_CODES]
    named = {code.typed for code in codes if code.is_named or len(code.key) > 3}
    rest = _CODE.sub(lambda match: " " if match["code"] in named else match[0], rest)
    day, note, rest = _day(rest, today)
    units = _units_of(rest)
    if not modifiers and not ranges and (codes or not others):
        modifiers = _alone(rest, is_behind_code=bool(codes))
    if (codes or len(typed) < 30) and not modifiers:
        modifiers = _bare_modifiers(rest)
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


def _take_lookalikes(text: str) -> tuple[str, tuple[Other, ...]]:
    found: list[Other] = []
    for kind, pattern in _LOOKALIKES:
        for match in list(pattern.finditer(text)):
            number = next((group for group in match.groups() if group), match[0])
            more = re.findall(r"\d+", match.groupdict().get("more") or "")
            typed = match[0][: -len(match["more"])] if more else match[0]
            found.append(Other(kind, number.strip(), typed.strip()))
            found += [Other(kind, one, one) for one in more]
        text = pattern.sub(lambda match: " ~ ", text)
    return text, tuple(dict.fromkeys(found))


_NO_MODIFIER: Final = frozenset(
    [
        "IS",
        "ON",
        "IN",
        "OF",
        "TO",
        "DO",
        "IF",
        "OR",
        "AN",
        "AS",
        "AT",
        "BE",
        "BY",
        "GO",
        "HE",
        "IT",
        "ME",
        "MY",
        "NO",
        "SO",
        "UP",
        "US",
        "WE",
        "AM",
        "ID",
        "OK",
        "VS",
    ]
)


def _take_modifiers(text: str) -> tuple[str, tuple[str, ...]]:
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


def _bare_modifiers(text: str) -> tuple[str, ...]:
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


def _alone(rest: str, *, is_behind_code: bool) -> tuple[str, ...]:
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
