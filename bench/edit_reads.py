"""Prints what reads of PTP edits take at the size of a release, as JSON (median, p95; ms)."""

import json
import random
import statistics
import time
from collections.abc import Callable
from datetime import date

import django
from django.db import connection
from django.db.models import Q

ROUNDS = 1_000
PAGE = 50
DAY = date(2026, 10, 15)


def main() -> None:
    """Ask for pairs, half of which have no edit, and for first pages, the largest codes too."""
    django.setup()
    from codes.facts import PtpEdit
    from codes.models import Release

    release = Release.objects.current().get(source="ptp-practitioner")
    pairs = _sample("SELECT column1, column2 FROM codes_ptpedit TABLESAMPLE SYSTEM (0.2)")
    pairs += [(two, one) for one, two in pairs]
    large = _sample("SELECT column1 FROM codes_ptpedit GROUP BY 1 ORDER BY count(*) DESC LIMIT 30")

    def pair() -> None:
        one, two = random.choice(pairs)
        of_pair = Q(release=release, column1=one, column2=two)
        list(PtpEdit.objects.active_on(DAY).filter(of_pair))

    def page() -> None:
        (code,) = random.choice(large) if random.random() < 0.5 else random.choice(pairs)[:1]
        edits = PtpEdit.objects.of(release)
        list(edits.filter(column1=code).order_by("column2")[:PAGE])
        list(edits.filter(column2=code).order_by("column1")[:PAGE])

    print(json.dumps({"a pair on a date": _times(pair), "first page of a code": _times(page)}))


def _sample(statement: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _times(read: Callable[[], None]) -> tuple[float, float]:
    for _ in range(50):  # connects, prepares the statements, fills the caches
        read()
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        read()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()
