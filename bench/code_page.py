"""The code page as a guest gets it, against a bare WSGI function, in CPU per request.

Both run under the same gunicorn on the same database, in alternating rounds; every request is a
new guest from a new network, so that each one is charged. A run counts only if every answer was
complete and the meter's rows equal the requests.
"""

import http.client
import os
import random
import statistics
import subprocess
import sys
import threading
from collections.abc import Sequence

import psycopg

from bench.servers import Served, gunicorn, settings_for
from scripts import localdb

ROUNDS = 5
REQUESTS = 2_000  # a round and server
CLIENTS = 4
FLOOR = 0.3  # of the bare function; 0.5 is where this goes
MARKER = b"Common Language Description"
CODES = ("33946", "33947", "33948", "33949", "99202", "99203", "99213", "99214")


class BenchmarkFailedError(RuntimeError):
    """A run whose answers or counters are not what they must be."""


def main() -> int:
    """Print the ratio and its parts; return 1 if it is below the floor."""
    with localdb.temporary() as url:
        environment = settings_for(url)
        _prepare(environment)
        with (
            gunicorn("bench.bare:application", environment, _path(CODES[0])) as bare,
            gunicorn("casepilot_site.wsgi", environment, "/health/") as site,
        ):
            for code in CODES:  # renders and stores the pages
                _get(http.client.HTTPConnection("127.0.0.1", site.port), code)
            costs = _measure(url, bare, site)
        statements = _statements_per_view(url)
    bare_ms, site_ms = (statistics.median(c) * 1000 for c in zip(*costs, strict=True))
    ratio = statistics.median(b / s for b, s in costs)
    print(f"CPU per request, median of {ROUNDS} rounds of {REQUESTS}:")
    print(f"  bare function {bare_ms:6.3f} ms")
    print(f"  code page     {site_ms:6.3f} ms, {statements} statements a view")
    print(f"  ratio         {ratio:6.2f}   (bare = 1.0; at least {FLOOR})")
    return 0 if ratio >= FLOOR else 1


def _prepare(environment: dict[str, str]) -> None:
    for arguments in (
        ["migrate", "--verbosity", "0"],
        ["load_samples"],
        ["import_codes", "icd-10-cm"],
        ["collectstatic", "--noinput", "--verbosity", "0"],
    ):
        command = [sys.executable, "manage.py", *arguments]
        subprocess.run(command, env=os.environ | environment, check=True)


def _measure(url: str, bare: Served, site: Served) -> list[tuple[float, float]]:
    """Return for each round the CPU seconds per request of both."""
    costs = []
    for _ in range(ROUNDS):
        costs.append((_cost(url, bare), _cost(url, site)))
    return costs


def _cost(url: str, server: Served) -> float:
    before, granted = server.cpu_seconds(), _grants(url)
    failures: list[str] = []
    shares = [REQUESTS // CLIENTS] * CLIENTS
    threads = [
        threading.Thread(target=_load, args=(server.port, share, failures)) for share in shares
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise BenchmarkFailedError(failures[0])
    if (new := _grants(url) - granted) != sum(shares):
        raise BenchmarkFailedError(f"{sum(shares)} views, but {new} were counted.")
    return (server.cpu_seconds() - before) / sum(shares)


def _load(port: int, requests: int, failures: list[str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for _ in range(requests):
        body = _get(connection, random.choice(CODES))
        if MARKER not in body:
            failures.append(f"An answer without its marker: {body[:200]!r}")
            return


def _get(connection: http.client.HTTPConnection, code: str) -> bytes:
    address = ".".join(str(random.randint(1, 254)) for _ in range(4))
    connection.request("GET", _path(code), headers={"X-Forwarded-For": address})
    return connection.getresponse().read()


def _path(code: str) -> str:
    return f"/codes/cpt/{code}/"


def _grants(url: str) -> int:
    return _number(url, "SELECT count(*) FROM accounts_viewgrant")


def _statements_per_view(url: str) -> int:
    """Return how many statements one more view of a new guest takes, as the server counts them."""
    environment = os.environ | settings_for(url)
    command: Sequence[str] = [sys.executable, "-m", "bench.statements", _path(CODES[0])]
    return int(subprocess.check_output(command, env=environment))


def _number(url: str, sql: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
