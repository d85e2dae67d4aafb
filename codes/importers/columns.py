"""Columns found by their header texts, values read from cells, editions named by what files say.

What the parsers of fact files share. Pure: imports no Django. A cell that is not what its column
holds raises ``Unreadable``, which ``read_rows`` turns into a ``Problem`` at its line.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Final, TypeVar

from codes.importers.rows import FactEdition, FileRefused, Problem, Row, cut
from codes.importers.source import Options, SourceFile, sha256_of_sources

HEADING_ROWS: Final = 40
"""How far into a file a header is looked for."""

MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)

RowT = TypeVar("RowT", bound=Row)
Cells = Sequence[str]
Rows = Iterable[tuple[int, list[str]]]

_WORD: Final = re.compile(r"[a-z0-9]+")
_CODE: Final = re.compile(r"[0-9A-Z]{5}")
_NUMBER: Final = re.compile(r"-?([0-9]+\.?[0-9]*|\.[0-9]+)")
_YEAR: Final = re.compile(r"(?<!\d)20\d\d(?!\d)")
_MONTH_NAMES: Final = "|".join(month[:3] for month in MONTHS)
_MONTH_YEAR: Final = re.compile(rf"({_MONTH_NAMES})[a-z]* (20\d\d)")
_YEAR_MONTH: Final = re.compile(rf"(20\d\d) ({_MONTH_NAMES})[a-z]*")


class Unreadable(ValueError):
    """A cell is not what its column holds; the message says what was expected."""


def words(text: str) -> str:
    """Return the words of a text in lower case, one space between: how headings are compared."""
    return " ".join(_WORD.findall(text.lower()))


class Header:
    """The heading of a table: where each column stands, by its text.

    A heading of several rows is joined column by column. Asking for a column that is not there
    refuses the file.
    """

    def __init__(self, source: SourceFile, line: int, rows: Sequence[Cells]) -> None:
        self._source = source
        self._line = line
        width = max(map(len, rows))
        self.names = [
            words(" ".join(row[place] for row in rows if place < len(row)))
            for place in range(width)
        ]

    def maybe(self, *patterns: str) -> int | None:
        """Return the place of the first column that matches a pattern wholly, earlier ones first.

        Patterns are regular expressions over ``words``.
        """
        for pattern in patterns:
            for place, name in enumerate(self.names):
                if re.fullmatch(pattern, name):
                    return place
        return None

    def place(self, title: str, *patterns: str) -> int:
        """Return the place of a column; ``title`` names it in the refusal."""
        place = self.maybe(*(patterns or (re.escape(words(title)),)))
        if place is None:
            message = f"has no column “{title}”; is it the official layout?"
            raise self._source.refuse(message, self._line)
        return place

    def all(self, pattern: str) -> list[int]:
        """Return the places of every column that matches."""
        return [place for place, name in enumerate(self.names) if re.fullmatch(pattern, name)]


def find_header(
    source: SourceFile, rows: Rows, is_last: Callable[[Cells], bool], what: str, above: int = 0
) -> tuple[Header, list[tuple[int, list[str]]]]:
    """Read up to the last row of the heading; return it and the rows before it.

    The heading is that row and the ``above`` rows just before it. Afterwards ``rows`` stands at
    the first row of data. Raises ``FileRefused`` where no such row is near the beginning.
    """
    before: list[tuple[int, list[str]]] = []
    for line, cells in islice(rows, HEADING_ROWS):
        if is_last(cells):
            heading = [cells for _, cells in before[len(before) - above :]] if above else []
            return Header(source, line, [*heading, cells]), before
        before.append((line, cells))
    raise source.refuse(f"has no header of {what} in its first {HEADING_ROWS} rows.")


def begins(*names: str) -> Callable[[Cells], bool]:
    """Return a test of whether a row begins with these headings."""

    def test(cells: Cells) -> bool:
        return tuple(words(cell) for cell in cells[: len(names)]) == names

    return test


def looks_like(source: SourceFile, is_header: Callable[[Cells], bool], separator: str) -> bool:
    """Return whether a header is among the first lines; for recognition, never raises.

    Cells are split without regard to quotes, so ``is_header`` must look at cells that have none.
    """
    if source.is_workbook:
        separator = "\t"
    lines = source.head(HEADING_ROWS).split("\n")
    return any(is_header([cell.strip('"') for cell in line.split(separator)]) for line in lines)


def read_rows(
    rows: Rows, build: Callable[[int, Cells], RowT | None], file: str
) -> Iterator[RowT | Problem]:
    """Yield what ``build`` makes of each row, or a problem where it cannot.

    Empty rows are left out, as is a row of which ``build`` makes nothing.
    """
    for line, cells in rows:
        if not any(map(str.strip, cells)):
            continue
        try:
            row = build(line, cells)
        except Unreadable as wrong:
            yield Problem(file, line, str(wrong))
        else:
            if row is not None:
                yield row


def once(
    rows: Iterable[RowT | Problem], key: Callable[[RowT], Hashable], file: str
) -> Iterator[RowT | Problem]:
    """Yield the rows, and a problem instead of each that names what an earlier row named."""
    first: dict[Hashable, int] = {}
    for row in rows:
        if not isinstance(row, Problem):
            name = key(row)
            if (earlier := first.setdefault(name, row.line)) != row.line:
                shown = " ".join(map(str, name)) if isinstance(name, tuple) else str(name)
                yield Problem(file, row.line, f"{shown.strip()} stands already on line {earlier}.")
                continue
        yield row


def at_least_one(
    rows: Iterable[RowT | Problem], source: SourceFile, what: str
) -> Iterator[RowT | Problem]:
    """Yield the rows; refuse a file that has none, since it was cut after its heading."""
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 - counted, for the test below
        yield row
    if not count:
        raise source.refuse(f"holds no {what} below its heading; is it complete?")


def require_width(cells: Cells, width: int) -> None:
    """Raise ``Unreadable`` for a row with fewer cells than its table has columns."""
    if len(cells) < width:
        raise Unreadable(f"has {len(cells)} of {width} columns; is the file complete?")


def cell(cells: Cells, place: int | None) -> str:
    """Return a cell without spaces around it; "" where the row or the file has no such column."""
    return cells[place].strip() if place is not None and place < len(cells) else ""


def code_of(text: str, what: str = "code") -> str:
    """Return a procedure code: five digits or capital letters."""
    code = text.strip()
    if not _CODE.fullmatch(code):
        raise Unreadable(f"“{cut(code, 40)}” is no {what}; expected five digits or capitals.")
    return code


def number(text: str, what: str, *, digits: int, places: int) -> Decimal:
    """Return a number that fits a column with that many digits, of which ``places`` after the dot.

    A dollar sign and commas between thousands are left out.
    """
    plain = text.strip().removeprefix("$").replace(",", "").strip()
    if not _NUMBER.fullmatch(plain):
        raise Unreadable(f"“{cut(text.strip(), 40)}” is no {what}; expected a number such as 1.25.")
    value = Decimal(plain)
    if abs(value) >= 10 ** (digits - places) or value != round(value, places):
        raise Unreadable(
            f"“{plain}” is no {what}; expected at most {digits - places} digits before"
            f" and {places} after the dot."
        )
    return value


def number_or_none(text: str, what: str, *, digits: int, places: int) -> Decimal | None:
    """Return the number, or nothing where the publisher has none: empty, a dot, a dash, NA."""
    if text.strip().upper() in {"", ".", "-", "NA", "N/A"}:
        return None
    return number(text, what, digits=digits, places=places)


def compact_day(text: str, what: str) -> date:
    """Return the day in ``YYYYMMDD``."""
    if len(text) == 8 and text.isascii() and text.isdigit():
        try:
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
        except ValueError:
            pass
    raise Unreadable(f"“{cut(text, 40)}” is no {what}; expected a day such as 20260401.")


def day_of_year(text: str, what: str) -> date:
    """Return the day in ``YYYYDDD``: year and number of the day in it."""
    if len(text) == 7 and text.isascii() and text.isdigit():
        year, number_ = int(text[:4]), int(text[4:])
        if year and number_:
            day = date(year, 1, 1) + timedelta(days=number_ - 1)
            if day.year == year:
                return day
    raise Unreadable(f"“{cut(text, 40)}” is no {what}; expected year and day such as 2026091.")


def limited(text: str, what: str, limit: int) -> str:
    """Return a text with single spaces; raise ``Unreadable`` for one that is too long."""
    plain = " ".join(text.split())
    if len(plain) > limit:
        raise Unreadable(f"{what} “{cut(plain, 40)}” is longer than {limit:,} characters.")
    return plain


def month_in(text: str) -> date | None:
    """Return the first day of a month that a text names: “April 2026”, ``2026_april_web``."""
    plain = words(text)
    if match := _MONTH_YEAR.search(plain):
        return _month(match[2], match[1])
    if match := _YEAR_MONTH.search(plain):
        return _month(match[1], match[2])
    return None


def _month(year: str, name: str) -> date:
    return date(int(year), 1 + [month[:3] for month in MONTHS].index(name), 1)


def year_in(text: str) -> int | None:
    """Return the first year from 2000 that a text names."""
    match = _YEAR.search(text)
    return int(match[0]) if match else None


def last_name(source: SourceFile) -> str:
    """Return the name of a file without that of its zip or folder."""
    return source.name.rpartition("/")[2]


def quarter(day: date) -> str:
    """Return the quarter that CMS calls a release after: “2026 Q2”."""
    return f"{day.year} Q{(day.month + 2) // 3}"


def single(sources: Sequence[SourceFile], what: str) -> SourceFile:
    """Return the only file; refuse several, since a release of this kind is one file."""
    if len(sources) != 1:
        names = ", ".join(source.name for source in sources)
        raise FileRefused(names, 0, f"expected one file of {what}, not {len(sources)}.")
    return sources[0]


@dataclass(frozen=True, slots=True)
class Said:
    """What a file or its name says about its edition; ``None`` and "" where it says nothing."""

    day: date | None = None
    label: str = ""


def fact_edition(
    sources: Sequence[SourceFile],
    options: Options,
    said: Said,
    *,
    source: str,
    source_name: str,
    importer: str,
    tables: Mapping[str, Iterator[Row | Problem]],
) -> FactEdition:
    """Return the edition. Raises ``FileRefused`` where nobody says when it takes effect."""
    file_name = ", ".join(each.name for each in sources)
    day = options.effective_date or said.day
    if day is None:
        message = (
            "neither the file nor its name says when the edition takes effect;"
            " give it with --effective-date YYYY-MM-DD."
        )
        raise FileRefused(file_name, 0, message)
    return FactEdition(
        source=source,
        label=options.label or (said.label if day == said.day else "") or f"{day:%B %Y}",
        effective_date=day,
        source_name=source_name,
        file_name=cut(file_name, 255),
        sha256=sha256_of_sources(sources),
        importer=importer,
        tables=tables,
    )
