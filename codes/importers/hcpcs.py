"""HCPCS Level II: codes, what the file says of them, and modifiers. Pure: imports no Django.

Source: CMS publishes the file each quarter as fixed-width text of 320 columns (the record layout
comes with it, "HCPCS Contractor Record") and as a spreadsheet with the same fields, one row per
code. ``HCPC2025_OCT_ANWEB.*`` took effect on 2025-10-01. Codes that begin with a digit are the
AMA's and codes that begin with D the ADA's: they are passed over, unread.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from codes.importers.hcpcs_layouts import Entry, fixed_width, is_fixed_width, is_sheet, sheet
from codes.importers.hcpcs_meanings import (
    ACTIONS,
    ASC_GROUPS,
    BETOS,
    COVERAGE,
    LAB_CERTIFICATIONS,
    MULTIPLE_PRICING,
    PRICING,
    TYPES_OF_SERVICE,
)
from codes.importers.rows import (
    CodeRow,
    Edition,
    FactEdition,
    Problem,
    RowsRefused,
    SystemRow,
    cut,
)
from codes.importers.source import Format, Options, SourceFile, sha256_of_sources

__all__ = [
    "ACTIONS",
    "ASC_GROUPS",
    "BETOS",
    "COVERAGE",
    "FORMAT",
    "LAB_CERTIFICATIONS",
    "MULTIPLE_PRICING",
    "PRICING",
    "SYSTEM",
    "TYPES_OF_SERVICE",
    "HcpcsDetailRow",
    "ModifierRow",
    "read",
]

IMPORTER: Final = "hcpcs 1"
SOURCE_NAME: Final = "HCPCS Level II alpha-numeric file"
SYSTEM: Final = SystemRow(
    slug="hcpcs",
    name="HCPCS Level II",
    title="Healthcare Common Procedure Coding System, Level II",
    code_noun="HCPCS Code",
    publisher="Centers for Medicare & Medicaid Services (CMS)",
    description="Codes for supplies, drugs, equipment, ambulance and other services in the United "
    "States that CPT® does not name. They say what was supplied or done.",
    licence="public_domain",
    copyright_line="HCPCS Level II is published by the Centers for Medicare & Medicaid Services "
    "(CMS) and is in the public domain. Dental codes (D codes) are the American Dental "
    "Association's and are not shown.",
    trademark_line="CPT is a registered trademark of the American Medical Association.",
    position=3,
)
CHAPTERS: Final = {
    "A": "Transportation, medical and surgical supplies, and administrative items",
    "B": "Enteral and parenteral therapy",
    "C": "Hospital outpatient items and services",
    "E": "Durable medical equipment",
    "G": "Temporary codes for procedures and professional services",
    "H": "Behavioral health and substance use treatment",
    "J": "Drugs, chiefly those not taken by mouth",
    "K": "Temporary codes for durable medical equipment contractors",
    "L": "Orthotics and prosthetics",
    "M": "Medical services and quality measures",
    "P": "Pathology, laboratory and blood products",
    "Q": "Temporary codes for drugs, supplies and services",
    "R": "Transport of portable diagnostic equipment",
    "S": "Items and services of private payers",
    "T": "Items and services of state Medicaid agencies",
    "U": "Laboratory tests for the coronavirus",
    "V": "Vision, hearing and speech-language services",
}
"""What the codes of each letter are for, in this project's words: the file has no headings."""

_NAME: Final = re.compile(r"HCPC\D{0,6}(\d{4})(?:_|-| )?(JAN|APR|JUL|OCT)?", re.IGNORECASE)
_ZIP_NAME: Final = re.compile(
    r"(?:(JAN|APR|JUL|OCT)\w*-)?(\d{4})-(?:\w+-)*?alpha-?numeric", re.IGNORECASE
)
_QUARTERS: Final = {"JAN": 1, "APR": 4, "JUL": 7, "OCT": 10}


