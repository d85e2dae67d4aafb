"""``manage.py evaluate_search FILE.csv``: how well and fast the search answers known queries."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from codes.models import Code, CodeSystem
from codes.search import NO_FILTERS, Filters, search
from codes.search.evaluation import (
    DEPTH,
    Answer,
    BadQueries,
    Found,
    Question,
    figures,
    judge,
    read_questions,
)
from codes.search.store import leaving_out, without_source

_NAMES: Final = {
    "queries": "Queries",
    "recall_at_1": "Right code first",
    "recall_at_10": "Among the first 10",
    "recall_at_20": "Among the first 20",
    "mrr": "Mean reciprocal rank",
    "empty_share": "Nothing found",
}


class Command(BaseCommand):
    """Asks the same ``search`` that the page asks, one query after the other."""

    help = (
        "Measure the search by a CSV file with the columns query and code; several right codes are"
        " parted by |. A right answer is the code itself, one of its descendants, or the category"
        " directly above it; the strict figures count the code itself only."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--system", default="", help="Search one code system, by its slug.")
        parser.add_argument(
            "--leave-out",
            action="store_true",
            help="Leave inclusion and index terms that are queries of the file out of the index.",
        )
        parser.add_argument(
            "--without-source",
            default="",
            metavar="SOURCE",
            help="Search without the field knowledge whose source begins with these words.",
        )
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")

    def handle(self, *args: object, **options: Any) -> None:
        questions = _read(options["file"])
        filters = _filters(options["system"])
        parents = _parents(questions, options["system"])
        left_out = {question.query for question in questions}
        with ExitStack() as stack:
            if options["leave_out"]:
                stack.enter_context(leaving_out(left_out))
            if options["without_source"]:
                stack.enter_context(without_source(options["without_source"]))
            search("", filters=filters)  # loads the index
            found = figures([_ask(question, filters, parents) for question in questions])
        self.stdout.write(json.dumps(found) if options["json"] else _told(found))


def _read(path: Path) -> list[Question]:
    try:
        return read_questions(path.read_bytes())
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
    except BadQueries as error:
        raise CommandError(f"{path}: {error}") from None


def _filters(system: str) -> Filters:
    if not system:
        return NO_FILTERS
    known = list(CodeSystem.objects.visible().values_list("slug", flat=True))
    if system not in known:
        raise CommandError(f"No code system “{system}” is shown; there are: {', '.join(known)}.")
    return Filters(systems=(system,))


def _parents(questions: Sequence[Question], system: str) -> dict[str, str]:
    """Return of each right code the key of the code or category directly above it; one query."""
    keys = {key for question in questions for key in question.keys}
    codes = Code.objects.visible().with_page().filter(key__in=keys)
    codes = codes.filter(parent__kind__in=Code.PAGE_KINDS)
    if system:
        codes = codes.filter(system__slug=system)
    return dict(codes.values_list("key", "parent__key"))


def _ask(question: Question, filters: Filters, parents: dict[str, str]) -> Answer:
    began = time.perf_counter()
    results = search(question.query, filters=filters, limit=DEPTH)
    seconds = time.perf_counter() - began
    ids = [hit.code_id for hit in results.hits]
    codes = Code.objects.in_bulk(ids)
    above_ids = {pk for code in codes.values() for pk in code.ancestors}
    above = dict(Code.objects.with_page().filter(pk__in=above_ids).values_list("pk", "key"))
    found = [
        Found(codes[pk].key, frozenset(above[a] for a in codes[pk].ancestors if a in above))
        for pk in ids
        if pk in codes
    ]
    return judge(question, found, parents, seconds)


def _told(found: dict[str, float]) -> str:
    lines = []
    for name, title in _NAMES.items():
        value = found[name]
        text = f"{value:,}" if name == "queries" else f"{value:.1%}"
        if name == "mrr":
            text = f"{value:.3f}"
        strict = found.get(f"strict_{name}")
        more = "" if strict is None else f"  (strictly {strict:.3f})"
        if strict is not None and name != "mrr":
            more = f"  (strictly {strict:.1%})"
        lines.append(f"{title + ':':<24}{text}{more}")
    times = ", ".join(f"p{percent} {found[f'p{percent}_ms']:.1f}" for percent in (50, 95, 99))
    return "\n".join([*lines, f"{'Milliseconds:':<24}{times}"])
