"""Stores the rows of fact files: COPY as a new snapshot, comparison with the one shown now.

Everything here runs inside the transaction of ``codes.actions.import_facts``. Rows go straight
into their table under the new release, which nobody reads before it is current; so there is
nothing to merge, and the old snapshot stays as it is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from typing import Any, Final, cast

from django.apps import apps
from django.db import connection
from django.db.models import JSONField, Model, UniqueConstraint
from psycopg import sql
from psycopg.types.json import Jsonb

from codes.importers.progress import Progress
from codes.importers.rows import Problem
from codes.models import Release

KEPT_PROBLEMS: Final = 10_000
_HEARD_EVERY: Final = 1_000
_UNSTATED: Final = {"id", "release", "line"}


@dataclass(frozen=True, slots=True)
class TableComparison:
    """How one table differs from the snapshot that is shown now, in rows."""

    table: str
    total: int
    added: int
    removed: int
    changed: int

    def line(self) -> str:
        """Return it in words."""
        return (
            f"{self.table}: {self.total:,} rows: {self.added:,} new,"
            f" {self.changed:,} changed, {self.removed:,} gone."
        )


@dataclass(slots=True)
class Copied:
    """What a stream of rows came to: how many, and what was wrong with them."""

    rows: int = 0
    problems: list[Problem] = field(default_factory=list)


def model_of(table: str) -> type[Model]:
    """Return the model in codes/facts.py with that name."""
    return apps.get_model("codes", table)


def copy(table: str, rows: Iterable[object], release: Release, progress: Progress) -> Copied:
    """Stream the rows into their table under a release; problems among them are collected.

    One COPY; memory does not grow with the file.
    """
    model = model_of(table)
    columns = _columns(model)
    statement = sql.SQL("COPY {table} (release_id, {columns}) FROM STDIN").format(
        table=sql.Identifier(model._meta.db_table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
    )
    copied = Copied()
    progress.step(f"Copying {model._meta.verbose_name_plural}")
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(statement) as stream,
    ):
        for values in _values(rows, model, columns, copied, progress):
            stream.write_row((release.pk, *values))
    return copied


def compare(table: str, new: Release, old: Release | None) -> TableComparison:
    """Compare two snapshots of a table by its natural key; one statement."""
    model = model_of(table)
    key = _key(model)
    names = {
        "table": sql.Identifier(model._meta.db_table),
        "on": sql.SQL(" AND ").join(
            sql.SQL("n.{0} IS NOT DISTINCT FROM o.{0}").format(sql.Identifier(name)) for name in key
        ),
        "first": sql.Identifier(key[0]),
        "old": _rest(model, key, "o"),
        "new": _rest(model, key, "n"),
    }
    statement = sql.SQL(
        "SELECT count(n.id), count(n.id) FILTER (WHERE o.id IS NULL),"
        " count(*) FILTER (WHERE n.id IS NULL),"
        " count(*) FILTER (WHERE n.id IS NOT NULL AND o.id IS NOT NULL AND ({old})"
        " IS DISTINCT FROM ({new}))"
        " FROM (SELECT * FROM {table} WHERE release_id = %s) n"
        " FULL JOIN (SELECT * FROM {table} WHERE release_id = %s) o"
        " ON n.{first} = o.{first} AND {on}"
    ).format(**names)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ANALYZE {table}").format(table=names["table"]))
        cursor.execute(statement, [new.pk, old.pk if old else None])
        total, added, removed, changed = cast(tuple[int, int, int, int], cursor.fetchone())
    return TableComparison(str(model._meta.verbose_name_plural), total, added, removed, changed)


def _values(
    rows: Iterable[object],
    model: type[Model],
    columns: tuple[str, ...],
    copied: Copied,
    progress: Progress,
) -> Iterator[tuple[Any, ...]]:
    get = attrgetter(*columns)
    as_json = [columns.index(f.name) for f in model._meta.fields if isinstance(f, JSONField)]
    for row in rows:
        if isinstance(row, Problem):
            if len(copied.problems) < KEPT_PROBLEMS:
                copied.problems.append(row)
            continue
        copied.rows += 1
        if copied.rows % _HEARD_EVERY == 0:
            progress.advance(_HEARD_EVERY)
        values = get(row)
        yield _with_json(values, as_json) if as_json else values
    progress.advance(copied.rows % _HEARD_EVERY)


def _with_json(values: tuple[Any, ...], places: list[int]) -> tuple[Any, ...]:
    changed = list(values)
    for place in places:
        changed[place] = Jsonb(changed[place])
    return tuple(changed)


@cache
def _columns(model: type[Model]) -> tuple[str, ...]:
    names = (f.name for f in model._meta.fields if f.name not in {"id", "release"})
    return tuple(names)


@cache
def _key(model: type[Model]) -> tuple[str, ...]:
    """Return what names a row within a snapshot: its unique constraint, or all that it states."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and constraint.fields[0] == "release":
            return tuple(constraint.fields[1:])
    return tuple(f.name for f in model._meta.fields if f.name not in _UNSTATED)


def _rest(model: type[Model], key: tuple[str, ...], prefix: str) -> sql.Composed:
    stated = [f.name for f in model._meta.fields if f.name not in _UNSTATED]
    names = [name for name in stated if name not in key] or [key[0]]
    return sql.SQL(", ").join(sql.Identifier(prefix, name) for name in names)