@dataclass(frozen=True, slots=True)
class HcpcsDetailRow:
    """What the file says of a code beside its descriptors; field names as in the model."""

    line: int
    code_key: str
    pricing_indicators: list[str]
    multiple_pricing: str
    ncd_references: list[str]
    manual_references: list[str]
    statute: str
    lab_certifications: list[str]
    cross_references: list[str]
    coverage: str
    asc_group: str
    asc_date: date | None
    processing_note: str
    betos: str
    types_of_service: list[str]
    anesthesia_base_units: str
    added_on: date | None
    action_on: date | None
    terminated_on: date | None
    action: str


@dataclass(frozen=True, slots=True)
class ModifierRow:
    """A modifier; field names as in the model."""

    line: int
    modifier: str
    short_descriptor: str
    long_descriptor: str
    coverage: str
    added_on: date | None
    action_on: date | None
    terminated_on: date | None
    action: str


def recognises(source: SourceFile) -> bool:
    """Return whether the file holds HCPCS Level II records, in either layout."""
    return is_fixed_width(source) or is_sheet(source)


def read(
    sources: Sequence[SourceFile], options: Options | None = None
) -> Sequence[Edition | FactEdition]:
    """Return the codes, their details and the modifiers of the first file, text before sheets.

    A zip holds the same records in several layouts. Raises ``FileRefused``, and ``RowsRefused``
    with every line that does not hold. 8,846 records take half a second.
    """
    options = options or Options()
    source = min(sources, key=lambda source: not is_fixed_width(source))
    day = options.effective_date or effective_date_in(source.name)
    if day is None:
        message = "the name holds no edition; give its day with --effective-date YYYY-MM-DD."
        raise source.refuse(message)
    read_entries = fixed_width if is_fixed_width(source) else sheet
    entries, problems = _checked(read_entries(source))
    if not entries and not problems:
        raise source.refuse("holds no code of HCPCS Level II.")
    if problems:
        raise RowsRefused(problems)
    codes = sorted((e for e in entries if not e.is_modifier), key=lambda entry: entry.key)
    modifiers = [entry for entry in entries if entry.is_modifier]
    return _editions(source, options.label or f"{day:%B %Y}", day, codes, modifiers)


def _editions(
    source: SourceFile, label: str, day: date, codes: Sequence[Entry], modifiers: Sequence[Entry]
) -> Sequence[Edition | FactEdition]:
    sha256 = sha256_of_sources([source])
    rows = list(_code_rows(codes, day))
    named = (label, day, SOURCE_NAME, cut(source.name, 255), sha256, IMPORTER)
    return [
        Edition(SYSTEM, *named, rows),
        FactEdition("hcpcs-details", *named, {"HcpcsDetail": map(_detail, codes)}),
        FactEdition("hcpcs-modifiers", *named, {"Modifier": map(_modifier, modifiers)}),
    ]


def effective_date_in(name: str) -> date | None:
    """Return the first day of the quarter in a name such as ``HCPC2025_OCT_ANWEB.csv``.

    A name without a quarter is the annual file of January. The name of the zip counts where that
    of its member says nothing.
    """
    archive, _, member = name.rpartition("/")
    if match := _NAME.search(member):
        return date(int(match[1]), _QUARTERS[(match[2] or "JAN").upper()], 1)
    if match := _ZIP_NAME.search(archive or member):
        return date(int(match[2]), _QUARTERS[(match[1] or "JAN").upper()], 1)
    return None


# Checks


