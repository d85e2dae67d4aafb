"""The sitemap of the site: what the apps list, and the pages of the other products."""

from typing import Any

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from codes.sitemaps import SITEMAPS as CODES


class ProductsSitemap(Sitemap):  # type: ignore[type-arg]  # generic only in the stubs
    """The first pages of the products that are built; Case2Code lists its own."""

    def items(self) -> list[str]:
        """Return their addresses; no query."""
        return [reverse("casepilot")]

    def location(self, item: str) -> str:
        """Return the address itself."""
        return item


SITEMAPS: dict[str, Any] = {**CODES, "products": ProductsSitemap}
