"""The assistant's answers over the full public data: times and queries.

The questions are those of tests/assistant/questions, each asked by a guest and by a registered user
who has opened every page. ``BENCH_DATABASE_URL`` names a database that holds the data already;
without it one is made and loaded with what is at hand.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from bench.imports import DATA, manage
from bench.servers import settings_for
from scripts import localdb

P95_MS = 150.0
QUERIES = 90
QUESTIONS = Path(__file__).parent.parent / "tests" / "assistant" / "questions"
_FILES = {
    "hcpcs": "hcpcs/HCPC2025_OCT_ANWEB.csv",
    "mpfs": "mpfs/PPRRVU2025_Oct.redacted.csv",
    "gpci": "mpfs/GPCI2025.csv",
    "opps-b": "opps/addendum_b_2026-04.redacted.csv",
}


def main() -> int:
    """Print each figure with its limit; return 1 if one is missed."""
    given = os.environ.get("BENCH_DATABASE_URL")
    with nullcontext(given) if given else localdb.temporary() as url:
        environment = settings_for(url)
        if not given:
            _load(environment)
        output = subprocess.check_output(
            [sys.executable, "-m", "bench.assistant"], env=os.environ | environment
        )
    found = json.loads(output)
    met = found["p95"] < P95_MS and found["queries"] <= QUERIES
    print(
        f"{found['answers']:,} answers: median {found['median']:.0f} ms, p95 {found['p95']:.0f} ms"
        f" (below {P95_MS:g}), worst {found['worst']:.0f} ms; CPU p95 {found['cpu']:.0f} ms;"
        f" at most {found['queries']} queries (at most {QUERIES}): {'met' if met else 'MISSED'}"
    )
    print(f"Load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")
    return 0 if met else 1


def _load(environment: dict[str, str]) -> None:
    manage(["migrate", "--verbosity", "0"], environment)
    manage(["load_samples"], environment)
    manage(["import_codes", "icd-10-cm", "--verbosity", "0"], environment)
    for name, path in _FILES.items():
        if (DATA / path).exists():
            accepted = ["--accept-ama-notice", "the benchmark"]
            manage(["import_codes", name, str(DATA / path), *accepted], environment)
    manage(["load_search_terms"], environment)


def inside() -> dict[str, Any]:
    """Ask every question twice; return the figures of the second round, queries of every tenth."""
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from assistant.engine.entry import answer
    from assistant.management.commands.ask import asker_of
    from assistant.questions import read_folder

    texts = [question.question for question in read_folder(QUESTIONS)]
    asked = [(text, asker_of(who)) for text in texts for who in ("guest", "registered")]
    for text, asker in asked:  # fills the caches: prepared statements, the search index
        answer(text, asker)
    wall, cpu = [], []
    for text, asker in asked:
        began, used = time.perf_counter(), time.process_time()
        answer(text, asker)
        wall.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - used) * 1000)
    queries = 0
    for text, asker in asked[::10]:
        with CaptureQueriesContext(connection) as captured:
            answer(text, asker)
        queries = max(queries, len(captured))
    return {
        "answers": len(wall),
        "median": statistics.median(wall),
        "p95": statistics.quantiles(wall, n=20)[-1],
        "worst": max(wall),
        "cpu": statistics.quantiles(cpu, n=20)[-1],
        "queries": queries,
    }


if __name__ == "__main__":
    print(json.dumps(inside()))
