"""Sitemaps: one for each code system, and one for the pages that list codes."""

from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.urls import reverse

from codes.authored_texts import AuthoredText
from codes.facts import DrgTitle
from codes.models import Code, CodeSystem, Release


class CodesSitemap(Sitemap):  # type: ignore[type-arg]  # generic only in the stubs
    """The code pages that are open to search engines: their lead is."""

    limit = 5_000

    def items(self) -> QuerySet[Code]:
        """Return the codes with a page, each with the day of its newest text, in a lasting order.

        Two queries for each file: the count and its codes.
        """
        texts = AuthoredText.objects.published().filter(code=OuterRef("pk")).order_by()
        newest = texts.values("code").annotate(at=Max("published_at")).values("at")
        codes = Code.objects.visible().with_page().select_related("system", "release")
        return codes.annotate(text_published_at=Subquery(newest)).order_by("pk")

    def lastmod(self, item: Code) -> datetime:
        """Return when its release was imported or its newest text published, the later."""
        published: datetime | None = item.text_published_at  # type: ignore[attr-defined]  # annotated
        return max(item.release.imported_at, published or item.release.imported_at)

    def get_latest_lastmod(self) -> datetime | None:
        """Return the newest of them all; two queries, where Django's way loads every code."""
        texts = AuthoredText.objects.aggregate(at=Max("published_at"))["at"]
        imported = Release.objects.aggregate(at=Max("imported_at"))["at"]
        return max((moment for moment in (texts, imported) if moment), default=None)


class BrowseSitemap(Sitemap):  # type: ignore[type-arg]  # as above
    """The systems with what changed in them, and the chapters and sections of each."""

    def items(self) -> list[str]:
        """Return the addresses of the start page, the systems and their headings; two queries."""
        systems = list(CodeSystem.objects.visible())
        kinds = [Code.Kind.CHAPTER, Code.Kind.SECTION]
        headings = Code.objects.visible().without_former_headings().filter(kind__in=kinds)
        nodes = headings.order_by("pk").values_list("system__slug", "kind", "key")
        return [
            *(reverse("home"), reverse("codes:index"), reverse("codes:changes_index")),
            *(system.get_absolute_url() for system in systems),
            *(reverse("codes:system_changes", args=[system.slug]) for system in systems),
            *(reverse("codes:node", args=node) for node in nodes),
        ]

    def location(self, item: str) -> str:
        """Return the address itself."""
        return item


class GroupsSitemap(Sitemap):  # type: ignore[type-arg]  # as above
    """The MS-DRGs that are shown: the list of them, and each."""

    limit = 5_000

    def items(self) -> list[tuple[str, datetime]]:
        """Return their addresses and when they were imported; none without any. One query."""
        groups = DrgTitle.objects.current().order_by("number")
        found = list(groups.values_list("number", "release__imported_at"))
        pages = [(reverse("codes:drg", args=[number]), at) for number, at in found]
        return [*((reverse("codes:drgs"), at) for _, at in found[:1]), *pages]

    def location(self, item: tuple[str, datetime]) -> str:
        """Return the address itself."""
        return item[0]

    def lastmod(self, item: tuple[str, datetime]) -> datetime:
        """Return when the titles and weights were imported."""
        return item[1]


SITEMAPS: dict[str, Any] = {
    "browse": BrowseSitemap,
    "codes": CodesSitemap,
    "groups": GroupsSitemap,
}
