"""The reads of PTP edits on pages and in the check, as prepared statements.

PostgreSQL answers each from an index of two million rows in a tenth of a millisecond; to build the
same statement with the ORM and to plan it anew takes ten times as long.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from codes import db
from codes.facts import PtpEdit

_NAMES: Final = [field.attname for field in PtpEdit._meta.concrete_fields]
_COLUMNS: Final = ", ".join(_NAMES)
_OTHER: Final = {"column1": "column2", "column2": "column1"}

_IN_FORCE: Final = """
    effective_on <= %(day)s
    AND (deleted_on IS NULL OR deleted_on >= %(day)s AND deleted_on > effective_on)"""
"""As ``codes.facts.in_force_on``; a test holds them together."""

_AMONG: Final = f"""
    SELECT {_COLUMNS} FROM codes_ptpedit
    WHERE release_id = %(release)s::bigint
        AND column1 = ANY(%(keys)s) AND column2 = ANY(%(keys)s)
    ORDER BY column1, column2, effective_on
"""  # noqa: S608 - the names are the model's

_COUNTS: Final = f"""
    SELECT release_id,
        count(*) FILTER (WHERE {_IN_FORCE}),
        count(*) FILTER (WHERE deleted_on < %(day)s AND deleted_on > effective_on),
        count(*) FILTER (WHERE effective_on > %(day)s)
    FROM codes_ptpedit
    WHERE release_id = ANY(%(releases)s::bigint[])
        AND {{own}} = %(key)s AND starts_with({{other}}, %(prefix)s)
    GROUP BY release_id
"""  # noqa: S608 - the names are the model's

_PART: Final = f"""
    (SELECT {_COLUMNS} FROM codes_ptpedit
    WHERE release_id = %(release{{number}})s::bigint
        AND {{own}} = %(key)s AND starts_with({{other}}, %(prefix)s) AND {_IN_FORCE}
    ORDER BY {{other}}, effective_on
    OFFSET %(start{{number}})s LIMIT %(count{{number}})s)
"""  # noqa: S608 - the names are the model's


_OPENING: Final = " UNION ALL ".join(
    f"""
    (SELECT {_COLUMNS} FROM codes_ptpedit
    WHERE release_id = ANY(%(releases)s::bigint[])
        AND {own} = %(key)s AND modifier_indicator = '1' AND {_IN_FORCE}
    LIMIT 1)
"""  # noqa: S608 - the names are the model's
    for own in _OTHER
)
"""Two look-ups in an index; an OR of both columns could walk a whole release."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some edits of a release in which a code stands in ``column`` 1 or 2: ``count`` of those in
    force, after ``start`` others, by the other code."""

    release: int
    column: int
    start: int
    count: int


def among(release: int, keys: Sequence[str]) -> list[PtpEdit]:
    """Return the edits of every two of the codes, both ways round and of any day; one query."""
    return _edits(db.fetch_rows(_AMONG, {"release": release, "keys": list(keys)}))


def openable(releases: Sequence[int], key: str, day: date) -> PtpEdit | None:
    """Return an edit of a code in force that a modifier can open; one query."""
    values = {"releases": list(releases), "key": key, "day": day}
    return next(iter(_edits(db.fetch_rows(_OPENING, values))), None)


def counts(
    releases: Sequence[int], column: int, key: str, day: date, prefix: str
) -> dict[int, tuple[int, int, int]]:
    """Return how many edits of a code are in force, ended and yet to come, by release; one query.

    ``prefix`` is what the other code begins with.
    """
    own = f"column{column}"
    values = {"releases": list(releases), "key": key, "day": day, "prefix": prefix}
    rows = db.fetch_rows(_COUNTS.format(own=own, other=_OTHER[own]), values)
    return {release: (active, ended, later) for release, active, ended, later in rows}


def in_force(parts: Sequence[Part], key: str, day: date, prefix: str) -> list[PtpEdit]:
    """Return the edits of the parts; one query, each part of it by its index, none without parts.

    A list has some thousand edits at most, so that what ``OFFSET`` skips costs a millisecond.
    """
    if not parts:
        return []
    values: dict[str, Any] = {"key": key, "day": day, "prefix": prefix}
    statements = []
    for number, part in enumerate(parts):
        own = f"column{part.column}"
        statements.append(_PART.format(own=own, other=_OTHER[own], number=number))
        values |= {
            f"release{number}": part.release,
            f"start{number}": part.start,
            f"count{number}": part.count,
        }
    return _edits(db.fetch_rows(" UNION ALL ".join(statements), values))


def _edits(rows: Sequence[tuple[Any, ...]]) -> list[PtpEdit]:
    return [PtpEdit.from_db("default", _NAMES, row) for row in rows]