def _checked(stream: Iterator[Entry | Problem]) -> tuple[list[Entry], list[Problem]]:
    """Return the entries, dates read, and everything that is wrong with them."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for found in stream:
        if isinstance(found, Problem):
            problems.append(found)
            continue
        problems.extend(_faults(found, seen))
        seen.add(found.key)
        entries.append(found)
    return entries, problems


_KNOWN: Final[dict[str, Mapping[str, str]]] = {"coverage": COVERAGE, "action": ACTIONS}
_DATES: Final = {
    "asc_date": "ASC date",
    "added": "added date",
    "acted": "action effective date",
    "terminated": "termination date",
}
_LENGTHS: Final = {
    "statute": 10, "asc_group": 2, "processing_note": 4, "betos": 3, "multiple_pricing": 1,
    "anesthesia_base_units": 3, "short": 100,
}  # fmt: skip


def _faults(entry: Entry, seen: set[str]) -> Iterator[Problem]:
    def problem(message: str) -> Problem:
        return Problem(entry.file, entry.line, f"{entry.key}: {message}")

    if entry.key in seen:
        yield problem("stands twice.")
    for name, what in _DATES.items():
        try:
            entry.dates[name] = _date(entry.values[name])
        except ValueError:
            yield problem(f"{what} “{cut(entry.values[name], 40)}” is no date YYYYMMDD.")
    for name, meanings in _KNOWN.items():
        if (value := entry.values[name]) and value not in meanings:
            yield problem(f"{name} “{cut(value, 40)}” is none of {', '.join(meanings)}.")
    for name, most in _LENGTHS.items():
        if len(entry.values[name]) > most:
            yield problem(f"{name.replace('_', ' ')} has more than {most} characters.")
    if not entry.long:
        yield problem("has no long descriptor.")
    if not entry.values["short"]:
        yield problem("has no short descriptor.")
    if not entry.values["action"]:
        yield problem("has no action code, the last column. Is the file complete?")


def _date(text: str) -> date | None:
    digits = text.replace("-", "")
    if not digits.strip("0"):
        return None
    if len(digits) != 8 or not digits.isascii() or not digits.isdecimal():
        raise ValueError(text)
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


# Rows


def _code_rows(codes: Sequence[Entry], day: date) -> Iterator[CodeRow]:
    """Yield a chapter for each first letter and below it its codes."""
    keys = {entry.key for entry in codes}
    letter = ""
    for entry in codes:
        if entry.key[0] != letter:
            letter = entry.key[0]
            yield _chapter(entry)
        last = entry.dates["terminated"]
        successors = [key for key in entry.lists["references"] if key in keys and last]
        yield CodeRow(
            kind="code",
            key=entry.key,
            display=entry.key,
            parent=("chapter", letter),
            short=entry.values["short"],
            long=entry.long,
            file=entry.file,
            line=entry.line,
            billable=last is None or last >= day,
            replaced_by=tuple(dict.fromkeys(key for key in successors if key != entry.key)),
            valid_from=entry.dates["added"],
            valid_to=last,
        )


def _chapter(first: Entry) -> CodeRow:
    letter = first.key[0]
    title = CHAPTERS.get(letter, f"Codes that begin with {letter}")
    return CodeRow("chapter", letter, f"{letter} codes", None, title, title, first.file, first.line)


def _detail(entry: Entry) -> HcpcsDetailRow:
    values, lists, dates = entry.values, entry.lists, entry.dates
    return HcpcsDetailRow(
        line=entry.line,
        code_key=entry.key,
        pricing_indicators=lists["pricing"],
        multiple_pricing=values["multiple_pricing"],
        ncd_references=lists["ncd"],
        manual_references=lists["manual"],
        statute=values["statute"],
        lab_certifications=lists["lab"],
        cross_references=lists["references"],
        coverage=values["coverage"],
        asc_group=values["asc_group"],
        asc_date=dates["asc_date"],
        processing_note=values["processing_note"],
        betos=values["betos"],
        types_of_service=lists["services"],
        anesthesia_base_units=values["anesthesia_base_units"],
        added_on=dates["added"],
        action_on=dates["acted"],
        terminated_on=dates["terminated"],
        action=values["action"],
    )


def _modifier(entry: Entry) -> ModifierRow:
    return ModifierRow(
        line=entry.line,
        modifier=entry.key,
        short_descriptor=entry.values["short"],
        long_descriptor=entry.long,
        coverage=entry.values["coverage"],
        added_on=entry.dates["added"],
        action_on=entry.dates["acted"],
        terminated_on=entry.dates["terminated"],
        action=entry.values["action"],
    )


FORMAT: Final = Format(
    name="hcpcs",
    title="HCPCS Level II alpha-numeric file (fixed width or spreadsheet)",
    notice="",
    recognise=recognises,
    read=read,
)
