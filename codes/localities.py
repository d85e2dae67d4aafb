"""The Medicare locality that a reader chose last, kept in a cookie of its own.

It holds nothing personal and says nothing about what was read. A value that does not look like a
locality is passed over.
"""

import re
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict

PATTERN: Final = r"^[0-9A-Z]{5}-[0-9A-Z]{2}$"
"""``<MAC>-<number>``."""

_COOKIE: Final = "locality"
_SECONDS: Final = 365 * 24 * 60 * 60


def asked(request: HttpRequest) -> QueryDict:
    """Return what a request asks for, with the locality chosen last where it names none."""
    chosen = request.COOKIES.get(_COOKIE, "")
    if "locality" in request.GET or not re.fullmatch(PATTERN, chosen):
        return request.GET
    values = request.GET.copy()
    values["locality"] = chosen
    return values


def remember(response: HttpResponse, request: HttpRequest, locality: str) -> None:
    """Keep the locality that the request named for a year; forget it where it named none."""
    if "locality" not in request.GET:
        return
    if not locality:
        response.delete_cookie(_COOKIE, samesite="Lax")
        return
    response.set_cookie(
        _COOKIE,
        locality,
        max_age=_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
