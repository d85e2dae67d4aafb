"""Compares a staged edition with what is shown, and merges it in statements over all rows.

Everything here runs inside the transactions of ``codes.editions``.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection
from psycopg import sql

from codes.importers import kept
from codes.importers.progress import Progress
from codes.importers.staging import CODE_COLUMNS, PARTS, columns_of, compose, staged
from codes.models import CodeSystem, Release

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
    """What an edition adds, removes and changes against what is shown."""

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


def is_no_import_running() -> bool:
    """Return whether the import lock is free; then it is held until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone() == (True,))


def compare(system: CodeSystem) -> Comparison:
    """Return how the staged edition differs from what is shown, and stage the changed ids."""
    staged_code = "pg_temp.stage_code s WHERE"
    shown = "(SELECT FROM codes_code c WHERE c.id = s.id AND c.is_shown)"
    changed = "s.id IN (SELECT id FROM pg_temp.stage_changed)"
    with connection.cursor() as cursor:
        _stage_changed(cursor, _changed_sql())
        return Comparison(
            total=_scalar(cursor, "SELECT count(*) FROM pg_temp.stage_code"),
            added=_difference(cursor, f"{staged_code} NOT EXISTS {shown}"),
            changed=_difference(cursor, f"{staged_code} {changed} AND EXISTS {shown}"),
            removed=_difference(
                cursor,
                "codes_code s WHERE s.system_id = %s AND s.is_shown AND s.valid_to IS NULL"
                " AND NOT EXISTS (SELECT FROM pg_temp.stage_code n WHERE n.id = s.id)",
                [system.pk],
            ),
        )


def add(release: Release, *, is_shown: bool) -> None:
    """Make the rows of the codes that the staged edition is the first to name."""
    values = {"system": release.system_id, "release": release.pk, "is_shown": is_shown}
    with connection.cursor() as cursor:
        cursor.execute(_insert_sql(), values)


def merge(release: Release, progress: Progress) -> None:
    """Make the staged edition what is shown. Codes that it does not name are settled as well; a
    code's revision rises only where it changed."""
    with connection.cursor() as cursor:
        progress.step("Merging")
        _apply(cursor, release)
        settle_former(release)
        progress.step("Checking references")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        progress.step("Counting for the query planner")
        for table in ("codes_code", "codes_codeversion", *PARTS):
            cursor.execute(compose("ANALYZE {table}", table=sql.Identifier(table)))


def settle_former(release: Release) -> None:
    """Make of the codes that the edition shown does not name what its predecessors leave of them.

    Whatever was shown meanwhile, the outcome is that of importing the editions that count one
    after the other: a code that one of them named keeps the row and notes of the last one and ends
    on the day before the next; one that only other editions name is not shown.
    """
    earlier = list(Release.objects.filter(was_left=False).before(release))
    values = {
        "system": release.system_id,
        "release": release.pk,
        "last_day": release.day_before,
        "earlier": [edition.pk for edition in earlier],
    }
    with connection.cursor() as cursor:
        if kept.stage_former(release, earlier):
            _stage_changed(cursor, sql.SQL("SELECT id FROM pg_temp.stage_code"))
            _apply(cursor, release)
        cursor.execute(_HIDE, values)
        cursor.execute(_RETIRE, values)


def _apply(cursor: Any, release: Release) -> None:
    """Put the staged rows and their parts over those that are there."""
    cursor.execute(_update_sql(), {"release": release.pk})
    for table, columns in PARTS.items():
        _replace_part(cursor, table, columns, release)


def _stage_changed(cursor: Any, ids: sql.Composable) -> None:
    cursor.execute("DROP TABLE IF EXISTS pg_temp.stage_changed")
    cursor.execute(compose("CREATE TEMP TABLE stage_changed ON COMMIT DROP AS {ids}", ids=ids))


def _changed_sql() -> sql.Composed:
    parts = [
        compose(
            "SELECT s.id FROM {stage} s JOIN codes_code c ON c.id = s.id"
            " WHERE NOT c.is_shown OR ({old}) IS DISTINCT FROM ({new})",
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
    return sql.SQL(" UNION ").join(parts)


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
        "UPDATE codes_code c SET {assigned}, is_shown = true,"
        " release_id = coalesce(s.release_id, %(release)s), revision = c.revision + s.changed::int"
        " FROM (SELECT n.*, d.id IS NOT NULL AS changed FROM {stage} n"
        "       LEFT JOIN pg_temp.stage_changed d ON d.id = n.id WHERE NOT n.is_new) s"
        " WHERE c.id = s.id",
        assigned=assigned,
        stage=staged("code"),
    )


def _insert_sql() -> sql.Composed:
    return compose(
        "INSERT INTO codes_code (id, system_id, release_id, is_shown, {columns})"
        " SELECT id, %(system)s, %(release)s, %(is_shown)s, {columns}"
        " FROM {stage} WHERE is_new ORDER BY position",
        columns=columns_of(_MERGED),
        stage=staged("code"),
    )


_HIDE: Final = """
    UPDATE codes_code c SET is_shown = false, revision = revision + 1
    WHERE system_id = %(system)s AND release_id <> %(release)s AND is_shown
        AND EXISTS (SELECT FROM codes_codeversion v WHERE v.code_id = c.id)
        AND NOT EXISTS (
            SELECT FROM codes_codeversion v
            WHERE v.code_id = c.id AND v.release_id = ANY(%(earlier)s::bigint[])
        )
"""
"""A code without any version is of an edition that was loaded before versions were kept."""

_RETIRE: Final = """
    UPDATE codes_code SET valid_to = greatest(%(last_day)s, valid_from), revision = revision + 1
    WHERE system_id = %(system)s AND release_id <> %(release)s AND valid_to IS NULL AND is_shown
"""
"""Runs last: what is left then are codes of editions of which too little is kept."""


def _replace_part(
    cursor: Any, table: str, columns: Sequence[tuple[str, str]], release: Release
) -> None:
    names = {
        "table": sql.Identifier(table),
        "stage": staged(table),
        "codes": staged("code"),
        "columns": columns_of(column for column, _ in columns),
        "staged": columns_of((column for column, _ in columns), "n"),
    }
    cursor.execute(compose("DELETE FROM {table} t USING {codes} s WHERE s.id = t.code_id", **names))
    cursor.execute(
        compose(
            "INSERT INTO {table} ({columns}, release_id)"
            " SELECT {staged}, coalesce(s.release_id, %s)"
            " FROM {stage} n JOIN {codes} s ON s.id = n.code_id ORDER BY n.ctid",
            **names,
        ),
        [release.pk],
    )
