"""Where the rows of a new release go: into their table, or into a part of it made for them.

The table of PTP edits takes millions of rows with each release and is partitioned by release
(migration 0009). A part is filled while it has no index and is nobody's, gets its indexes, and is
attached at the very end: four times faster than inserting into indexes, however many releases are
held, and readers are kept out for a moment only.
"""

from typing import Any

from django.db import connection
from django.db.models import Model
from psycopg import sql

from codes.importers.staging import compose
from codes.models import Release


class Snapshot:
    """The rows of one release in one table. Use: copy into ``table``, ``index``, ``attach``."""

    def __init__(self, model: type[Model], release: Release) -> None:
        """Make the part where the table is partitioned; two statements."""
        self._whole = sql.Identifier(model._meta.db_table)
        self._release = sql.Literal(release.pk)
        self._is_part = is_partitioned(model)
        self.table = _part(model, release) if self._is_part else self._whole
        if self._is_part:
            _execute(
                "CREATE TABLE {table} (LIKE {whole} INCLUDING DEFAULTS INCLUDING CONSTRAINTS,"
                " CHECK (release_id = {release}))",
                **self._names,
            )

    @property
    def _names(self) -> dict[str, sql.Composable]:
        return {"table": self.table, "whole": self._whole, "release": self._release}

    def index(self) -> None:
        """Give the part the keys and indexes of its table, and count for the query planner.

        A key that stands twice is an ``IntegrityError``.
        """
        if self._is_part:
            # What the transaction did to releases must be checked before a key refers to them.
            _execute("SET CONSTRAINTS ALL IMMEDIATE")
            _execute("SET CONSTRAINTS ALL DEFERRED")
            for definition in _constraints_of(self._whole):
                _execute("ALTER TABLE {table} ADD " + definition, **self._names)
            for how, rest in _indexes_of(self._whole):
                _execute(f"CREATE {how} ON {{table}} {rest}", **self._names)
        _execute("ANALYZE {table}", **self._names)

    def attach(self) -> None:
        """Make the part one of its table; the last step, since it keeps readers out."""
        if self._is_part:
            statement = "ALTER TABLE {whole} ATTACH PARTITION {table} FOR VALUES IN ({release})"
            _execute(statement, **self._names)


def is_partitioned(model: type[Model]) -> bool:
    """Return whether each release has a part of its own in the table; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relkind = 'p' FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table]
        )
        return bool(cursor.fetchone()[0])


def rows_of(model: type[Model], release: Release) -> sql.Composed:
    """Return a SELECT of the rows of a stored release."""
    return compose(
        "SELECT * FROM {table} WHERE release_id = {release}",
        table=sql.Identifier(model._meta.db_table),
        release=sql.Literal(release.pk),
    )


def _part(model: type[Model], release: Release) -> sql.Identifier:
    return sql.Identifier(f"{model._meta.db_table}_{release.pk}")


def _constraints_of(table: sql.Identifier) -> list[str]:
    """Return primary, unique and foreign keys as ALTER TABLE reads them; one query."""
    return [
        definition
        for (definition,) in _fetch(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype IN ('p', 'u', 'f')"
            " AND conparentid = 0 ORDER BY contype DESC, conname",
            table,
        )
    ]


def _indexes_of(table: sql.Identifier) -> list[tuple[str, str]]:
    """Return the indexes that no key made: INDEX or UNIQUE INDEX, and all after the table."""
    return [
        ("UNIQUE INDEX" if unique else "INDEX", f"USING {definition.partition(' USING ')[2]}")
        for unique, definition in _fetch(
            "SELECT indisunique, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = %s::regclass AND NOT EXISTS"
            " (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))"
            " ORDER BY indexrelid",
            table,
        )
    ]


def _fetch(statement: str, table: sql.Identifier) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [table.as_string(None)])
        return list(cursor.fetchall())


def _execute(statement: str, **names: sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(compose(statement, **names))
