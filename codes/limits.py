"""Limits against floods, by client address; the only place that knows django-ratelimit.

``REMOTE_ADDR`` is already the client's (casepilot_site/middleware.py). IPv6 clients are counted
by /64, since one client owns a whole one. The view meter is another thing and never uses this.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django_ratelimit import ALL
from django_ratelimit.core import get_usage

from casepilot_site.addresses import network_of
from casepilot_site.cache import AtomicDatabaseCache

View = Callable[..., HttpResponseBase]


Refusal = Callable[..., HttpResponse]


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
            wait = _wait(request, rate_setting, group=group, key=_client, methods=methods)
            if wait is not None:
                return too_many_requests(request, wait=wait)
            return view(request, *args, **kwargs)

        return wrapper

    return decorate


def limited_for_programs(*, group: str, refuse: Refusal) -> Callable[[View], View]:
    """Limit a view that programs ask: by address, or with a token by its user.

    The rates are ``RATELIMIT_API`` and ``RATELIMIT_API_TOKEN``. ``refuse`` makes the answer
    above the rate from the request and ``wait`` in seconds.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            rate, key = ("RATELIMIT_API", _client)
            if request.user.is_authenticated:
                rate, key = ("RATELIMIT_API_TOKEN", _user)
            wait = _wait(request, rate, group=group, key=key, methods=ALL)
            if wait is not None:
                return refuse(request, wait=wait)
            return view(request, *args, **kwargs)

        return wrapper

    return decorate


_PERIODS = {"s": "second", "m": "minute", "h": "hour", "d": "day"}


def in_words(rate: str) -> str:
    """Return a rate of the settings in words: ``120/m`` is “120 times a minute”."""
    count, _, period = rate.partition("/")
    number, unit = period[:-1], _PERIODS[period[-1]]
    return f"{count} times in {number} {unit}s" if number else f"{count} times a {unit}"


def _wait(
    request: HttpRequest,
    rate_setting: str,
    *,
    group: str,
    key: Callable[[str, HttpRequest], str],
    methods: tuple[str, ...],
) -> int | None:
    """Count the request; return how many seconds it has to wait, or ``None`` where it may go on."""
    usage = get_usage(
        request,
        group=group,
        key=key,
        rate=getattr(settings, rate_setting),
        method=methods,
        increment=True,
    )
    return max(1, usage["time_left"]) if usage and usage["should_limit"] else None


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much of something a client may do in a period, how much is used, when it begins anew.

    ``used`` is above ``limit`` where a request asked for more.
    """

    limit: int
    used: int
    resets_at: datetime

    @property
    def remaining(self) -> int:
        """Return how much is left."""
        return max(0, self.limit - self.used)

    @property
    def is_exceeded(self) -> bool:
        """Return whether more was asked for than there is."""
        return self.used > self.limit


def allowance(request: HttpRequest, rate: str, *, group: str, take: bool) -> Allowance:
    """Return the allowance of the user, or of the client's network for a guest.

    With ``take`` one is used up first, in one atomic step of the shared cache, and
    ``is_exceeded`` tells whether there was one left. Where limits are switched off
    (``RATELIMIT_ENABLE``) nothing is ever used up.
    """
    usage = get_usage(request, group=group, key=_user_or_client, rate=rate, increment=take)
    if usage is None:
        return Allowance(int(rate.partition("/")[0]), 0, timezone.now())
    resets_at = timezone.now() + timedelta(seconds=usage["time_left"])
    return Allowance(usage["limit"], usage["count"], resets_at)


def too_many_requests(request: HttpRequest, *, wait: int) -> HttpResponse:
    """Return the 429 page; ``wait`` in seconds."""
    response = render(request, "429.html", {"wait": max(1, wait)}, status=429)
    response["Retry-After"] = str(max(1, wait))
    response["Cache-Control"] = "no-store"
    return response


def purge() -> None:
    """Forget the counts of periods that have ended, where the cache does not do so by itself."""
    cache = caches["default"]
    if isinstance(cache, AtomicDatabaseCache):
        cache.purge()


def _client(group: str, request: HttpRequest) -> str:
    return network_of(request.META.get("REMOTE_ADDR", ""))


def _user(group: str, request: HttpRequest) -> str:
    return f"user:{request.user.pk}"


def _user_or_client(group: str, request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return f"user {request.user.pk}"
    return _client(group, request)
