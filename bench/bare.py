"""The yardstick of the code page: a bare WSGI function that does the two statements and no more.

It reads the same stored parts, counts with the meter's own statement, and answers the same body
size. No framework, no cookie, no template, no header beyond the needed.
"""

import os
import secrets
from collections.abc import Callable, Iterable
from typing import Any

import django
from psycopg_pool import ConnectionPool

django.setup()

from django.utils.timezone import localdate  # noqa: E402

from accounts.quota import CHARGE  # noqa: E402 - the statement is read from the configured site
from codes import page  # noqa: E402
from codes.metering import Access  # noqa: E402

POOL: ConnectionPool[Any] = ConnectionPool(
    os.environ["DATABASE_URL"],
    min_size=1,
    max_size=8,
    kwargs={"autocommit": True, "prepare_threshold": 1},
    open=True,
)
SELECT = page.statement(Access.DESCRIBED)
BUILD = page.build()
TODAY = localdate()


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer ``/codes/<system>/<code>/`` for a new guest."""
    _, _, system, display, _ = environ["PATH_INFO"].split("/")
    guest = f"guest:{secrets.token_hex(32)}"
    network = f"network:{secrets.token_hex(32)}"
    where = {"system": system, "display": display, "build": BUILD, "today": TODAY}
    view = {"viewer": guest, "user": None, "period": "bench", "system": system, "code": display}
    buckets = {"buckets": [guest, network], "quotas": [1, 200]}
    with POOL.connection() as connection:
        if environ["REQUEST_METHOD"] == "GET":
            connection.execute(CHARGE, view | buckets, binary=True).fetchone()
        row = connection.execute(SELECT, where, binary=True).fetchone()
    body = b"".join(row[1:]) if row and row[1] and environ["REQUEST_METHOD"] == "GET" else b""
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(body)))])
    return [body]
