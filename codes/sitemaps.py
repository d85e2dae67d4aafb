"""Sitemaps: one for each code system, and one for the pages that list codes."""

from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.db.models import Max, QuerySet
from django.urls import reverse

from codes.models import Code, CodeSystem, Release


class CodesSitemap(Sitemap):  # type: ignore[type-arg]  # generic only in the stubs
    """The code pages that are open to search engines: their lead is."""

    limit = 5_000

    def items(self) -> QuerySet[Code]:
        """Return the codes with a page, in a lasting order."""
        return Code.objects.visible().with_page().select_related("system", "release").order_by("pk")

    def lastmod(self, item: Code) -> datetime:
        """Return when the release of the code was imported."""
        return item.release.imported_at

    def get_latest_lastmod(self) -> datetime | None:
        """Return the newest of them; one query, where Django's way loads every code."""
        newest: datetime | None = Release.objects.aggregate(at=Max("imported_at"))["at"]
        return newest


class BrowseSitemap(Sitemap):  # type: ignore[type-arg]  # as above
    """The systems, and what changed in them."""

    def items(self) -> list[str]:
        """Return the addresses of the start page, of each system and of its changes; one query."""
        systems = list(CodeSystem.objects.visible())
        return [
            *(reverse("home"), reverse("codes:index"), reverse("codes:changes_index")),
            *(system.get_absolute_url() for system in systems),
            *(reverse("codes:system_changes", args=[system.slug]) for system in systems),
        ]

    def location(self, item: str) -> str:
        """Return the address itself."""
        return item


SITEMAPS: dict[str, Any] = {"browse": BrowseSitemap, "codes": CodesSitemap}
