"""Compares a staged edition with what is there, and merges it in statements over all rows.

Everything here runs inside the transaction of ``codes.actions.import_release``.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db import connection
from psycopg import sql

from codes import changes
from codes.importers.progress import Progress
from codes.importers.staging import CODE_COLUMNS, PARTS, columns_of, compose, staged
from codes.models import CodeSystem, Release
from codes.search.vector import VECTOR_SQL

EXAMPLES: Final = 10
LOCK: Final = zlib.crc32(b"casepilot import of codes")

_MERGED: Final = [name for name, _ in CODE_COLUMNS if name not in ("id", "is_new")]
_COMPARED: Final = [name for name in _MERGED if name not in ("ancestors", "position")]
"""An entry that only moved down because others came before it has not changed."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How many codes, and the printed forms of the first ten."""

    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What an edition adds, removes and changes against what is there."""

    total: int
    added: Difference
    removed: Difference
    changed: Difference

    def lines(self) -> list[str]:
        """Return the comparison in words, one line each."""
        named = (("new", self.added), ("changed", self.changed), ("gone", self.removed))
        first = f"{self.total:,} entries: "
        first += ", ".join(f"{difference.count:,} {word}" for word, difference in named) + "."
        details = [
            f"  {word}: {', '.join(difference.examples)}"
            + (" …" if difference.count > len(difference.examples) else "")
            for word, difference in named
            if difference.count
        ]
        return [first, *details]


def wait_for_other_imports(progress: Progress) -> None:
    """Hold the import lock until the transaction ends; says so when it has to wait for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if cursor.fetchone() != (True,):
            progress.note("Another import is running; waiting for it to end.")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def compare(system: CodeSystem) -> Comparison:
    """Return how the staged edition differs from what is there, and stage the changed ids."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.stage_changed")
        cursor.execute(_changed_sql())
        total = _scalar(cursor, "SELECT count(*) FROM pg_temp.stage_code")
        return Comparison(
            total=total,
            added=_difference(cursor, "pg_temp.stage_code s WHERE s.is_new"),
            changed=_difference(
                cursor, "pg_temp.stage_code s WHERE s.id IN (SELECT id FROM pg_temp.stage_changed)"
            ),
            removed=_difference(
                cursor,
                "codes_code s WHERE s.system_id = %s AND s.valid_to IS NULL AND NOT EXISTS"
                " (SELECT FROM pg_temp.stage_code n WHERE n.id = s.id)",
                [system.pk],
            ),
        )


def merge(system: CodeSystem, release: Release, progress: Progress) -> None:
    """Make the staged edition what is there. Codes it no longer holds keep their row and notes
    and get the day before as their last; a code's revision rises only where it changed."""
    values = {"system": system.pk, "release": release.pk}
    values["last_day"] = release.effective_date - timedelta(days=1)  # type: ignore[assignment]
    with connection.cursor() as cursor:
        progress.step("Merging")
        for statement in (_update_sql(), _insert_sql(), _RETIRE):
            cursor.execute(statement, values)
        for table, columns in PARTS.items():
            _replace_part(cursor, table, columns, release)
        progress.step("Keeping the edition")
        cursor.execute(_KEEP, values)
        progress.step("Checking references")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        progress.step("Counting for the query planner")
        for table in ("codes_code", "codes_codeversion", *PARTS):
            cursor.execute(compose("ANALYZE {table}", table=sql.Identifier(table)))
    progress.step("Noting what changed")
    changes.record(release)
    progress.finish()


