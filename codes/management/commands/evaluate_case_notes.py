"""Measures Case → codes on notes whose codes are known."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from codes.casefinder.candidates import Candidate
from codes.casefinder.cues import Status
from codes.casefinder.evaluation import Note, Proposed, Score, UnreadableNotes, load
from codes.casefinder.finder import Reading, find


class Command(BaseCommand):
    """Read every note of a folder as the page would, and print recall and precision."""

    help = "Measure Case → codes on a folder of notes (form: tests/codes/notes/README.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the folder; ``--json`` for machines, ``--details`` to see what was missed."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--details", action="store_true", help="list misses and traps")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the figures."""
        try:
            notes = load(options["folder"])
        except UnreadableNotes as error:
            raise CommandError(str(error)) from error
        score, times = measure(notes)
        figures = score.figures() | {
            "p50_ms": _percentile(times, 50),
            "p95_ms": _percentile(times, 95),
        }
        if options["json"]:
            self.stdout.write(json.dumps(figures))
            return
        for name, value in figures.items():
            self.stdout.write(f"{name:28}{value}")
        if options["details"]:
            for row in [*score.missed, *score.violations, *score.unmasked]:
                self.stdout.write("  ".join(row))


def measure(notes: list[Note]) -> tuple[Score, list[float]]:
    """Return the score of all notes, and how long each took in milliseconds."""
    score, times = Score(), []
    find("warm up")
    for note in notes:
        started = time.perf_counter()
        reading = find(note.text)
        times.append((time.perf_counter() - started) * 1000)
        score.add(note, list(_proposed(reading)), reading.note)
    return score, times


def _proposed(reading: Reading) -> list[Proposed]:
    candidates = [c for s in reading.supports for c in (*s.candidates, *s.uncertain)]
    return [_as_proposed(each) for each in candidates]


def _as_proposed(candidate: Candidate) -> Proposed:
    last = candidate.findings[-1]
    return Proposed(
        display=candidate.code.display,
        segment=(candidate.start, last.end),
        rank=candidate.rank,
        is_uncertain=candidate.status is Status.UNCERTAIN,
    )


def _percentile(times: list[float], share: int) -> float:
    ordered = sorted(times)
    return round(ordered[min(len(ordered) - 1, len(ordered) * share // 100)], 1)
