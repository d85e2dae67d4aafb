"""The search of all of ICD-10-CM, and of HCPCS where its file is there: times and ratios.

The searches run in a process of their own (bench/search_inside.py) over a fresh database, through
the function that the page calls, ranking, facets and its statement included. Limits hold for CPU
time, which others on the machine change least; the wall times stand beside.
"""

import json
import os
import subprocess
import sys
from typing import Any

from bench.imports import DATA, manage
from bench.servers import settings_for
from scripts import localdb

P95_MS, P99_MS, WORST_MS, SUGGEST_MS = 8.0, 20.0, 100.0, 5.0
GROWTH = 3.0
MEGABYTES, LOAD_S = 120.0, 1.0


def main() -> int:
    """Print each figure with its limit; return 1 if one is missed."""
    with localdb.temporary() as url:
        environment = settings_for(url)
        manage(["migrate", "--verbosity", "0"], environment)
        manage(["import_codes", "icd-10-cm", "--verbosity", "0"], environment)
        hcpcs = DATA / "hcpcs" / "HCPC2025_OCT_ANWEB.csv"
        if hcpcs.exists():
            manage(["import_codes", "hcpcs", str(hcpcs), "--verbosity", "0"], environment)
        manage(["load_search_terms"], environment)
        output = subprocess.check_output(
            [sys.executable, "-m", "bench.search_inside"], env=os.environ | environment
        )
    figures = json.loads(output)
    met = [_told(*line) for line in _lines(figures)]
    print(f"Load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")
    return 0 if all(met) else 1


def _lines(found: dict[str, Any]) -> list[tuple[str, float, float, str]]:
    """Return each figure: what it is, its value, its limit, and what stands beside it."""
    mixed, large = found["mixed"], found["large"]
    wall = found["mixed_wall"]
    beside = f"wall p95 {wall['p95']:.1f}, p99 {wall['p99']:.1f}"
    growth = large["p95"] / mixed["p95"]
    return [
        ("Search, mixed queries, p95 ms", mixed["p95"], P95_MS, f"median {mixed['p50']:.1f}"),
        ("Search, mixed queries, p99 ms", mixed["p99"], P99_MS, beside),
        ("Search, adversarial text, worst ms", found["worst"]["max"], WORST_MS, ""),
        ("Suggestions, p95 ms", found["suggest"]["p95"], SUGGEST_MS, ""),
        (
            f"p95 of {found['large_names']:,} names ÷ {found['names']:,}",
            growth,
            GROWTH,
            f"p95 {large['p95']:.1f} ms",
        ),
        ("20 users at once, p95 ms (wall)", found["users"]["p95"], WORST_MS, ""),
        ("Index in memory, MB", found["megabytes"], MEGABYTES, ""),
        ("Loading the index, s", found["load"], LOAD_S, ""),
    ]


def _told(name: str, value: float, limit: float, beside: str) -> bool:
    verdict = "met" if value < limit else "MISSED"
    print(f"{name}: {value:.2f} (below {limit:g}): {verdict}" + (f"; {beside}" if beside else ""))
    return value < limit


if __name__ == "__main__":
    sys.exit(main())