def _changed_sql() -> sql.Composed:
    parts = [
        compose(
            "SELECT s.id FROM {stage} s JOIN codes_code c ON c.id = s.id"
            " WHERE ({old}) IS DISTINCT FROM ({new})",
            stage=staged("code"),
            old=columns_of(_COMPARED, "c"),
            new=columns_of(_COMPARED, "s"),
        )
    ]
    for table, columns in PARTS.items():
        names = {
            "stage": staged(table),
            "table": sql.Identifier(table),
            "staged": columns_of((column for column, _ in columns), "n"),
            "stored": columns_of((column for column, _ in columns), "o"),
            "codes": staged("code"),
        }
        before = compose(
            "SELECT {stored} FROM {table} o JOIN {codes} s ON s.id = o.code_id", **names
        )
        after = compose(
            "SELECT {staged} FROM {stage} n JOIN {codes} s ON s.id = n.code_id WHERE NOT s.is_new",
            **names,
        )
        for one, other in ((before, after), (after, before)):
            parts.append(
                compose("SELECT code_id FROM ({one} EXCEPT {other}) d", one=one, other=other)
            )
    return compose(
        "CREATE TEMP TABLE stage_changed ON COMMIT DROP AS {parts}",
        parts=sql.SQL(" UNION ").join(parts),
    )


def _difference(cursor: Any, rows: str, values: Sequence[object] = ()) -> Difference:
    """Count the rows of a FROM clause in which ``s`` is a code, and name the first of them."""
    found = {"rows": sql.SQL(rows)}
    count = _scalar(cursor, compose("SELECT count(*) FROM {rows}", **found), values)
    first = compose(
        "SELECT s.display FROM {rows} ORDER BY s.position LIMIT {examples}",
        examples=sql.Literal(EXAMPLES),
        **found,
    )
    cursor.execute(first, values)
    return Difference(count, tuple(display for (display,) in cursor.fetchall()))


def _scalar(cursor: Any, statement: str | sql.Composed, values: Sequence[object] = ()) -> int:
    cursor.execute(statement, values)
    return int(cursor.fetchone()[0])


def _update_sql() -> sql.Composed:
    assigned = sql.SQL(", ").join(
        compose("{name} = s.{name}", name=sql.Identifier(name)) for name in _MERGED
    )
    return compose(
        "UPDATE codes_code c SET {assigned}, release_id = %(release)s,"
        " revision = c.revision + s.changed, search_vector = s.search_vector"
        " FROM (SELECT *, {vector} AS search_vector,"
        "       (id IN (SELECT id FROM pg_temp.stage_changed))::int AS changed"
        "       FROM {stage} WHERE NOT is_new) s"
        " WHERE c.id = s.id",
        assigned=assigned,
        vector=sql.SQL(VECTOR_SQL),
        stage=staged("code"),
    )


def _insert_sql() -> sql.Composed:
    return compose(
        "INSERT INTO codes_code (id, system_id, release_id, {columns}, search_vector)"
        " SELECT id, %(system)s, %(release)s, {columns}, {vector}"
        " FROM {stage} WHERE is_new ORDER BY position",
        columns=columns_of(_MERGED),
        vector=sql.SQL(VECTOR_SQL),
        stage=staged("code"),
    )


_RETIRE: Final = """
    UPDATE codes_code SET valid_to = greatest(%(last_day)s, valid_from), revision = revision + 1
    WHERE system_id = %(system)s AND release_id <> %(release)s AND valid_to IS NULL
"""
"""Runs last: by then every row that the edition holds points to its release."""


_KEEP: Final = """
    INSERT INTO codes_codeversion (
        release_id, code_id, kind, key, display, billable, short_descriptor, medium_descriptor,
        long_descriptor, valid_from, valid_to, position
    )
    SELECT release_id, id, kind, key, display, billable, short_descriptor, medium_descriptor,
        long_descriptor, valid_from, valid_to, position
    FROM codes_code WHERE system_id = %(system)s AND release_id = %(release)s ORDER BY position
"""
"""What the edition says, kept for the pages of other days and of what changed."""


def _replace_part(
    cursor: Any, table: str, columns: Sequence[tuple[str, str]], release: Release
) -> None:
    names = {
        "table": sql.Identifier(table),
        "stage": staged(table),
        "codes": staged("code"),
        "columns": columns_of(column for column, _ in columns),
    }
    cursor.execute(compose("DELETE FROM {table} t USING {codes} s WHERE s.id = t.code_id", **names))
    cursor.execute(
        compose(
            "INSERT INTO {table} ({columns}, release_id) SELECT {columns}, %s FROM {stage}", **names
        ),
        [release.pk],
    )
