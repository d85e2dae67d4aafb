"""Limits against floods, by client address; the only place that knows django-ratelimit.

``REMOTE_ADDR`` is already the client's (casepilot_site/middleware.py). IPv6 clients are counted
by /64, since one client owns a whole one. The view meter is another thing and never uses this.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django_ratelimit import ALL
from django_ratelimit.core import get_usage

from casepilot_site.addresses import network_of

View = Callable[..., HttpResponseBase]


def limited(
    rate_setting: str, *, group: str, methods: tuple[str, ...] = ALL
) -> Callable[[View], View]:
    """Limit a view to the rate in ``settings.<rate_setting>``, such as ``60/m``.

    Every method counts unless ``methods`` names some: a HEAD costs as much as a GET. Above the
    rate the answer is 429 with ``Retry-After`` in seconds, and the view is not called.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            usage = get_usage(
                request,
                group=group,
                key=_client,
                rate=getattr(settings, rate_setting),
                method=methods,
                increment=True,
            )
            if usage and usage["should_limit"]:
                return too_many_requests(request, wait=usage["time_left"])
            return view(request, *args, **kwargs)

        return wrapper

    return decorate


def too_many_requests(request: HttpRequest, *, wait: int) -> HttpResponse:
    """Return the 429 page; ``wait`` in seconds."""
    response = render(request, "429.html", {"wait": max(1, wait)}, status=429)
    response["Retry-After"] = str(max(1, wait))
    response["Cache-Control"] = "no-store"
    return response


def _client(group: str, request: HttpRequest) -> str:
    return network_of(request.META.get("REMOTE_ADDR", ""))
