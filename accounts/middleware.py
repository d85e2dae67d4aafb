"""Counts the views of pages that are marked with ``@metered``, and gives each guest a cookie."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils.cache import patch_cache_control, patch_vary_headers

from accounts import quota, viewer
from accounts.periods import Period
from accounts.quota import Charge, Verdict
from accounts.viewer import Viewer
from codes.metering import Access, Meter, Metered

Handler = Callable[[HttpRequest], HttpResponse]

VARY = ("Cookie", "Sec-Fetch-Dest", "Sec-Purpose")
DELIVERED = (200, 304)

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Visit:
    """What one request for a metered page has caused so far."""

    token: str | None = None
    """What the cookie of a guest holds."""
    is_new: bool = False
    grant_id: int | None = None
    quotas: dict[str, int] = field(default_factory=dict)


class ViewQuotaMiddleware:
    """Charge a marked view before it runs, and leave ``request.meter`` for it.

    A guest's view costs one statement, a user's one beside session and user. What the meter does
    not grant, the view does not load. A view that was charged and not delivered is given back.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        visit: Visit | None = getattr(request, "visit", None)
        if visit is not None:
            _finish(visit, response)
        elif _is_first_page(request, response):
            _introduce(response)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Read the mark of the view; refuse to load a page before it is opened."""
        mark: Metered | None = getattr(view, "metered", None)
        if mark is None:
            return None
        visit = Visit()
        request.visit = visit  # type: ignore[attr-defined]  # read back in __call__
        if _is_speculative(request):
            return _refuse()
        meter = _meter(request, visit, mark, kwargs)
        request.meter = meter  # type: ignore[attr-defined]  # the promise of codes/metering.py
        return None


def _meter(request: HttpRequest, visit: Visit, mark: Metered, kwargs: dict[str, Any]) -> Meter:
    user = viewer.signed_in(request)
    closed = mark.members_only and user is None
    asked = mark.find(request, kwargs)
    if asked is None or closed or request.method != "GET" or not _is_document(request):
        return Meter(Access.LEAD, is_guest=user is None, counts=False)
    if user is not None and viewer.is_unlimited(user):
        return Meter(Access.UNLOCKED, is_guest=False, counts=False)
    period = quota.current_period()
    asking = viewer.of_user(user) if user is not None else _guest(request, visit, period)
    # With no view to spend, the statement says what is held already and writes nothing.
    quotas = asking.quotas if mark.charges else dict.fromkeys(asking.quotas, 0)
    charge = quota.charge(
        viewer=asking.key,
        user_id=asking.user_id,
        period=period.key,
        system=asked[0],
        code=asked[1],
        quotas=quotas,
    )
    visit.grant_id = charge.grant_id
    visit.quotas = dict(asking.quotas)
    return _reading(charge, asking, period)


def _guest(request: HttpRequest, visit: Visit, period: Period) -> Viewer:
    known = viewer.guest_token(request)
    visit.token = known or viewer.new_token()
    visit.is_new = known is None
    return viewer.of_guest(visit.token, request.META.get("REMOTE_ADDR", ""), period.key)


def _reading(charge: Charge, asking: Viewer, period: Period) -> Meter:
    is_guest = asking.user_id is None
    if charge.verdict is Verdict.MISSING:
        return Meter(Access.LEAD, is_guest=is_guest, counts=False)
    counted = Access.DESCRIBED if is_guest else Access.UNLOCKED
    if charge.verdict is Verdict.UNMETERED:
        return Meter(counted, is_guest=is_guest, counts=False)
    is_spent = charge.verdict is Verdict.SPENT
    return Meter(
        access=Access.LEAD if is_spent else counted,
        is_guest=is_guest,
        counts=True,
        used=charge.used,
        limit=asking.limit,
        extra=settings.REGISTERED_EXTRA_VIEWS if is_guest else 0,
        resets_at=period.ends,
        network_spent=is_spent and charge.spent != asking.key,
    )


def _finish(visit: Visit, response: HttpResponse) -> None:
    patch_vary_headers(response, VARY)
    if "no-store" not in response.get("Cache-Control", ""):
        response["Cache-Control"] = "private, no-cache"
    if visit.token is not None and (visit.is_new or visit.grant_id is not None):
        # Every counted view renews the cookie, so that it outlives the period that it counts in.
        viewer.set_cookie(response, visit.token)
    if visit.grant_id is not None and response.status_code not in DELIVERED:
        _give_back(visit.grant_id, visit.quotas)


def _give_back(grant_id: int, quotas: dict[str, int]) -> None:
    try:
        quota.give_back(grant_id, quotas)
    except (OperationalError, InterfaceError):
        # The page failed because the database is away; the answer that says so must go out. The
        # view stays counted, and opening the same page again is free.
        log.warning("view_not_given_back", grant=grant_id)


def _refuse() -> HttpResponse:
    """Answer a prefetch: Chromium keeps any success, and the click would not reach the meter."""
    response = HttpResponseForbidden("This page opens when you visit it.\n", "text/plain")
    response["Cache-Control"] = "no-store"
    return response


def _introduce(response: HttpResponse) -> None:
    """Make the reader a guest with a cookie, so that all tabs opened from here share one meter."""
    viewer.set_cookie(response, viewer.new_token())
    patch_vary_headers(response, ("Cookie",))
    if not response.has_header("Cache-Control"):
        patch_cache_control(response, private=True)


def _is_first_page(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        response.get("Content-Type", "").startswith("text/html")
        and (response.status_code < 300 or 400 <= response.status_code < 500)
        and not _is_cacheable(response)
        and request.method != "HEAD"
        and _is_document(request)
        and not _is_speculative(request)
        and viewer.guest_token(request) is None
        and viewer.signed_in(request) is None
    )


def _is_cacheable(response: HttpResponse) -> bool:
    control = response.get("Cache-Control", "")
    shared = any(word in control for word in ("public", "max-age=", "s-maxage="))
    return shared and "private" not in control


def _is_document(request: HttpRequest) -> bool:
    """Return whether a page is what the browser wants; old ones and programs do not say."""
    return str(request.META.get("HTTP_SEC_FETCH_DEST", "document")) == "document"


def _is_speculative(request: HttpRequest) -> bool:
    """Return whether the page is loaded in advance: prefetch, prerender, preview."""
    return any(map(request.META.get, ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ")))
