"""Which diagnoses Medicare's coverage articles list beside a procedure, and the way back."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet

from codes.facts import CoverageCode
from codes.lookup import code_key
from codes.models import Code
from codes.remembered import remembered
from codes.sections.code_links import CodeLink, diagnoses, hidden_procedures, procedures
from codes.sections.editions import held
from codes.sections.options import SectionOptions

SHOWN_FIRST: Final = 20
"""How many codes the code page itself names."""
PER_PAGE: Final = 100

_ROLE: Final = CoverageCode.Role


@dataclass(frozen=True, slots=True)
class Pairing:
    """A code on the other side, with the lines of articles that list it."""

    link: CodeLink
    lines: list[CoverageCode]

    @property
    def roles(self) -> list[str]:
        """What the articles say of the diagnosis: covered, not covered, or both."""
        return sorted({line.get_role_display() for line in self.lines})


@dataclass(frozen=True, slots=True)
class Pairings:
    """A page of the codes on the other side."""

    page: Page[str]
    entries: list[Pairing]
    are_diagnoses: bool


def pairings(code: Code, options: SectionOptions) -> Pairings:
    """Return a page of the codes that articles list beside this one; at most six queries.

    Articles list procedures and diagnoses side by side; their text, not the file, says which
    group of diagnoses goes with which procedure.
    """
    of_procedure = code.system.slug != "icd-10-cm"
    lines = others(code, options, of_procedure=of_procedure)
    if words := code_key(options.words):
        lines = lines.filter(code_key__startswith=words[:7])
    keys = lines.order_by("code_key").values_list("code_key", flat=True).distinct()
    pages = Paginator(keys, PER_PAGE if options.is_whole else SHOWN_FIRST)
    if not words:
        pages.count = number_of_others(code, options.on)
    page = pages.get_page(options.page)
    return Pairings(page, _entries(lines, list(page.object_list), of_procedure), of_procedure)


@remembered
def number_of_others(code: Code, on: date | None) -> int:
    """Return how many codes articles list beside this one; one query, two for a diagnosis."""
    of_procedure = code.system.slug != "icd-10-cm"
    lines = others(code, SectionOptions(on=on), of_procedure=of_procedure)
    return lines.values("code_key").distinct().count()


def others(code: Code, options: SectionOptions, *, of_procedure: bool) -> QuerySet[CoverageCode]:
    """Return the lines of the articles that name the code, for the codes of the other side.

    Of a diagnosis only articles that cover it count. One query for a diagnosis, to leave out
    procedures that the site may not show.
    """
    own = [_ROLE.PROCEDURE] if of_procedure else [_ROLE.COVERED]
    sides = [_ROLE.COVERED, _ROLE.NONCOVERED] if of_procedure else [_ROLE.PROCEDURE]
    named = CoverageCode._default_manager.filter(
        release=OuterRef("release"),
        article=OuterRef("article"),
        version=OuterRef("version"),
        code_key=code.key,
        role__in=own,
    )
    hidden = Q() if of_procedure else ~hidden_procedures("code_key")
    return held(CoverageCode, options.on).filter(Exists(named), hidden, role__in=sides)


def _entries(lines: QuerySet[CoverageCode], keys: list[str], are_diagnoses: bool) -> list[Pairing]:
    if not keys:
        return []
    by_key: dict[str, list[CoverageCode]] = defaultdict(list)
    for line in lines.filter(code_key__in=keys).order_by("article", "version", "group"):
        by_key[line.code_key].append(line)
    links = _links(keys, are_diagnoses)
    return [Pairing(links[key], by_key[key]) for key in keys if key in links]


def _links(keys: Iterable[str], are_diagnoses: bool) -> dict[str, CodeLink]:
    return diagnoses(keys) if are_diagnoses else procedures(keys)
