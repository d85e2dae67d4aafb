"""How long Case → codes takes: the evaluation notes, and the longest note that it reads.

``BENCH_DATABASE_URL`` names a database that holds ICD-10-CM, HCPCS and the search terms already;
without it one is made and loaded with what is at hand.
"""

import os
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import django

from bench.imports import DATA, manage
from bench.servers import settings_for
from scripts import localdb

NOTES = Path(__file__).resolve().parent.parent / "tests" / "codes" / "notes"
P95_MS, LONGEST_MS = 500.0, 6_000.0


def main() -> int:
    """Return 0 if both limits were met; the work is done in a process of its own."""
    given = os.environ.get("BENCH_DATABASE_URL")
    with nullcontext(given) if given else localdb.temporary() as url:
        environment = settings_for(url)
        if not given:
            _load(environment)
        command = [sys.executable, "-m", "bench.case_notes"]
        return subprocess.call(command, env=os.environ | environment)


def _load(environment: dict[str, str]) -> None:
    manage(["migrate", "--verbosity", "0"], environment)
    manage(["import_codes", "icd-10-cm", "--verbosity", "0"], environment)
    hcpcs = DATA / "hcpcs" / "HCPC2025_OCT_ANWEB.csv"
    if hcpcs.exists():
        manage(["import_codes", "hcpcs", str(hcpcs), "--verbosity", "0"], environment)
    manage(["load_search_terms"], environment)


def run() -> int:
    """Read every note, and the notes as one of 20,000 characters; print what it took."""
    django.setup()
    from codes.casefinder.evaluation import load
    from codes.casefinder.finder import MAX_CHARACTERS, find
    from codes.management.commands.evaluate_case_notes import measure

    notes = load(NOTES)
    _, times = measure(notes)
    longest = "\n".join(note.text for note in notes)[:MAX_CHARACTERS]
    started = time.perf_counter()
    reading = find(longest)
    taken = (time.perf_counter() - started) * 1000
    p95 = sorted(times)[len(times) * 95 // 100]
    print(f"{len(times)} notes, p95 ms: {p95:.0f} (below {P95_MS:g})")
    print(
        f"A note of {len(longest):,} characters, ms: {taken:.0f} (below {LONGEST_MS:g});"
        f" {reading.searched} of {reading.queries} searches"
    )
    print(f"Load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")
    return 0 if p95 < P95_MS and taken < LONGEST_MS else 1


if __name__ == "__main__":
    sys.exit(run())
