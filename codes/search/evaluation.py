"""Measures the search by queries whose right codes are known. Pure; imports no Django."""

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from codes.lookup import code_key

DEPTH: Final = 20
COLUMNS: Final = ("query", "code")


class BadQueries(ValueError):
    """The file is not what it should be; the message says where."""


@dataclass(frozen=True, slots=True)
class Question:
    """A query and the keys of the codes of which any is right."""

    query: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A code that the search gave: its key, and those of the codes above it."""

    key: str
    above: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """The place of the first right answer, from 1, or 0; the same strictly; how long it took."""

    place: int
    strict_place: int
    is_empty: bool
    seconds: float


def read_questions(content: bytes) -> list[Question]:
    """Read a CSV file with the columns ``query`` and ``code``; more columns may stand beside.

    Raises ``BadQueries`` with the line.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadQueries(f"Line {line}: the file is not UTF-8.") from None
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return list(_questions(rows))
    except csv.Error as error:
        raise BadQueries(f"Line {rows.line_num}: {error}.") from None


def _questions(rows: Iterator[list[str]]) -> Iterator[Question]:
    header = [name.strip().lower() for name in next(rows, [])]
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise BadQueries(f"Line 1: no column “{missing[0]}”; it needs “query” and “code”.")
    query_at, code_at = (header.index(name) for name in COLUMNS)
    line, count = 1, 0
    for row in rows:
        line += 1
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            raise BadQueries(f"Line {line}: {len(row)} columns, but the header has {len(header)}.")
        keys = tuple(filter(None, map(code_key, row[code_at].split("|"))))
        if not row[query_at].strip() or not keys:
            missing_one = "query" if not row[query_at].strip() else "code"
            raise BadQueries(f"Line {line}: the {missing_one} is empty.")
        count += 1
        line += sum(cell.count("\n") for cell in row)
        yield Question(row[query_at], keys)
    if not count:
        raise BadQueries("The file has no queries.")


def judge(
    question: Question, found: Sequence[Found], parents: Mapping[str, str], seconds: float
) -> Answer:
    """Return where the right code stands among those found.

    Right is a code itself, what stands below it, and the one directly above it (``parents``, by
    key); strictly only the code itself.
    """
    keys = frozenset(question.keys)
    right = keys | {parents[key] for key in keys if key in parents}
    return Answer(
        place=_first(each.key in right or bool(each.above & keys) for each in found),
        strict_place=_first(each.key in keys for each in found),
        is_empty=not found,
        seconds=seconds,
    )


def figures(answers: Sequence[Answer]) -> dict[str, float]:
    """Return the figures of all answers: shares of 1, and milliseconds."""
    places = [answer.place for answer in answers]
    strict = [answer.strict_place for answer in answers]
    return {
        "queries": len(answers),
        **_recall("", places),
        **_recall("strict_", strict),
        "empty_share": _share(answer.is_empty for answer in answers),
        **{
            f"p{percent}_ms": round(_percentile([a.seconds for a in answers], percent) * 1000, 2)
            for percent in (50, 95, 99)
        },
    }


def _recall(prefix: str, places: Sequence[int]) -> dict[str, float]:
    found = {
        f"{prefix}recall_at_{depth}": _share(0 < place <= depth for place in places)
        for depth in (1, 10, DEPTH)
    }
    reciprocal = [1 / place if place else 0.0 for place in places]
    return found | {f"{prefix}mrr": round(sum(reciprocal) / len(places), 4)}


def _share(flags: Iterable[bool]) -> float:
    values = list(flags)
    return round(sum(values) / len(values), 4)


def _first(flags: Iterable[bool]) -> int:
    """Return the place of the first true one, from 1; 0 for none."""
    return next((place for place, flag in enumerate(flags, 1) if flag), 0)


def _percentile(values: Sequence[float], percent: int) -> float:
    """Return the value that so many of a hundred do not exceed."""
    return sorted(values)[math.ceil(len(values) * percent / 100) - 1]
