"""Medicare coverage documents that name a code: articles, and what they belong to."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from codes.facts import CoverageCode, CoverageDocument
from codes.models import Code
from codes.remembered import remembered
from codes.sections.editions import held
from codes.sections.options import SectionOptions

SHOWN_FIRST: Final = 10
"""How many articles the code page itself names."""
PER_PAGE: Final = 25


@dataclass(frozen=True, slots=True)
class Naming:
    """A document with what it says of the code, and the documents that it belongs to."""

    document: CoverageDocument
    says: str
    related: list[CoverageDocument] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Articles:
    """A page of the articles that name a code."""

    page: Page[tuple[str, int, str]]
    entries: list[Naming]


@remembered
def named_in(code: Code, on: date | None) -> list[tuple[str, int, str]]:
    """Return the articles that name the code, with version and role; one query."""
    lines = held(CoverageCode, on).filter(code_key=code.key)
    named = lines.order_by("article", "version", "role").values_list("article", "version", "role")
    return list(named.distinct())


def articles(code: Code, options: SectionOptions) -> Articles:
    """Return a page of the articles that name a code; three queries, one without an article."""
    pages = Paginator(named_in(code, options.on), PER_PAGE if options.is_whole else SHOWN_FIRST)
    page = pages.get_page(options.page)
    return Articles(page, _with_documents(list(page.object_list), options.on))


def _with_documents(lines: list[tuple[str, int, str]], on: date | None) -> list[Naming]:
    if not lines:
        return []
    documents = held(CoverageDocument, on)
    # LCDs on durable equipment list procedures themselves, so they count beside articles.
    named = list(documents.filter(number__in={line[0] for line in lines}))
    by_place = {(one.number, one.version): one for one in named}
    related = _related(documents, named)
    return [
        Naming(
            document=document,
            says=CoverageCode.Role(role).label,
            related=[other for number in document.related for other in related.get(number, [])],
        )
        for number, version, role in lines
        if (document := by_place.get((number, version)))
    ]


def _related(
    documents: QuerySet[CoverageDocument], named: list[CoverageDocument]
) -> dict[str, list[CoverageDocument]]:
    """Return the determinations that articles name, by number; one query."""
    numbers = {number for document in named for number in document.related}
    others = documents.exclude(kind=CoverageDocument.Kind.ARTICLE).filter(number__in=numbers)
    found: dict[str, list[CoverageDocument]] = {}
    for other in others.order_by("kind", "number", "version"):
        found.setdefault(other.number, []).append(other)
    return found
