"""What a person reads about the programs' interface, and the same for programs."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from codes.api.answers import answers_pages
from codes.api.fhir_systems import ALL_CODES, SYSTEMS
from codes.api.openapi import described
from codes.limits import in_words
from codes.models import CodeSystem

OPENAPI = Path(__file__).with_name("openapi.json")


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """Show how to ask, with examples that can be followed; one query."""
    context = {
        "systems": CodeSystem.objects.visible(),
        "fhir_systems": SYSTEMS,
        "all_codes": ALL_CODES,
        "base": settings.SITE_URL,
        "rate": in_words(settings.RATELIMIT_API),
        "token_rate": in_words(settings.RATELIMIT_API_TOKEN),
    }
    return render(request, "codes/api.html", context)


@require_safe
@answers_pages
@cache_control(public=True, max_age=3600)
def openapi(request: HttpRequest) -> HttpResponse:
    """Return the OpenAPI description, with the address of this site as its server."""
    return described(OPENAPI)
