"""Who is asking: a registered user, or a guest known by a cookie and by a network.

Of a guest the server keeps only keyed hashes: of the cookie, and of the network's address with a
random key that is deleted with its period.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from accounts.models import User
from casepilot_site.addresses import network_of

COOKIE_AGE = 40 * 24 * 60 * 60  # seconds; longer than the longest period
_TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who views, and what the views are charged to.

    ``quotas`` maps each bucket to its limit; the viewer's own is named ``key``.
    """

    key: str
    user_id: int | None
    quotas: Mapping[str, int]

    @property
    def limit(self) -> int:
        """Return how many views the viewer has in a period."""
        return self.quotas[self.key]


def signed_in(request: HttpRequest) -> User | None:
    """Return the user; no query without a session cookie or token, else at most two."""
    has_token = getattr(request, "has_token", False)  # accounts/bearer.py has found its owner
    if not has_token and settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    user = request.user
    return user if user.is_authenticated else None


def of_user(user: User) -> Viewer:
    """Return a registered user as a viewer; no query."""
    key = user_key(user)
    return Viewer(key, user.pk, {key: limit_of(user)})


def user_key(user: User) -> str:
    """Return what the user's grants and bucket are stored under."""
    return f"user:{user.pk}"


def limit_of(user: User) -> int:
    """Return the user's views in a period, leaving aside whether they count at all."""
    if user.view_limit is not None:
        return user.view_limit
    return int(settings.GUEST_VIEW_LIMIT + settings.REGISTERED_EXTRA_VIEWS)


def is_unlimited(user: User) -> bool:
    """Return whether the user's views are not counted."""
    return user.is_staff or user.unlimited_views


def of_guest(token: str, address: str, period: str) -> Viewer:
    """Return a guest as a viewer; one statement for a process's first guest in a period."""
    key = guest_key(token)
    network = network_bucket(address, period)
    return Viewer(
        key,
        None,
        {key: settings.GUEST_VIEW_LIMIT, network: settings.NETWORK_VIEW_LIMIT},
    )


def new_token() -> str:
    """Return the 128 random bits of a new guest as text."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def guest_token(request: HttpRequest) -> str | None:
    """Return what the guest's cookie holds; ``None`` without one or with a bad signature."""
    cookie = request.COOKIES.get(settings.GUEST_COOKIE_NAME, "")
    try:
        return _signer().unsign(cookie)
    except BadSignature:
        return None


def guest_key(token: str) -> str:
    """Return what a guest's grants and bucket are stored under: a keyed hash of the cookie."""
    digest = salted_hmac("accounts.viewer.guest_key", token, algorithm="sha256")
    return f"guest:{digest.hexdigest()}"


def set_cookie(response: HttpResponse, token: str) -> None:
    """Have the browser keep the guest's token."""
    response.set_cookie(
        settings.GUEST_COOKIE_NAME,
        _signer().sign(token),
        max_age=COOKIE_AGE,
        secure=settings.GUEST_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def network_bucket(address: str, period: str) -> str:
    """Return the bucket that the guests of one network share in a period."""
    digest = hmac.digest(network_key(period), network_of(address).encode(), hashlib.sha256)
    return f"network:{digest.hex()}"


@lru_cache(maxsize=1)
def network_key(period: str) -> bytes:
    """Return the random key of a period, made by whoever asks first; one statement a process."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_networkkey (period, key) VALUES (%s, %s)"
            " ON CONFLICT (period) DO UPDATE SET period = EXCLUDED.period RETURNING key",
            [period, secrets.token_bytes(32)],
        )
        (key,) = cursor.fetchone()
    return bytes(key)


def _signer() -> Signer:
    return Signer(salt="accounts.viewer.guest")
