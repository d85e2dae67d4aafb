"""The order file of ICD-10-CM and ICD-10-PCS: every heading and code with two descriptors.

Pure: imports no Django. Source: CMS and NCHS publish ``icd10cm_order_YYYY.txt`` and
``icd10pcs_order_YYYY.txt`` with each fiscal year's release. Columns: 1-5 order number, 7-13 code
without a dot, 15 whether it is valid for submission (1) or a heading (0), 17-76 short descriptor,
78 and on long descriptor.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from codes.importers.rows import Problem, cut
from codes.importers.source import SourceFile

_START: Final = re.compile(r"[0-9]{5} ([0-9A-Z]{3}[0-9A-Z ]{4}) [01] \S")
_YEAR: Final = re.compile(r"(?:^|[^0-9])(20[0-9]{2})(?:[^0-9]|$)")
_APRIL: Final = re.compile(r"(?:^|[^a-z])apr(?:il)?(?:[^a-z]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OrderRow:
    """A heading or code; ``billable`` is the file's own flag."""

    line: int
    key: str
    billable: bool
    short: str
    long: str


def first_keys(source: SourceFile) -> list[str]:
    """Return the codes at the beginning; none where most lines are none of an order file."""
    lines = [line for line in source.head().splitlines() if line.strip()]
    keys = [match[1].strip() for match in map(_START.match, lines) if match]
    return keys if len(keys) * 2 > len(lines) else []


def read_order(source: SourceFile) -> Iterator[OrderRow | Problem]:
    """Yield each line; a missing line shows in the order numbers, a cut file in its last line."""
    expected = 1
    for line, text in source.lines():
        if not text.strip():
            continue
        if not _START.match(text):
            message = "expected order number (1-5), code (7-13), 0 or 1 (15) and descriptors."
            yield Problem(source.name, line, f"“{cut(text, 40)}”: {message}")
            continue
        key, number = text[6:13].strip(), int(text[:5])
        if number != expected:
            message = f"order number {number} where {expected} was expected; is a line missing?"
            yield Problem(source.name, line, f"{key}: {message}")
        expected = number + 1
        short, long = text[16:76].strip(), text[77:].strip()
        if not long:
            yield Problem(
                source.name, line, f"{key}: has no long descriptor. Is the file complete?"
            )
        yield OrderRow(line, key, text[14] == "1", short, long)
    if not _ends_with_a_line(source):
        yield Problem(source.name, 0, "ends in the middle of a line. Is the file complete?")


def _ends_with_a_line(source: SourceFile) -> bool:
    last = b""
    for chunk in source.chunks():
        last = chunk
    return last.endswith(b"\n")


def fiscal_day(name: str) -> date | None:
    """Return the day on which the edition in a file's name took effect.

    ``icd10pcs_order_2026.txt`` is of fiscal year 2026, which began on 2025-10-01; a name, or that
    of the zip around it, with "April" is of the update of that year's April.
    """
    for part in reversed(name.split("/")):
        if match := _YEAR.search(part):
            year = int(match[1])
            return date(year, 4, 1) if _APRIL.search(name) else date(year - 1, 10, 1)
    return None
