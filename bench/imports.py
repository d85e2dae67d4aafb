"""The imports of large official files: seconds, memory, and reading what they stored.

Each import is a ``manage.py`` of its own on a fresh database, from its start to its end, so the
seconds are those that an operator waits. HCPCS and MPFS are real files of ``../shared/data`` and
left out where that is absent; ICD-10-CM comes with CasePilot; the edits are generated here.
"""

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.servers import TICKS, settings_for
from scripts import localdb

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
EDITS = 2_000_000
CODES = 13_000
LARGEST = 3_000  # edits of one column 1 code, for every 200th
PAIR_MS, PAGE_MS = 2.0, 5.0


@dataclass(frozen=True, slots=True)
class Target:
    """What an import may take. ``megabytes`` are the most that its process holds at a time."""

    name: str
    arguments: Sequence[str]
    seconds: float
    megabytes: float = 500


def main() -> int:
    """Print each target with its result; return 1 if one is missed."""
    with tempfile.TemporaryDirectory() as folder, localdb.temporary() as url:
        environment = settings_for(url)
        manage(["migrate", "--verbosity", "0"], environment)
        first, second = (_edits(Path(folder, name), name) for name in ("v323", "v330"))
        targets = [
            *_real(),
            Target("ICD-10-CM, packaged", ["icd-10-cm"], 30),
            Target("2,000,000 PTP rows, first edition", ["ptp-practitioner", *first], 30),
            Target("2,000,000 PTP rows, next edition", ["ptp-practitioner", *second], 30),
        ]
        met = [_run(target, environment) for target in targets]
        met += _reads(environment)
    return 0 if all(met) else 1


def _real() -> Iterator[Target]:
    for name, format_, file, seconds in (
        ("HCPCS Level II", "hcpcs", "hcpcs/HCPC2025_OCT_ANWEB.csv", 5),
        ("MPFS", "mpfs", "mpfs/PPRRVU2025_Oct.redacted.csv", 10),
    ):
        if (path := DATA / file).exists():
            yield Target(name, [format_, str(path)], seconds)
        else:
            print(f"{name}: left out, there is no {file} in ../shared/data.")


def _run(target: Target, environment: dict[str, str]) -> bool:
    arguments = ["import_codes", *target.arguments, "--verbosity", "0"]
    server_cpu = _server_cpu(environment["DATABASE_URL"])
    began = time.monotonic()
    used = manage([*arguments, "--accept-ama-notice", "The benchmark"], environment)
    seconds, megabytes = time.monotonic() - began, used.ru_maxrss / 1024
    server_cpu = _server_cpu(environment["DATABASE_URL"]) - server_cpu
    is_met = seconds < target.seconds and megabytes < target.megabytes
    print(
        f"{target.name}: {seconds:.1f} s (below {target.seconds:g}),"
        f" {megabytes:.0f} MB (below {target.megabytes:g}): {_verdict(is_met)};"
        f" CPU {used.ru_utime + used.ru_stime:.1f} s in Python, {server_cpu:.1f} s in PostgreSQL;"
        f" load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores",
        flush=True,
    )
    return is_met


def _server_cpu(url: str) -> float:
    """Return the CPU seconds of all sessions that have ended, as the server's parent counts them.

    Where others use the machine too, this and Python's tell what the clock cannot.
    """
    with psycopg.connect(url) as connection:
        (backend,) = connection.execute("SELECT pg_backend_pid()").fetchone() or (0,)
        parent = _stat(backend)[1]
    children = _stat(int(parent))[13:15]
    return sum(map(int, children)) / TICKS


def _stat(process: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the state on: 1 is the parent, 13 and 14 the CPU of
    children that have ended."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()


def _reads(environment: dict[str, str]) -> list[bool]:
    output = subprocess.check_output(
        [sys.executable, "-m", "bench.edit_reads"], env=os.environ | environment
    )
    times = json.loads(output)
    results = []
    for name, limit in (("a pair on a date", PAIR_MS), ("first page of a code", PAGE_MS)):
        median, p95 = times[name]
        results.append(p95 < limit)
        print(
            f"PTP, {name}: p95 {p95:.2f} ms (below {limit:g}): {_verdict(results[-1])};"
            f" median {median:.2f} ms"
        )
    return results


def _verdict(is_met: bool) -> str:
    return "met" if is_met else "MISSED"


def manage(arguments: Sequence[str], environment: dict[str, str]) -> resource.struct_rusage:
    """Run a command to its end; return what it used. Raises ``CalledProcessError``."""
    command = [sys.executable, "manage.py", *arguments]
    process = subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return used


# --- Edits as CMS publishes them -----------------------------------------------------------------

HEADING = (
    "CPT only copyright. All rights reserved.\t\t\t\t\t\t",
    "Column1/Column2 Edits\t\t\t\t\t\t",
    "\t\t*=in existence\t\tDeletion\tModifier\tPTP Edit Rationale",
    "\t\tprior to 1996\tEffective\tDate\t0=not allowed\t",
    "Column 1\tColumn 2\t\tDate\t*=no data\t1=allowed\t",
    "\t\t\t\t\t9=not applicable\t",
)
RATIONALES = (
    "Misuse of column two code with column one code",
    "Standards of medical / surgical practice",
    "HCPCS/CPT procedure code definition",
    "More extensive procedure",
    "CPT Manual or CMS manual coding instructions",
    "Sequential procedure",
    "Mutually exclusive procedures",
)
DAYS = [f"{year}{quarter}01" for year in range(1996, 2026) for quarter in ("01", "04", "07", "10")]


def _edits(folder: Path, version: str) -> list[str]:
    """Write the four files of a release; the next version differs in one row of a hundred."""
    folder.mkdir()
    codes = [f"{number:05}" for number in range(10_000, 10_000 + 6 * CODES, 6)]
    paths = [folder / f"ccipra-{version}r0-f{part}.txt" for part in range(1, 5)]
    share = len(codes) // len(paths)
    for part, path in enumerate(paths):
        with path.open("w", encoding="ascii", newline="") as file:
            file.write("\r\n".join(HEADING) + "\r\n")
            for column1 in codes[part * share : (part + 1) * share]:
                file.writelines(_edits_of(column1, codes, version))
    return [str(path) for path in paths]


def _edits_of(column1: str, codes: Sequence[str], version: str) -> Iterator[str]:
    """Yield the same edits of a code for each version, but for some deletion dates."""
    choose = random.Random(column1)
    is_large = (int(column1) - int(codes[0])) % (6 * 200) == 0
    usual = (EDITS - LARGEST * CODES // 200) // (CODES - CODES // 200) + 1
    for column2 in sorted(choose.sample(codes, LARGEST if is_large else usual)):
        chance, day = choose.random(), choose.choice(DAYS)
        deleted = "20251231" if chance < 0.1 or (chance < 0.11 and version == "v330") else "*"
        indicator, rationale = choose.choice("0119"), choose.choice(RATIONALES)
        yield f"{column1}\t{column2}\t\t{day}\t{deleted}\t{indicator}\t{rationale}\r\n"
