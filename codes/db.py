"""The hot statements go through here: prepared, on the raw connection.

Django prepares nothing: its cursors interpolate on the client, so PostgreSQL plans each statement
anew. A psycopg cursor on the same connection costs a third less database CPU a page.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection


def fetch_row(sql: str, params: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Run one prepared statement and return its first row; one statement.

    Errors arrive as Django's. The statement is seen by ``connection.queries`` as any other.
    """
    with _executed(sql, params) as cursor:
        return cursor.fetchone()


def fetch_rows(sql: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run one prepared statement and return all its rows, as ``fetch_row`` does the first."""
    with _executed(sql, params) as cursor:
        return cursor.fetchall()


@contextmanager
def _executed(sql: str, params: Mapping[str, Any]) -> Iterator[psycopg.Cursor[tuple[Any, ...]]]:
    connection.ensure_connection()
    started = time.monotonic()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        yield cursor.execute(sql, params, binary=True)
    if connection.queries_logged:
        seconds = f"{time.monotonic() - started:.3f}"
        connection.queries_log.append({"sql": sql, "time": seconds})
