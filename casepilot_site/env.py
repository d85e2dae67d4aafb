"""Strict readers of the environment: a typo is an error at start, never a silent default."""

import os
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_BOOLEANS = {"1": True, "true": True, "yes": True, "on": True}
_BOOLEANS |= {"0": False, "false": False, "no": False, "off": False}


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
    """Return a whole number of at least ``minimum``."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or int(value) < minimum:
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number from {minimum} up.")
    return int(value)


def listing(name: str, default: str = "") -> list[str]:
    """Return the parts of a comma-separated list, without empty ones."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    """Return one of ``allowed``."""
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value!r} is not one of {', '.join(allowed)}.")
    return value


def database(name: str) -> dict[str, Any]:
    """Return Django's settings for ``postgresql://user:password@host:port/name?option=value``.

    The host may be given as ``?host=/folder`` for a Unix socket, as libpq allows.
    """
    parts = urlsplit(text(name))
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(f"{name} must start with postgresql://; CasePilot needs it.")
    options = dict(parse_qsl(parts.query))
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
    parts = urlsplit(text(name, default))
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
