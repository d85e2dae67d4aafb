"""Stores a checked edition: COPY into staging tables, comparison, set-based merge.

Everything here runs inside the transaction of ``codes.actions.import_release``. Which row of the
edition is which row of the database is decided once, in ``_Ids``; then no statement looks at one
row alone.
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db import connection
from psycopg import sql

from codes.importers.progress import Progress
from codes.importers.rows import PAGE_KINDS, CodeRow, Ref
from codes.models import CodeSystem, Release
from codes.search_vector import VECTOR_SQL

EXAMPLES: Final = 10
LOCK: Final = zlib.crc32(b"casepilot import of codes")
_HEARD_EVERY: Final = 500
_ADDRESSED: Final = "page"

_CODE_COLUMNS: Final = (
    ("id", "bigint"),
    ("parent_id", "bigint"),
    ("ancestors", "bigint[]"),
    ("kind", "text"),
    ("key", "text"),
    ("display", "text"),
    ("billable", "boolean"),
    ("short_descriptor", "text"),
    ("medium_descriptor", "text"),
    ("long_descriptor", "text"),
    ("inclusion_terms", "text[]"),
    ("valid_from", "date"),
    ("valid_to", "date"),
    ("position", "integer"),
    ("is_new", "boolean"),
)
_PARTS: Final = {
    "codes_codenote": (("code_id", "bigint"), ("kind", "text"), ("position", "smallint"),
                       ("text", "text")),
    "codes_seventhcharacter": (("code_id", "bigint"), ("character", "text"), ("meaning", "text")),
    "codes_successor": (("code_id", "bigint"), ("successor_id", "bigint")),
}  # fmt: skip
"""What hangs on a code and is replaced with it: table, and the columns that an edition states."""

_MERGED: Final = [name for name, _ in _CODE_COLUMNS if name not in ("id", "is_new")]
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


def stage(system: CodeSystem, rows: Sequence[CodeRow], progress: Progress) -> None:
    """Copy the edition into staging tables that vanish with the transaction, ids resolved.

    The rows have passed ``check``: parents come first and successors exist.
    """
    ids = _Ids(system, rows)
    progress.step("Copying", len(rows))
    _create("code", _CODE_COLUMNS)
    _copy("code", _CODE_COLUMNS, _heard(_code_values(rows, ids), progress))
    for table, columns in _PARTS.items():
        _create(table, columns)
        _copy(table, columns, _part_values(table, rows, ids))
    with connection.cursor() as cursor:
        # Without these, stale statistics of a table just filled turn joins into hours.
        for name, column in (("code", "id"), *((part, "code_id") for part in _PARTS)):
            names = {"stage": _stage(name), "column": sql.Identifier(column)}
            cursor.execute(_sql("CREATE INDEX ON {stage} ({column})", **names))
            cursor.execute(_sql("ANALYZE {stage}", stage=_stage(name)))


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
        for table, columns in _PARTS.items():
            _replace_part(cursor, table, columns, release)
        progress.step("Checking references")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        progress.step("Counting for the query planner")
        for table in ("codes_code", *_PARTS):
            cursor.execute(_sql("ANALYZE {table}", table=sql.Identifier(table)))
    progress.finish()


class _Ids:
    """The ids of an edition's rows: those that are there, and new ones allocated up front.

    A code page is one row whatever its kind, so a code that becomes a category keeps its row.
    Three queries; about 100 bytes of memory a row.
    """

    def __init__(self, system: CodeSystem, rows: Sequence[CodeRow]) -> None:
        self._ids: dict[Ref, int] = {}
        with connection.cursor() as cursor:
            cursor.execute("SELECT kind, key, id FROM codes_code WHERE system_id = %s", [system.pk])
            self._ids.update((_identity(kind, key), pk) for kind, key, pk in cursor.fetchall())
            known = set(self._ids)
            new = [ref for row in rows if (ref := _identity(*row.ref)) not in known]
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence('codes_code', 'id'))"
                " FROM generate_series(1, %s)",
                [len(new)],
            )
            self._ids.update(zip(new, (pk for (pk,) in cursor.fetchall()), strict=True))
        self._new = set(new)

    def of(self, kind: str, key: str) -> int:
        return self._ids[_identity(kind, key)]

    def is_new(self, row: CodeRow) -> bool:
        return _identity(*row.ref) in self._new


def _identity(kind: str, key: str) -> Ref:
    return (_ADDRESSED if kind in PAGE_KINDS else kind), key


def _code_values(rows: Iterable[CodeRow], ids: _Ids) -> Iterator[tuple[Any, ...]]:
    ancestors: dict[int, list[int]] = {}
    for position, row in enumerate(rows, start=1):
        pk = ids.of(*row.ref)
        parent = ids.of(*row.parent) if row.parent else None
        ancestors[pk] = [*ancestors[parent], parent] if parent else []
        yield (
            pk,
            parent,
            ancestors[pk],
            row.kind,
            row.key,
            row.display,
            row.billable,
            row.short,
            row.medium,
            row.long,
            list(row.inclusion_terms),
            row.valid_from,
            row.valid_to,
            position,
            ids.is_new(row),
        )


def _part_values(table: str, rows: Iterable[CodeRow], ids: _Ids) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        pk = ids.of(*row.ref)
        if table == "codes_codenote":
            for position, (kind, text) in enumerate(row.notes, start=1):
                yield pk, kind, position, text
        elif table == "codes_seventhcharacter":
            for character, meaning in row.characters:
                yield pk, character, meaning
        else:
            for key in row.replaced_by:
                yield pk, ids.of(_ADDRESSED_KIND, key)


_ADDRESSED_KIND: Final = "code"


def _heard(values: Iterable[tuple[Any, ...]], progress: Progress) -> Iterator[tuple[Any, ...]]:
    for number, row in enumerate(values, start=1):
        if number % _HEARD_EVERY == 0:
            progress.advance(_HEARD_EVERY)
        yield row
    progress.advance(number % _HEARD_EVERY)


def _sql(text: str, **parts: sql.Composable) -> sql.Composed:
    return sql.SQL(text).format(**parts)


def _stage(name: str) -> sql.Identifier:
    return sql.Identifier("pg_temp", f"stage_{name}")


def _names(columns: Iterable[str], prefix: str = "") -> sql.Composed:
    return sql.SQL(", ").join(
        sql.Identifier(prefix, name) if prefix else sql.Identifier(name) for name in columns
    )


def _create(name: str, columns: Sequence[tuple[str, str]]) -> None:
    described = ", ".join(f"{column} {type_}" for column, type_ in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.stage_{name}")
        cursor.execute(f"CREATE TEMP TABLE stage_{name} ({described}) ON COMMIT DROP")


def _copy(name: str, columns: Sequence[tuple[str, str]], values: Iterable[tuple[Any, ...]]) -> None:
    statement = _sql(
        "COPY {stage} ({columns}) FROM STDIN",
        stage=_stage(name),
        columns=_names(column for column, _ in columns),
    )
    # COPY runs on psycopg's own cursor, whose errors Django does not turn into its own by itself.
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(statement) as copy,
    ):
        for row in values:
            copy.write_row(row)


def _changed_sql() -> sql.Composed:
    parts = [
        _sql(
            "SELECT s.id FROM {stage} s JOIN codes_code c ON c.id = s.id"
            " WHERE ({old}) IS DISTINCT FROM ({new})",
            stage=_stage("code"),
            old=_names(_COMPARED, "c"),
            new=_names(_COMPARED, "s"),
        )
    ]
    for table, columns in _PARTS.items():
        names = {
            "stage": _stage(table),
            "table": sql.Identifier(table),
            "staged": _names((column for column, _ in columns), "n"),
            "stored": _names((column for column, _ in columns), "o"),
            "codes": _stage("code"),
        }
        stored = _sql("SELECT {stored} FROM {table} o JOIN {codes} s ON s.id = o.code_id", **names)
        staged = _sql(
            "SELECT {staged} FROM {stage} n JOIN {codes} s ON s.id = n.code_id WHERE NOT s.is_new",
            **names,
        )
        for one, other in ((stored, staged), (staged, stored)):
            parts.append(_sql("SELECT code_id FROM ({one} EXCEPT {other}) d", one=one, other=other))
    return _sql(
        "CREATE TEMP TABLE stage_changed ON COMMIT DROP AS {parts}",
        parts=sql.SQL(" UNION ").join(parts),
    )


def _difference(cursor: Any, rows: str, values: Sequence[object] = ()) -> Difference:
    """Count the rows of a FROM clause in which ``s`` is a code, and name the first of them."""
    found = {"rows": sql.SQL(rows)}
    count = _scalar(cursor, _sql("SELECT count(*) FROM {rows}", **found), values)
    first = _sql(
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
        _sql("{name} = s.{name}", name=sql.Identifier(name)) for name in _MERGED
    )
    return _sql(
        "UPDATE codes_code c SET {assigned}, release_id = %(release)s,"
        " revision = c.revision + s.changed, search_vector = s.search_vector"
        " FROM (SELECT *, {vector} AS search_vector,"
        "       (id IN (SELECT id FROM pg_temp.stage_changed))::int AS changed"
        "       FROM {stage} WHERE NOT is_new) s"
        " WHERE c.id = s.id",
        assigned=assigned,
        vector=sql.SQL(VECTOR_SQL),
        stage=_stage("code"),
    )


def _insert_sql() -> sql.Composed:
    return _sql(
        "INSERT INTO codes_code (id, system_id, release_id, {columns}, search_vector)"
        " SELECT id, %(system)s, %(release)s, {columns}, {vector}"
        " FROM {stage} WHERE is_new ORDER BY position",
        columns=_names(_MERGED),
        vector=sql.SQL(VECTOR_SQL),
        stage=_stage("code"),
    )


_RETIRE: Final = """
    UPDATE codes_code SET valid_to = greatest(%(last_day)s, valid_from), revision = revision + 1
    WHERE system_id = %(system)s AND release_id <> %(release)s AND valid_to IS NULL
"""
"""Runs last: by then every row that the edition holds points to its release."""


def _replace_part(
    cursor: Any, table: str, columns: Sequence[tuple[str, str]], release: Release
) -> None:
    names = {
        "table": sql.Identifier(table),
        "stage": _stage(table),
        "codes": _stage("code"),
        "columns": _names(column for column, _ in columns),
    }
    cursor.execute(_sql("DELETE FROM {table} t USING {codes} s WHERE s.id = t.code_id", **names))
    cursor.execute(
        _sql(
            "INSERT INTO {table} ({columns}, release_id) SELECT {columns}, %s FROM {stage}", **names
        ),
        [release.pk],
    )
