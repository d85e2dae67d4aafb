"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest | None) -> dict[str, object]:
    """Return the site's name, its copyright year and what an account adds; no query."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "site_copyright_year": settings.SITE_COPYRIGHT_YEAR,
        "registered_extra_views": settings.REGISTERED_EXTRA_VIEWS,
        "meter_period": settings.METER_PERIOD,
        "demo": settings.DEMO,
    }
