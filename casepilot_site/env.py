"""Strict readers of the environment: a typo is an error at start, never a silent default."""

import os
import re
from collections.abc import Mapping
from ipaddress import ip_network
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured

_BOOLEANS = {"1": True, "true": True, "yes": True, "on": True}
_BOOLEANS |= {"0": False, "false": False, "no": False, "off": False}
_RATE = re.compile(r"[1-9][0-9]{0,8}/([1-9][0-9]{0,4})?[smhd]")
LARGEST = 10**9  # two of them still fit the integers of the database


def text(name: str, default: str | None = None) -> str:
    """Return the variable; an unset one without a default is an error."""
    value = os.environ.get(name, "").strip() or default
    if value is None:
        raise ImproperlyConfigured(f"Set the environment variable {name} (see .env.example).")
    return value


def boolean(name: str, default: bool) -> bool:
    """Return a boolean written as 1/0, true/false, yes/no or on/off."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value not in _BOOLEANS:
        raise ImproperlyConfigured(f"{name}={value!r} is not a boolean: write 1 or 0.")
    return _BOOLEANS[value]


def integer(name: str, default: int, *, minimum: int = 0) -> int:
    """Return a whole number of at least ``minimum`` and at most ``LARGEST``."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not re.fullmatch("[0-9]{1,10}", value) or not minimum <= int(value) <= LARGEST:
        raise ImproperlyConfigured(
            f"{name}={value!r} is not a whole number from {minimum} up to {LARGEST}."
        )
    return int(value)


def listing(name: str, default: str = "") -> list[str]:
    """Return the parts of a comma-separated list, without empty ones."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    """Return one of ``allowed``, as it is spelled there; capitals do not matter."""
    value = text(name, default)
    for one in allowed:
        if value.lower() == one.lower():
            return one
    raise ImproperlyConfigured(f"{name}={value!r} is not one of {', '.join(allowed)}.")


def rate(name: str, default: str) -> str:
    """Return a rate of django-ratelimit: ``60/m``, or ``100/10m`` for a hundred in ten minutes."""
    value = text(name, default)
    if not _RATE.fullmatch(value):
        raise ImproperlyConfigured(
            f"{name}={value!r} is not a rate: write a count and a period (s, m, h, d), as in 60/m."
        )
    return value


def networks(name: str) -> list[str]:
    """Return a list of networks such as ``10.0.0.0/8``; an address alone is a network of one."""
    found = listing(name)
    for network in found:
        try:
            ip_network(network)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name}: {error}.") from None
    return found


def time_zone(name: str, default: str) -> str:
    """Return the name of a time zone that this machine knows."""
    value = text(name, default)
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):  # unknown, a path, a folder of zones
        raise ImproperlyConfigured(
            f"{name}={value!r} is not a time zone: write a name such as America/New_York."
        ) from None
    return value


def origin(name: str, default: str | None) -> str:
    """Return ``scheme://host:port`` of a website, in small letters, without a slash at the end."""
    value = text(name, default).rstrip("/").lower()
    parts = _url(name, value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        raise ImproperlyConfigured(f"{name}={value!r} is not an address: write https://host.")
    if value != f"{parts.scheme}://{parts.netloc}":
        raise ImproperlyConfigured(f"{name}={value!r} has a path: write https://host alone.")
    return value


def cache(name: str) -> str | None:
    """Return the address of a Redis server, or nothing for ``none``."""
    value = text(name, "none")
    if value == "none":
        return None
    if _url(name, value).scheme not in {"redis", "rediss", "unix"}:
        raise ImproperlyConfigured(
            f"{name}: write redis://host:port/0, rediss://, unix:// or none."
        )
    return value


def database(name: str) -> dict[str, Any]:
    """Return Django's settings for ``postgresql://user:password@host:port/name?option=value``.

    The host may be given as ``?host=/folder`` for a Unix socket, as libpq allows.
    """
    parts = _url(name, text(name))
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(f"{name} must start with postgresql://; CasePilot needs it.")
    options = dict(parse_qsl(parts.query))
    if not re.fullmatch("[0-9]{0,5}", options.get("port", "")):
        raise ImproperlyConfigured(f"{name}: the port is not a number.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or unquote(parts.hostname or ""),
        "PORT": options.pop("port", None) or str(parts.port or ""),
        "OPTIONS": options,
    }


def mail(name: str, default: str | None) -> Mapping[str, Any]:
    """Return the delivery settings of an ``EMAIL_URL``.

    ``smtp://``, ``smtp+tls://`` (STARTTLS) and ``smtps://`` with user, password, host and port;
    ``file:///folder`` writes each message into a file; ``console://`` prints it.
    """
    parts = _url(name, text(name, default))
    if parts.scheme == "file":
        return {"backend": "filebased.EmailBackend", "file_path": unquote(parts.path)}
    if parts.scheme == "console":
        return {"backend": "console.EmailBackend"}
    if parts.scheme not in {"smtp", "smtp+tls", "smtps"}:
        raise ImproperlyConfigured(f"{name}: write smtp://, smtp+tls://, smtps:// or file://.")
    return {
        "backend": "smtp.EmailBackend",
        "host": parts.hostname or "localhost",
        "port": parts.port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[parts.scheme],
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": parts.scheme == "smtp+tls",
        "use_ssl": parts.scheme == "smtps",
        "timeout": 20,
    }


def _url(name: str, value: str) -> SplitResult:
    """Return the parts of an address; the error repeats none of it, for it may hold a password."""
    try:
        parts = urlsplit(value)
        if parts.port != 0:  # an error if it is no number, or too large
            return parts
    except ValueError:
        pass  # and so not the cause of what is said instead
    raise ImproperlyConfigured(
        f"{name} cannot be read: the host or the port is wrong, or a special character of the"
        " password is not written as in %40."
    )
