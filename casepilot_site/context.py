"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest | None) -> dict[str, object]:
    """Return the site's name and copyright year; no query."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "site_copyright_year": settings.SITE_COPYRIGHT_YEAR,
        "demo": settings.DEMO,
    }
