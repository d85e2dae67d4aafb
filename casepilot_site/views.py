"""Pages of the whole site: home, health, robots, products that are not built yet, errors."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from assistant.conversations import Turn
from assistant.forms import HandOverForm
from assistant.people import person_of
from codes import limits
from codes.models import CodeSystem

PRODUCTS = {
    "caseconsultant": {
        "name": "CaseConsultant",
        "caption": "Instant Email Coding Consultant",
        "promise": "It will answer a coding question sent by e-mail, and hand it to a person "
        "where one is needed.",
    },
    "careercenter": {
        "name": "CareerCenter",
        "caption": "Medical Coding Job Board",
        "promise": "It will list medical coding jobs, and let employers post them.",
    },
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what the site is, and the systems that it holds; one query."""
    return render(request, "home.html", {"systems": CodeSystem.objects.visible()})


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """Say honestly that a product is not built yet."""
    if slug not in PRODUCTS:
        raise Http404
    context = {"product": PRODUCTS[slug], "question": _handed_over(request)}
    return render(request, "product.html", context)


def _handed_over(request: HttpRequest) -> str:
    """Return the question that CasePilot's page hands over, if it is the reader's own."""
    form = HandOverForm(request.GET)
    if not form.is_valid() or not form.cleaned_data["turn"]:
        return ""
    turns = Turn.objects.of(person_of(request)).filter(pk=form.cleaned_data["turn"])
    return turns.values_list("question", flat=True).first() or ""


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 while the database answers; for load balancers. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell crawlers what to leave alone and where the sitemap is."""
    text = render_to_string("robots.txt", {"site_url": settings.SITE_URL})
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    return render(request, "404.html", status=404)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Answer 429 to what allauth limits; most of its limits are by the minute."""
    return limits.too_many_requests(request, wait=60)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 while the database is away, else 500; without the database or a session."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = HttpResponse(render_to_string("503.html"), status=503)
        response["Retry-After"] = "30"
    else:
        response = HttpResponse(render_to_string("500.html"), status=500)
    response["Cache-Control"] = "no-store"
    return response
