"""Copies an edition into staging tables, with the id of each row decided.

The tables are temporary and vanish with the transaction. ``codes/importers/load.py`` compares and
merges them.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django.db import connection
from psycopg import sql

from codes.importers.progress import Progress
from codes.importers.rows import PAGE_KINDS, CodeRow, Ref
from codes.models import CodeSystem

_HEARD_EVERY: Final = 500

CODE_COLUMNS: Final = (
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
PARTS: Final = {
    "codes_codenote": (("code_id", "bigint"), ("kind", "text"), ("position", "smallint"),
                       ("text", "text")),
    "codes_seventhcharacter": (("code_id", "bigint"), ("character", "text"), ("meaning", "text")),
    "codes_successor": (("code_id", "bigint"), ("successor_id", "bigint")),
}  # fmt: skip
"""What hangs on a code and is replaced with it: table, and the columns that an edition states."""


def stage(system: CodeSystem, rows: Sequence[CodeRow], progress: Progress) -> None:
    """Copy the edition into staging tables that vanish with the transaction, ids resolved.

    The rows have passed ``check``: parents come first and successors exist.
    """
    ids = _Ids(system, rows)
    progress.step("Copying", len(rows))
    create_tables()
    _copy("code", CODE_COLUMNS, _heard(_code_values(rows, ids), progress))
    for table, columns in PARTS.items():
        _copy(table, columns, _part_values(table, rows, ids))
    index_tables()


def create_tables() -> None:
    """Make the staging tables anew, empty.

    ``release_id`` of a code is the edition that it is staged from; empty for the one being read.
    """
    _create("code", (*CODE_COLUMNS, ("release_id", "bigint")))
    for table, columns in PARTS.items():
        _create(table, columns)


def index_tables() -> None:
    """Index the filled tables and count them for the query planner.

    Without this, stale statistics of a table just filled turn joins into hours.
    """
    with connection.cursor() as cursor:
        for name, column in (("code", "id"), *((part, "code_id") for part in PARTS)):
            names = {"stage": staged(name), "column": sql.Identifier(column)}
            cursor.execute(compose("CREATE INDEX ON {stage} ({column})", **names))
            cursor.execute(compose("ANALYZE {stage}", stage=staged(name)))


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
    return ("page" if kind in PAGE_KINDS else kind), key


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
                yield pk, ids.of("code", key)


def _heard(values: Iterable[tuple[Any, ...]], progress: Progress) -> Iterator[tuple[Any, ...]]:
    number = 0
    for number, row in enumerate(values, start=1):
        if number % _HEARD_EVERY == 0:
            progress.advance(_HEARD_EVERY)
        yield row
    progress.advance(number % _HEARD_EVERY)


def compose(text: str, **parts: sql.Composable) -> sql.Composed:
    """Return a statement with names put in as identifiers."""
    return sql.SQL(text).format(**parts)


def staged(name: str) -> sql.Identifier:
    """Return the staging table of the codes (``code``) or of one of ``PARTS``."""
    return sql.Identifier("pg_temp", f"stage_{name}")


def columns_of(columns: Iterable[str], prefix: str = "") -> sql.Composed:
    """Return the columns as a list for SQL, each of the table ``prefix`` where one is given."""
    return sql.SQL(", ").join(
        sql.Identifier(prefix, name) if prefix else sql.Identifier(name) for name in columns
    )


def _create(name: str, columns: Sequence[tuple[str, str]]) -> None:
    described = ", ".join(f"{column} {type_}" for column, type_ in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.stage_{name}")
        cursor.execute(f"CREATE TEMP TABLE stage_{name} ({described}) ON COMMIT DROP")


def _copy(name: str, columns: Sequence[tuple[str, str]], values: Iterable[tuple[Any, ...]]) -> None:
    statement = compose(
        "COPY {stage} ({columns}) FROM STDIN",
        stage=staged(name),
        columns=columns_of(column for column, _ in columns),
    )
    # COPY runs on psycopg's own cursor, whose errors Django does not turn into its own by itself.
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(statement) as copy,
    ):
        for row in values:
            copy.write_row(row)
