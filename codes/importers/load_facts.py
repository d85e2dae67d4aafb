"""Stores the rows of fact files: COPY as a new snapshot, comparison with the one shown now.

Everything here runs inside the transaction of ``codes.releases.import_facts``. Rows go under the
new release, which nobody reads before it is current; so there is nothing to merge, and the old
snapshot stays as it is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from typing import Any, Final, cast

from django.apps import apps
from django.db import connection
from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    Field,
    JSONField,
    Model,
    TextField,
    UniqueConstraint,
)
from psycopg import sql

from codes.importers import copy_text
from codes.importers.progress import Progress
from codes.importers.rows import Problem
from codes.importers.snapshots import Snapshot, rows_of
from codes.importers.staging import columns_of, compose
from codes.models import Release

KEPT_PROBLEMS: Final = 100_000
_HEARD_EVERY: Final = 1_000
_ACRONYMS: Final = {"drg", "hcpcs", "ptp"}
_UNSTATED: Final = {"id", "release", "line"}


@dataclass(frozen=True, slots=True)
class TableComparison:
    """How one table differs from the snapshot that is shown now, in rows."""

    table: str
    total: int
    added: int
    removed: int
    changed: int
    before: int = 0
    """How many rows the snapshot shown now has."""

    def line(self) -> str:
        """Return it in words."""
        return (
            f"{self.table}: {self.total:,} rows: {self.added:,} new,"
            f" {self.changed:,} changed, {self.removed:,} gone."
        )


@dataclass(slots=True)
class Copied:
    """What a stream of rows came to: how many, and what was wrong with them."""

    model: type[Model]
    snapshot: Snapshot
    rows: int = 0
    problems: list[Problem] = field(default_factory=list)


def model_of(table: str) -> type[Model]:
    """Return the model in codes/facts/ with that name."""
    return apps.get_model("codes", table)


def title_of(model: type[Model]) -> str:
    """Return what a table holds, in words: “PTP edits”."""
    words = str(model._meta.verbose_name_plural).split()
    return " ".join(word.upper() if word in _ACRONYMS else word for word in words)


def copy(table: str, rows: Iterable[object], release: Release, progress: Progress) -> Copied:
    """Stream the rows into their table under a release; problems among them are collected.

    One COPY; memory does not grow with the file. After the first problem, rows are only read on.
    """
    model = model_of(table)
    columns = _columns(model)
    copied = Copied(model, Snapshot(model, release))
    statement = compose(
        "COPY {table} (release_id, {columns}) FROM STDIN",
        table=copied.snapshot.table,
        columns=columns_of(columns),
    )
    values = map(attrgetter(*columns), _good(rows, copied, progress))
    progress.step(f"Copying {title_of(model)}")
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,
        cursor.copy(statement) as stream,
    ):
        for block in copy_text.blocks(values, _writers(model), str(release.pk)):
            stream.write(block)
    return copied


def compare(copied: Copied, new: Release, old: Release | None) -> TableComparison:
    """Compare the new snapshot with an old one; at most one statement.

    Rows are the same by the key of their table. A part of the key that is empty stands for every
    value: the one conversion factor of 2025 for the two of 2026. So ``changed`` counts new rows,
    ``removed`` old ones. Where a table has no key, a row that says anything else is another row,
    so that none has changed.
    """
    name = title_of(copied.model)
    if old is None:
        return TableComparison(name, copied.rows, copied.rows, 0, 0)
    key = _key(copied.model)
    names = {
        "new": compose(
            "SELECT * FROM {table} WHERE release_id = {release}",
            table=copied.snapshot.table,
            release=sql.Literal(new.pk),
        ),
        "old": rows_of(copied.model, old),
    }
    everything = columns_of(_stated(copied.model), "n")
    statement = (
        _by_key(copied.model, key, names) if key else compose(_BY_ALL, n=everything, **names)
    )
    with connection.cursor() as cursor:
        # Two snapshots of millions of rows are joined in memory rather than in files.
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(statement)
        added, removed, changed, before = cast(tuple[int, int, int, int], cursor.fetchone())
        cursor.execute("SET LOCAL work_mem TO DEFAULT")
    return TableComparison(name, copied.rows, added, removed, changed, before)


def _good(rows: Iterable[object], copied: Copied, progress: Progress) -> Iterator[object]:
    """Yield the rows until there is a problem; count them, and collect the problems."""
    problems = copied.problems
    number = 0
    for row in rows:
        if isinstance(row, Problem):
            if len(problems) < KEPT_PROBLEMS:
                problems.append(row)
            continue
        number += 1
        if number % _HEARD_EVERY == 0:
            progress.advance(_HEARD_EVERY)
        if not problems:
            yield row
    copied.rows = number
    progress.advance(number % _HEARD_EVERY)


_BY_KEY: Final = """
    SELECT count(*) FILTER (WHERE o.id IS NULL), count(*) FILTER (WHERE n.id IS NULL),
        count(*) FILTER (WHERE n.id IS NOT NULL AND o.id IS NOT NULL
            AND ({new_values}) IS DISTINCT FROM ({old_values})),
        count({old_rows} o.id)
    FROM ({new}) n FULL JOIN ({old}) o ON {same}
