"""Rows as PostgreSQL's COPY reads them, fast. Pure: imports no Django.

psycopg's own ``write_row`` adapts each value anew, which takes longer than parsing it. Here each
column has one function from value to text, and what repeats is looked up: 2,000,000 rows of eight
columns take some four seconds.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

BLOCK: Final = 1 << 16
"""Characters that are handed over at a time."""
KEPT: Final = 50_000
"""Texts of a column that are remembered; a code, a day or a rationale stands in many rows."""
LONGEST_KEPT: Final = 300
NULL: Final = "\\N"

Writer = Callable[[Any], str]

_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_BOOLEANS: Final = {True: "t", False: "f", None: NULL}


class _Remembered(dict[Any, str]):
    """Texts by value; ``[value]`` writes what is not known yet."""

    def __init__(self, write: Writer) -> None:
        super().__init__()
        self._write = write

    def __missing__(self, value: Any) -> str:
        text = self._write(value)
        if len(text) <= LONGEST_KEPT and len(self) < KEPT:
            self[value] = text
        return text


def boolean(value: bool | None) -> str:
    """Return true, false or none."""
    return _BOOLEANS[value]


def plain(value: object) -> str:
    """Return a number as it prints; none as NULL."""
    return NULL if value is None else str(value)


def text(value: str | None) -> str:
    """Return a text with what would end a column or a line escaped."""
    return NULL if value is None else value.translate(_ESCAPES)


def day(value: date | None) -> str:
    """Return a day as ``YYYY-MM-DD``."""
    return NULL if value is None else value.isoformat()


def as_json(value: object) -> str:
    """Return a value as JSON, escaped; none as JSON's null, since no such column holds NULL."""
    return json.dumps(value, ensure_ascii=False).translate(_ESCAPES)


def remembering(write: Writer) -> Writer:
    """Return the writer with a memory of its own: equal values of two columns may differ (1, t)."""
    return _Remembered(write).__getitem__


def blocks(
    rows: Iterable[Sequence[Any]], writers: Sequence[Writer], first: str = ""
) -> Iterator[str]:
    """Yield the rows in pieces of some 64 KB; ``first`` is one more column that never changes."""
    head = f"{first}\t" if first else ""
    lines: list[str] = []
    size = 0
    for row in rows:
        line = head + "\t".join([write(value) for write, value in zip(writers, row, strict=True)])
        lines.append(line)
        size += len(line)
        if size > BLOCK:
            lines.append("")
            yield "\n".join(lines)
            lines, size = [], 0
    if lines:
        lines.append("")
        yield "\n".join(lines)
