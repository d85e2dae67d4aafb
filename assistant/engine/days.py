"""Reads the day of service that a question names, and prints days as this site does. Pure."""

import calendar
import re
from datetime import date
from typing import Final

MONTHS: Final = {
    name: number
    for number in range(1, 13)
    for name in (calendar.month_name[number].lower(), calendar.month_abbr[number].lower())
} | {"sept": 9}

_MONTH: Final = "|".join(sorted(MONTHS, key=len, reverse=True))

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


def day_in(text: str, today: date) -> tuple[date | None, str, str]:
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
        year, month = int(match[2]), MONTHS[match[1].lower()]
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
    month = MONTHS[parts["n"].lower()] if parts.get("n") else int(parts["m"])
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
