"""Prints what reads of PTP edits take at the size of a release, as JSON (median, p95; ms)."""

import json
import random
import statistics
import time
from collections.abc import Callable
from datetime import date

import django
from django.db import connection

ROUNDS = 1_000
DAY = date(2026, 10, 15)


def main() -> None:
    """Ask for pairs, half of which have no edit, and for first pages, the largest codes too.

    As the site asks: a pair with its verdict, a page of 50 with the counts of both its lists.
    """
    django.setup()
    from codes import ncci, ptp_reads
    from codes.claim_lines import Line
    from codes.models import Code, Release
    from codes.ncci_facts import Held
    from codes.sections.options import SectionOptions
    from codes.sections.ptp_lists import counted, empty_lists, place, shown_edits

    release = Release.objects.current().get(source="ptp-practitioner")
    pairs = _sample("SELECT column1, column2 FROM codes_ptpedit TABLESAMPLE SYSTEM (0.2)")
    pairs += [(two, one) for one, two in pairs]
    large = _sample("SELECT column1 FROM codes_ptpedit GROUP BY 1 ORDER BY count(*) DESC LIMIT 30")
    held = Held.load()

    def pair() -> None:
        keys = random.choice(pairs)
        edits = ptp_reads.among(release.pk, keys)
        ncci.pairs([Line(key) for key in keys], edits, DAY, is_complete=True)

    def page() -> None:
        (code,) = random.choice(large) if random.random() < 0.5 else random.choice(pairs)[:1]
        lists = counted(empty_lists(held, DAY), Code(key=code), DAY)
        place(lists, SectionOptions(is_whole=True))
        shown_edits(lists, code, DAY, "")

    print(
        json.dumps(
            {
                "a pair on a date": _times(pair),
                "first page of a code": _times(page),
            }
        )
    )


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
