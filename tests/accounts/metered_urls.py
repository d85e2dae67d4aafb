"""Small views around the meter: they answer with what it left, or fail as told.

Behind them stands the whole site, whose error pages answer.
"""

from typing import Any

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.cache import cache_control

from casepilot_site import urls as site
from codes.metering import metered


@metered(system="system", code="code")
def page(request: HttpRequest, system: str, code: str) -> HttpResponse:
    meter = request.meter  # type: ignore[attr-defined]  # left by the middleware
    values: dict[str, Any] = {name: getattr(meter, name) for name in meter.__slots__}
    return JsonResponse(values | {"remaining": meter.remaining, "is_spent": meter.is_spent})


@metered(system="system", code="code")
def failing(request: HttpRequest, system: str, code: str) -> HttpResponse:
    match request.GET.get("how"):
        case "error":
            raise ValueError("broken")
        case "database":
            raise OperationalError("away")
        case "404":
            raise Http404
        case "redirect":
            return HttpResponse(status=302, headers={"Location": "/"})
        case status:
            return HttpResponse(status=int(status or 200))


def html(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p>Page</p>", status=int(request.GET.get("status", 200)))


@cache_control(public=True, max_age=60)
def cacheable(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p>Page</p>")


@cache_control(max_age=60)
def cacheable_by_age(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p>Page</p>")


def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse("User-agent: *", content_type="text/plain")


def health(request: HttpRequest) -> HttpResponse:
    return JsonResponse({})


urlpatterns = [
    path("codes/<system>/<code>/", page),
    path("failing/<system>/<code>/", failing),
    path("html/", html),
    path("cacheable/", cacheable),
    path("cacheable-by-age/", cacheable_by_age),
    path("robots.txt", robots),
    path("health/", health),
    *site.urlpatterns,
]
handler404 = site.handler404
handler500 = site.handler500
