"""The cells of the Medicare Coverage Database's tables: ids, versions, titles, days. Pure."""

import html
import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from codes.importers import columns
from codes.importers.columns import Cells, Header, Rows, Unreadable
from codes.importers.rows import cut
from codes.importers.source import SourceFile

MAX_TITLE: Final = 500
MAX_WHOLE: Final = 32_767

_TAG: Final = re.compile(r"<[^>]*>")
_ISO_DAY: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T].*)?")
_US_DAY: Final = re.compile(r"(\d\d?)/(\d\d?)/(\d{4})(?: .*)?")


def maybe(header: Header, name: str) -> int | None:
    """Return the place of a column by its name in the database, if it is there."""
    return header.maybe(re.escape(columns.words(name)))


def all_of(header: Header, names: Iterable[str]) -> list[int]:
    """Return the places of those columns that are there."""
    return [place for name in names if (place := maybe(header, name)) is not None]


def table_rows(source: SourceFile) -> tuple[Header, Rows]:
    """Return the heading, which is the first row, and the rows below it."""
    rows = source.csv_rows()
    line, names = next(rows, (1, [""]))
    return Header(source, line, [names]), rows


def document_id(text: str) -> str:
    """Return the id without leading zeros; raises ``Unreadable``."""
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit()):
        raise Unreadable(f"“{cut(plain, 40)}” is no id of a document; expected a number.")
    return plain.lstrip("0") or "0"


def whole(text: str, what: str) -> int:
    """Return a number that its column holds; raises ``Unreadable``."""
    plain = text.strip()
    if plain.isascii() and plain.isdigit() and len(plain) <= 5 and int(plain) <= MAX_WHOLE:
        return int(plain)
    raise Unreadable(f"“{cut(text.strip(), 40)}” is no {what}; expected a whole number.")


def plain(text: str) -> str:
    """Return a title without markup."""
    return cut(" ".join(_TAG.sub(" ", html.unescape(text)).split()), MAX_TITLE)


def _day(text: str, what: str) -> date | None:
    """Return the day of a timestamp, ISO or American; nothing where there is none."""
    plain = text.strip()
    if plain.upper() in {"", "N/A", "NULL"}:
        return None
    try:
        if match := _ISO_DAY.fullmatch(plain):
            return date(*map(int, match.groups()))
        if match := _US_DAY.fullmatch(plain):
            month, day, year = map(int, match.groups())
            return date(year, month, day)
    except ValueError:
        pass
    raise Unreadable(f"“{cut(plain, 40)}” is no {what}; expected a day such as 2026-09-28.")


def days(cells: Cells, places: Iterable[int], what: str) -> list[date]:
    """Return the days that stand in some columns; raises ``Unreadable``."""
    return [day for place in places if (day := _day(cells[place], what))]


def first_day(cells: Cells, places: Iterable[int], what: str) -> date | None:
    """Return the day of the first of the columns that has one; raises ``Unreadable``."""
    return next(iter(days(cells, places, what)), None)
