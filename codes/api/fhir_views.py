"""``/fhir/``: FHIR R4 terminology of the systems in the public domain."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from codes.api import concepts, fhir_resources
from codes.api.fhir_forms import ExpandForm, LookupForm, ValidateCodeForm
from codes.api.fhir_http import fhir, parameters_of
from codes.api.fhir_requests import Refused
from codes.api.fhir_resources import Resource
from codes.api.fhir_systems import by_url
from codes.metering import Access, metered_by


@fhir
def metadata(request: HttpRequest) -> Resource:
    """Say what the server can do, or with ``mode=terminology`` which systems it holds."""
    base = f"{settings.SITE_URL}/fhir"
    today = timezone.localdate().isoformat()
    if request.GET.get("mode") == "terminology":
        return fhir_resources.terminology_capabilities(
            settings.SITE_NAME, base, today, concepts.served()
        )
    return fhir_resources.capability_statement(base, settings.SITE_NAME, today)


@fhir
def code_systems(request: HttpRequest) -> Resource:
    """Return the code systems, or the one with ``url``; two queries."""
    url = request.GET.get("url")
    wanted = by_url(url) if url else None
    found = [one for one in concepts.served() if not url or one.system == wanted]
    return fhir_resources.bundle(map(fhir_resources.code_system, found))


@fhir
def code_system(request: HttpRequest, system: str) -> Resource:
    """Return a code system without its codes; two queries."""
    return fhir_resources.code_system(concepts.served_as(system))


@fhir
def value_sets(request: HttpRequest) -> Resource:
    """Return the value sets of all codes of a system, or the one with ``url``; two queries."""
    url = request.GET.get("url")
    found = map(fhir_resources.value_set, concepts.served())
    return fhir_resources.bundle(one for one in found if not url or one["url"] == url)


@fhir
def value_set(request: HttpRequest, system: str) -> Resource:
    """Return the value set of all codes of a system; two queries."""
    return fhir_resources.value_set(concepts.served_as(system))


def _asked_code(request: Any, _arguments: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return whose page a look-up opens; one that is sent by POST opens none."""
    system = by_url(request.GET.get("system", ""))
    code = request.GET.get("code", "")[:40]
    return (system.slug, code) if system and "\x00" not in code else None


@metered_by(_asked_code, members_only=True)
@fhir
def lookup(request: HttpRequest) -> Resource:
    """Return a code: what is open to all, and what the asker's meter opens.

    Asked by GET with a token it counts as opening the code's page does, once a period; then the
    long descriptor and the inclusion terms are among the designations. Five queries at most.
    """
    asked = LookupForm(parameters_of(request)).asked()
    served = concepts.served_as(asked["system"].slug, version=asked["version"])
    meter = request.meter  # type: ignore[attr-defined]  # left by ViewQuotaMiddleware
    return concepts.looked_up(
        served,
        concepts.code_of(served, asked["code"]),
        properties=[name.strip() for name in asked["property"].split(",") if name.strip()],
        is_open=meter.access is Access.UNLOCKED,
    )


def _asked_display(request: Any, _arguments: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the code whose display is asked about; by POST only what is open to all counts."""
    if not request.GET.get("display"):
        return None
    system = by_url(request.GET.get("url") or request.GET.get("system", ""))
    code = request.GET.get("code", "")[:40]
    return (system.slug, code) if system and "\x00" not in code else None


@metered_by(_asked_display, members_only=True, charges=False)
@fhir
def validate_code(request: HttpRequest) -> Resource:
    """Say whether a code, and its display where one is sent, is right; five queries at most.

    It charges nobody, so a display is held against the names that are open to its asker: what a
    guess would confirm is else told to who has not opened the code.
    """
    asked = ValidateCodeForm(parameters_of(request)).asked()
    served = concepts.served_as(asked["system"].slug, version=asked["version"])
    meter = request.meter  # type: ignore[attr-defined]  # left by ViewQuotaMiddleware
    is_open = meter.access is Access.UNLOCKED
    return concepts.validated(served, asked["code"], asked["display"], is_open=is_open)


@fhir
def expand(request: HttpRequest) -> Resource:
    """Return a page of the codes of a value set: in printed order, or of a filter the best first.

    Five queries at most.
    """
    asked = ExpandForm(parameters_of(request)).asked()
    served = concepts.served_as(asked["url"].system.slug)
    page = concepts.page_of(
        served,
        below=asked["url"].below,
        text=asked["filter"],
        active_only=asked["activeOnly"],
        count=asked["count"],
        offset=asked["offset"] or 0,
    )
    echoed = [
        ("filter", "string", asked["filter"]),
        ("count", "integer", asked["count"]),
        ("offset", "integer", asked["offset"]),
        ("activeOnly", "boolean", asked["activeOnly"] or None),
        ("version", "uri", f"{served.system.url}|{served.version}"),
    ]
    return fhir_resources.expansion(
        parameters_of(request)["url"],
        identifier=f"urn:uuid:{uuid.uuid4()}",
        timestamp=timezone.now().isoformat(timespec="seconds"),
        total=page.total,
        offset=asked["offset"] or 0,
        asked=echoed,
        contains=page.contains,
    )


@fhir
def unknown(request: HttpRequest, rest: str = "") -> Resource:
    """Say what there is."""
    raise Refused(
        404, "not-supported", "There is no such resource or operation; see /fhir/metadata"
    )