"""
_BY_ALL: Final = """
    SELECT
        (SELECT count(*) FROM
            (SELECT {n} FROM ({new}) n EXCEPT ALL SELECT {n} FROM ({old}) n) added),
        (SELECT count(*) FROM
            (SELECT {n} FROM ({old}) n EXCEPT ALL SELECT {n} FROM ({new}) n) removed),
        0, (SELECT count(*) FROM ({old}) n)
"""


def _by_key(
    model: type[Model], key: tuple[str, ...], names: dict[str, sql.Composed]
) -> sql.Composed:
    """Return the comparison for tables with a key.

    A part of the key that may be NULL is compared by a condition that can be neither hashed nor
    merged; without an equality PostgreSQL refuses a full join, and with too few it is slow.
    """
    stated = _stated(model)
    rest = [name for name in stated if name not in key] or [key[0]]
    return compose(
        _BY_KEY,
        old_rows=sql.SQL("DISTINCT" if any(stated[name].null for name in key) else ""),
        same=sql.SQL(" AND ").join(_same(stated[name]) for name in key),
        new_values=columns_of(rest, "n"),
        old_values=columns_of(rest, "o"),
        **names,
    )


def _same(column: "Field[Any, Any]") -> sql.Composed:
    same = "(n.{name} = o.{name} OR n.{name} IS NULL OR o.{name} IS NULL)"
    return compose(same if column.null else "n.{name} = o.{name}", name=sql.Identifier(column.name))


def _stated(model: type[Model]) -> "dict[str, Field[Any, Any]]":
    """Return the columns by which two editions are compared: all but the place in the file."""
    return {f.name: f for f in model._meta.fields if f.name not in _UNSTATED}


@cache
def _columns(model: type[Model]) -> tuple[str, ...]:
    return tuple(f.name for f in model._meta.fields if f.name not in {"id", "release"})


@cache
def _key(model: type[Model]) -> tuple[str, ...]:
    """Return what names a row within a snapshot, by its unique constraint; () without one."""
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and constraint.fields[0] == "release":
            return tuple(constraint.fields[1:])
    return ()


def _writers(model: type[Model]) -> list[copy_text.Writer]:
    return [_writer(model._meta.get_field(name)) for name in _columns(model)]


def _writer(column: Any) -> copy_text.Writer:
    if isinstance(column, BooleanField):
        return copy_text.boolean
    if isinstance(column, JSONField):
        return copy_text.as_json
    if isinstance(column, DateField):
        return copy_text.remembering(copy_text.day)
    if isinstance(column, CharField | TextField):
        return copy_text.remembering(copy_text.text)
    return copy_text.plain
