"""The code page of a code with 3,000 PTP edits as a member gets it, every section open.

Real requests to gunicorn, one after the other. Most find the stored parts of the page: the limit is
for them. Every tenth comes just after something was loaded, so that the whole page is made anew;
these are told apart.
"""

import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from bench import imports
from bench.code_page import BenchmarkFailedError
from bench.servers import gunicorn, settings_for
from scripts import localdb

REQUESTS = 500
ANEW = 10  # every tenth
EDITS = 3_000
CODE = "33946"
LIMIT_MS = 60.0

_MEMBER = """
from django.contrib.auth import get_user_model
from django.test import Client
user = get_user_model().objects.create_user("bench@example.com", password=None)
client = Client()
client.force_login(user)
print(client.session.session_key)
"""


def main() -> int:
    """Print the times; return 1 if the p95 is over the limit."""
    with tempfile.TemporaryDirectory() as folder, localdb.temporary() as url:
        environment = settings_for(url)
        for arguments in (
            ["migrate", "--verbosity", "0"],
            ["load_samples"],
            *_real(),
            ["import_codes", "ptp-practitioner", *_edits(Path(folder))],
            ["collectstatic", "--noinput", "--verbosity", "0"],
        ):
            agreed = ["--accept-ama-notice", "Bench"] if arguments[0] == "import_codes" else []
            imports.manage([*arguments, *agreed], environment)
        command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", _MEMBER]
        session = subprocess.check_output(command, env=os.environ | environment, text=True)
        with gunicorn("casepilot_site.wsgi", environment, "/health/") as server:
            anew, stored = _measure(server.port, session.split()[-1], url)
    p95 = statistics.quantiles(stored, n=20)[-1]
    p95_anew = statistics.quantiles(anew, n=20)[-1]
    is_met = p95 < LIMIT_MS
    print(
        f"Code page with {EDITS:,} edits, all open: p95 {p95:.1f} ms (below {LIMIT_MS:g}):"
        f" {'met' if is_met else 'MISSED'}; median {statistics.median(stored):.1f} ms; made anew"
        f" after an import: median {statistics.median(anew):.1f} ms, p95 {p95_anew:.1f};"
        f" load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    return 0 if is_met else 1


def _real() -> Iterator[list[str]]:
    """Yield the imports of the real files that are here, so that other sections are full too."""
    for format_, file in (
        ("hcpcs", "hcpcs/HCPC2025_OCT_ANWEB.csv"),
        ("mpfs", "mpfs/PPRRVU2025_Oct.redacted.csv"),
        ("add-on-edits", "ncci/AOC_V2026Q2-MCR.xlsx"),
        ("opps-b", "opps/addendum_b_2026-04.redacted.csv"),
    ):
        if (path := imports.DATA / file).exists():
            yield ["import_codes", format_, str(path)]


def _edits(folder: Path) -> list[str]:
    """Write a release in which the code stands in column 1 of all edits but a sixth."""
    pairs = sorted(
        (CODE, f"{20_000 + number}") if number % 6 else (f"{10_000 + number}", CODE)
        for number in range(EDITS)
    )
    paths = [folder / f"ccipra-v323r0-f{part}.txt" for part in range(1, 5)]
    for part, path in enumerate(paths):
        share = pairs[part * EDITS // 4 : (part + 1) * EDITS // 4]
        rows = [f"{a}\t{b}\t\t20200101\t*\t1\t{imports.RATIONALES[0]}" for a, b in share]
        path.write_text("\r\n".join([*imports.HEADING, *rows, ""]), "ascii", newline="")
    return [str(path) for path in paths]


def _measure(port: int, session: str, url: str) -> tuple[list[float], list[float]]:
    """Return the milliseconds of requests that made the page anew, and of the others."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    anew: list[float] = []
    stored: list[float] = []
    with psycopg.connect(url, autocommit=True) as database:
        for number in range(-2 * ANEW, REQUESTS):
            is_anew = number % ANEW == 0
            if is_anew:
                database.execute("UPDATE codes_codesystem SET revision = revision + 1")
            milliseconds = _get(client, session)
            if number >= 0:
                (anew if is_anew else stored).append(milliseconds)
    return anew, stored


def _get(client: http.client.HTTPConnection, session: str) -> float:
    began = time.perf_counter()
    client.request("GET", f"/codes/cpt/{CODE}/", headers={"Cookie": f"session={session}"})
    body = client.getresponse().read()
    milliseconds = (time.perf_counter() - began) * 1000
    if b"2,500 in force" not in body:
        raise BenchmarkFailedError(f"An answer without its edits: {body[:200]!r}")
    return milliseconds


if __name__ == "__main__":
    sys.exit(main())
